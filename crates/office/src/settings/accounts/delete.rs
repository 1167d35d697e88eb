use application::access::Attempted;
use application::accounts::DeleteAccount;
use domain::accounts::Account;
use maud::{Markup, html};

use super::{LIST_PAGE, SECTION, asked};
use crate::act::{after, granting};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, dialog};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "Delete account");

/// Asks whether an account is deleted.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let account = asked(staff).await?.account;
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &account, &Form::default())))
}

/// Deletes an account.
pub(crate) async fn delete(staff: &Staff) -> Answer {
    let account = asked(staff).await?.account;
    let attempted = Attempted::new::<DeleteAccount, Account>(account.id.0);
    let deleted = granting(staff, attempted, DeleteAccount { id: account.id, expected: None }).await;
    let (then, form) = (format!("{LIST_PAGE}?done=deleted"), staff.form());
    after(staff, deleted, &then, form, PAGE, |form| contents(staff, &account, form))
}

fn contents(staff: &Staff, account: &Account, form: &Form) -> Markup {
    let place = Dialog {
        title: format!("Delete account {}", account.username.as_str()),
        action: format!("{LIST_PAGE}/{}/delete", account.id),
        back: LIST_PAGE.to_owned(),
        button: "Delete the account",
        is_final: true,
    };
    dialog(
        staff,
        form,
        &place,
        &html! {
            ul {
                li { "Every login of the account ends, and nobody can log in with it." }
                @if account.customer_id.is_some() { li { "The customer stays, with all orders." } }
                li { "API keys that it has made stay. Look at them." }
                li { "This cannot be undone." }
            }
        },
    )
}
