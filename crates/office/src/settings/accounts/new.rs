use application::access::Attempted;
use application::accounts::CreateAccount;
use domain::Uuid;
use domain::access::Scopes;
use domain::accounts::{Account, Password, Username};
use domain::roles::Role;
use maud::{Markup, html};

use super::{LIST_PAGE, SECTION, explained, options, roles};
use crate::act::{after, granting, mistyped};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, Field, dialog};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "New account");

/// Asks for a new account of somebody who works here.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let roles = roles(staff, None).await?;
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &roles, &Form::default())))
}

/// Creates an account.
pub(crate) async fn create(staff: &Staff) -> Answer {
    let roles = roles(staff, None).await?;
    let mut form = staff.form();
    let Some((username, password, role)) = typed(&mut form) else {
        return Ok(mistyped(staff, PAGE, &contents(staff, &roles, &form)));
    };
    let password_hash = staff.office.hasher.hash(&password).await?;
    let create = CreateAccount { customer_id: None, username, password_hash, role };
    let attempted = Attempted::new::<CreateAccount, Account>(Uuid::nil());
    let created = granting(staff, attempted, create).await;
    let then = format!("{LIST_PAGE}?done=created");
    after(staff, created, &then, form, PAGE, |form| contents(staff, &roles, form))
}

fn typed(form: &mut Form) -> Option<(Username, Password, Role)> {
    let username = form.required("username", |raw| Username::parse(raw.trim()));
    let password = form.required("password", Password::parse);
    let role = form.required("role", Role::parse);
    Some((username?, password?, role?))
}

fn contents(staff: &Staff, roles: &[(Role, Scopes)], form: &Form) -> Markup {
    let place = Dialog {
        title: PAGE.1.to_owned(),
        action: format!("{LIST_PAGE}/new"),
        back: LIST_PAGE.to_owned(),
        button: "Create",
        is_final: false,
    };
    let options: Vec<_> = [("", "Choose")].into_iter().chain(options(roles)).collect();
    dialog(
        staff,
        form,
        &place,
        &html! {
            (Field::text(form, "username", "User name").max(Username::MAX).required().focused())
            (Field::text(form, "password", "Password").kind("password").fills("new-password").max(Password::MAX).required()
                .hint("12 to 72 bytes: a plain letter or digit is 1, others such as ä are 2 to 4. Tell it to the person, who can change it."))
            (Field::choice(form, "role", "Role", &options))
            (explained(roles))
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_of_an_account_that_is_refused_says_so_r249_r256() {
        let mut form = Form::showing([("username", "a b"), ("password", "short"), ("role", "boss of all")]);
        assert!(typed(&mut form).is_none());
        for field in ["username", "password", "role"] {
            assert!(form.fault(field).is_some(), "{field}");
        }
        let mut good = Form::showing([("username", " Bea "), ("password", "a-long-password"), ("role", "clerk")]);
        let (username, _, role) = typed(&mut good).unwrap();
        assert_eq!((username.as_str(), role), ("bea", Role::Clerk));
    }
}
