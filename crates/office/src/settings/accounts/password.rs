use application::access::Attempted;
use application::accounts::UpdateAccount;
use domain::accounts::{Account, AccountChange, Password};
use maud::{Markup, html};

use super::{LIST_PAGE, SECTION, asked};
use crate::act::{after, granting, mistyped};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, Field, dialog};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "Set password");

/// Asks for another password for an account.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let account = asked(staff).await?.account;
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &account, &Form::default())))
}

/// Sets the password of an account.
pub(crate) async fn set(staff: &Staff) -> Answer {
    let account = asked(staff).await?.account;
    let mut form = staff.form();
    let Some(password) = form.required("password", Password::parse) else {
        return Ok(mistyped(staff, PAGE, &contents(staff, &account, &form)));
    };
    let password_hash = Some(staff.office.hasher.hash(&password).await?);
    let change = AccountChange { password_hash, ..AccountChange::default() };
    let attempted = Attempted::new::<UpdateAccount, Account>(account.id.0);
    let set = granting(staff, attempted, UpdateAccount { id: account.id, change, expected: None }).await;
    let then = format!("{LIST_PAGE}?done=saved");
    after(staff, set, &then, form, PAGE, |form| contents(staff, &account, form))
}

fn contents(staff: &Staff, account: &Account, form: &Form) -> Markup {
    let place = Dialog {
        title: format!("Set the password of {}", account.username.as_str()),
        action: format!("{LIST_PAGE}/{}/password", account.id),
        back: LIST_PAGE.to_owned(),
        button: "Set password",
        is_final: false,
    };
    dialog(
        staff,
        form,
        &place,
        &html! {
            (Field::text(form, "password", "New password").kind("password").fills("new-password").max(Password::MAX)
                .required().focused().hint("12 to 72 bytes: a plain letter or digit is 1, others such as ä are 2 to 4."))
            p.faint { "It ends every login of the account." }
        },
    )
}
