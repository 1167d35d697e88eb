use application::Error;
use application::access::Attempted;
use application::accounts::UpdateAccount;
use domain::access::Scopes;
use domain::accounts::{Account, AccountChange, Username};
use domain::roles::Role;
use domain::{Code, Invalid};
use maud::{Markup, html};

use super::{LIST_PAGE, SECTION, asked, options, roles};
use crate::act::{after, granting, mistyped, outdated};
use crate::form::{Form, Held};
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, Field, dialog};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "Edit account");

const ACTIVE: [(&str, &str); 2] = [("true", "Active"), ("false", "Deactivated: cannot log in")];

/// Shows an account, to be changed.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let account = asked(staff).await?.account;
    let roles = roles(staff, Some(&account)).await?;
    let form = Form::filled(account.version, &held(&account));
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &account, &roles, &form)))
}

/// Changes an account.
pub(crate) async fn edit(staff: &Staff) -> Answer {
    let account = asked(staff).await?.account;
    let roles = roles(staff, Some(&account)).await?;
    let mut form = staff.form();
    let Some(change) = change(&mut form) else {
        return Ok(mistyped(staff, PAGE, &contents(staff, &account, &roles, &form)));
    };
    let update = UpdateAccount { id: account.id, change, expected: form.expected() };
    let attempted = Attempted::new::<UpdateAccount, Account>(account.id.0);
    match granting(staff, attempted, update).await {
        Err(Error::Stale(_)) => {
            let now = asked(staff).await?.account;
            Ok(outdated(staff, form, (now.version, &held(&now)), PAGE, |form| contents(staff, &now, &roles, form)))
        }
        edited => {
            let then = format!("{LIST_PAGE}?done=saved");
            after(staff, edited, &then, form, PAGE, |form| contents(staff, &account, &roles, form))
        }
    }
}

fn held(account: &Account) -> Vec<Held> {
    vec![
        ("username", account.username.as_str().to_owned()),
        ("role", account.role.as_str().to_owned()),
        ("active", account.active.to_string()),
    ]
}

fn change(form: &mut Form) -> Option<AccountChange> {
    let username = form.required("username", |raw| Username::parse(raw.trim()));
    let role = form.required("role", Role::parse);
    let yes_or_no = || Invalid::new(Code::NotAllowed, "must be one of: true, false");
    let active = form.required("active", |raw| raw.parse().map_err(|_| yes_or_no()));
    Some(AccountChange { username: Some(username?), password_hash: None, role: Some(role?), active: Some(active?) })
}

fn contents(staff: &Staff, account: &Account, roles: &[(Role, Scopes)], form: &Form) -> Markup {
    let place = Dialog {
        title: format!("Edit account {}", account.username.as_str()),
        action: format!("{LIST_PAGE}/{}/edit", account.id),
        back: LIST_PAGE.to_owned(),
        button: "Save",
        is_final: false,
    };
    dialog(
        staff,
        form,
        &place,
        &html! {
            (Field::text(form, "username", "User name").max(Username::MAX).required().focused())
            (Field::choice(form, "role", "Role", &options(roles)))
            (Field::choice(form, "active", "Status", &ACTIVE))
            p.faint { "Another role or status ends every login of the account." }
        },
    )
}
