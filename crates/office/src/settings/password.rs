use actix_web::HttpResponse;
use actix_web::http::header::{LOCATION, SET_COOKIE};
use application::Error;
use application::accounts::{LoginAttempt, NewPassword};
use domain::accounts::Password;
use maud::{Markup, html};

use super::SECTION;
use crate::act::{Done, after, mistyped};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, Field, dialog};
use crate::request::Staff;
use crate::session::cookie;

const PAGE: (&str, &str) = (SECTION, "Change my password");

/// Asks for the password of now, and another.
pub(crate) async fn form(staff: &Staff) -> Answer {
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &Form::default())))
}

/// Changes the password of the caller. Every login ends, and this browser is logged in again.
pub(crate) async fn change(staff: &Staff) -> Answer {
    let mut form = staff.form();
    let Some((current, new)) = typed(&mut form) else {
        return Ok(mistyped(staff, PAGE, &contents(staff, &form)));
    };
    let account_id = staff.visit.access.account_id;
    let change = NewPassword { account_id, current, new: new.clone(), address: staff.address };
    match staff.office.change_password.run(staff.claim(), &change, |()| Done).await {
        Ok(_) => log_in_again(staff, new).await,
        Err(error) => after(staff, Err(error), "", form, PAGE, |form| contents(staff, form)),
    }
}

fn typed(form: &mut Form) -> Option<(Password, Password)> {
    let current = form.required("current_password", |raw| Ok(Password::claimed(raw.to_owned())));
    let new = form.required("new_password", Password::parse);
    Some((current?, new?))
}

/// A session in place of the one that has ended with the password. If there is none, one logs in by hand.
async fn log_in_again(staff: &Staff, password: Password) -> Answer {
    let found = staff.office.queries.accounts.with_customer(staff.visit.access.account_id).await?;
    let account = found.ok_or(Error::NotFound("account"))?.account;
    let attempt = LoginAttempt {
        username: account.username.as_str().to_owned(),
        password,
        address: staff.address,
        request_id: staff.request_id.clone(),
    };
    let mut response = HttpResponse::SeeOther();
    match staff.office.login.enter(&attempt, staff.agent()).await {
        Ok(secret) => {
            response.insert_header((SET_COOKIE, cookie::kept(&secret, staff.is_https)));
            response.insert_header((LOCATION, staff.to("settings?done=password")));
        }
        Err(_) => {
            response.insert_header((LOCATION, staff.to("login")));
        }
    }
    Ok(response.finish())
}

fn contents(staff: &Staff, form: &Form) -> Markup {
    let place = Dialog {
        title: PAGE.1.to_owned(),
        action: "settings/password".to_owned(),
        back: "settings".to_owned(),
        button: "Change it",
        is_final: false,
    };
    dialog(
        staff,
        form,
        &place,
        &html! {
            (Field::text(form, "current_password", "Current password").kind("password").fills("current-password")
                .required().focused())
            (Field::text(form, "new_password", "New password").kind("password").fills("new-password").max(Password::MAX)
                .required().hint("12 to 72 bytes: a plain letter or digit is 1, others such as ä are 2 to 4."))
            p.faint { "Every other login ends, and every token." }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_new_password_has_rules_and_the_current_one_is_only_compared_r1() {
        let mut form = Form::showing([("current_password", "short"), ("new_password", "short")]);
        assert!(typed(&mut form).is_none());
        assert_eq!(form.fault("current_password"), None);
        assert!(form.fault("new_password").unwrap().contains("12 to 72"));
    }
}
