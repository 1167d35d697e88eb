use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue, LOCATION, SET_COOKIE, WWW_AUTHENTICATE};
use application::Error;
use application::accounts::LoginAttempt;
use domain::accounts::Password;
use maud::{Markup, html};

use super::{cookie, resume};
use crate::form::Form;
use crate::layout::{bare, respond};
use crate::origin::is_safe;
use crate::page::Answer;
use crate::parts::{Field, address, alert};
use crate::request::Ask;

/// The page to log in on.
#[expect(clippy::unused_async, reason = "it is called as all pages are")]
pub(crate) async fn show(ask: &Ask) -> Answer {
    let form = Form::showing([("to", ask.query("to").unwrap_or_default())]);
    Ok(respond(StatusCode::OK, contents(ask, &form, None)))
}

/// The response to a request without a session: the login page, instead of the requested one.
pub(crate) fn instead(ask: &Ask) -> HttpResponse {
    if is_safe(&ask.page.method) {
        let login = ask.to(&address("login", asked_for(ask).as_deref().map(|to| ("to", to))));
        // In the place of a part of a page, htmx would show the page to log in on. So it is asked to open that.
        if ask.wants_part() {
            return HttpResponse::Unauthorized().insert_header((OPENS, login)).finish();
        }
        return HttpResponse::SeeOther().insert_header((LOCATION, login)).finish();
    }
    let login = contents(ask, &resume::kept(ask), Some(resume::message(ask)));
    let mut response = respond(StatusCode::UNAUTHORIZED, login);
    // By this, scripts know an ended session from a password that was wrong.
    response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Cookie realm=\"office\""));
    response
}

/// The header by which htmx opens a page.
const OPENS: HeaderName = HeaderName::from_static("hx-redirect");

/// The requested page, relative to the office; `None` for the first page. For a request that a page has made by itself,
/// it is the page without its query.
fn asked_for(ask: &Ask) -> Option<String> {
    let path = ask.path.strip_prefix(crate::ROOT).unwrap_or_default();
    let asked = if ask.is_by_itself() || ask.raw_query.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", ask.raw_query)
    };
    (!asked.is_empty()).then_some(asked)
}

/// Logs somebody in.
pub(crate) async fn log_in(ask: &Ask) -> Answer {
    let form = ask.form();
    let attempt = LoginAttempt {
        username: form.text("username").unwrap_or_default().to_owned(),
        password: Password::claimed(form.text("password").unwrap_or_default().to_owned()),
        address: ask.address,
        request_id: ask.request_id.clone(),
    };
    let (status, message) = match ask.office.login.enter(&attempt, ask.agent()).await {
        Ok(secret) => {
            // A page of the office, and nothing else: an address of another site would follow a login here.
            let to = form.text("to").filter(|to| is_page(to)).unwrap_or_default();
            let mut response = match resume::question(ask, to, &form) {
                Some(question) => respond(StatusCode::OK, question),
                None => HttpResponse::SeeOther().insert_header((LOCATION, ask.to(to))).finish(),
            };
            let cookie = cookie::kept(&secret, ask.is_https);
            let cookie = HeaderValue::from_str(&cookie).map_err(|error| Error::Internal(error.into()))?;
            response.headers_mut().insert(SET_COOKIE, cookie);
            return Ok(response);
        }
        Err(Error::Unauthenticated(_)) => {
            (StatusCode::UNAUTHORIZED, "The user name or the password is wrong.".to_owned())
        }
        Err(Error::Forbidden) => (
            StatusCode::FORBIDDEN,
            "This is the account of a customer. The office is for people who work here.".to_owned(),
        ),
        Err(Error::TooMany { retry_after }) => (
            StatusCode::TOO_MANY_REQUESTS,
            format!("Too many failed attempts. Try again in {} minutes.", retry_after.as_secs().div_ceil(60).max(1)),
        ),
        Err(error) => return Err(error),
    };
    Ok(respond(status, contents(ask, &form, Some(&message))))
}

/// Whether a text is the address of a page, relative to the office: no other host, no other folder.
pub(super) fn is_page(to: &str) -> bool {
    let path = to.split(['?', '#']).next().unwrap_or_default();
    path.starts_with(|c: char| c.is_ascii_lowercase())
        && !path.contains(':')
        && !path.contains("//")
        && !path.split('/').any(|part| part == "..")
        && to.chars().all(|c| c.is_ascii_graphic() && c != '\\')
}

/// `message` says why one is here again. The focus stays in the field of the name.
fn contents(ask: &Ask, form: &Form, message: Option<&str>) -> Markup {
    bare(
        &ask.path,
        "Log in",
        &html! {
            section.card.login {
                h1 { (ask.office.shop_name) }
                @if let Some(message) = message { (alert(message)) }
                form method="post" action=(ask.to("login")) hx-boost="false" {
                    @if let Some(to) = form.text("to") { input type="hidden" name="to" value=(to); }
                    @for (name, value) in resume::fields(form) { input type="hidden" name=(name) value=(value); }
                    (Field::text(form, "username", "User name or email address").fills("username").required().focused())
                    (Field::text(form, "password", "Password").kind("password").fills("current-password").required())
                    div.actions { button.main { "Log in" } }
                }
            }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_leads_to_a_page_of_the_office_alone_r236() {
        for page in ["orders", "orders?status=placed&q=a%20b", "orders/0192?done=x", "settings/sessions"] {
            assert!(is_page(page), "{page}");
        }
        for other in [
            "",
            "//evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/docs",
            "../docs",
            "a/../../docs",
            "a\\b",
            "a//b",
            "é",
        ] {
            assert!(!is_page(other), "{other}");
        }
    }
}
