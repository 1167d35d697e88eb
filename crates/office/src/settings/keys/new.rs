use application::access::Attempted;
use application::keys::CreateKey;
use domain::keys::{ApiKey, KeyDetails, KeyName, NewSecret};
use domain::pricing::Calendar;
use domain::{Code, Invalid, UtcDateTime, Uuid, parse_day};
use maud::{Markup, html};

use super::{LIST_PAGE, SECTION, secret};
use crate::act::{after, mistyped};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, Field, dialog};
use crate::request::Staff;
use crate::settings::scopes;

const PAGE: (&str, &str) = (SECTION, "New API key");

/// Asks for a new key.
pub(crate) async fn form(staff: &Staff) -> Answer {
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &Form::default())))
}

/// Makes a key, and shows its secret.
pub(crate) async fn create(staff: &Staff) -> Answer {
    let mut form = staff.form();
    let Some(details) = details(&mut form, staff.office.calendar.as_ref()) else {
        return Ok(mistyped(staff, PAGE, &contents(staff, &form)));
    };
    let name = details.name.to_string();
    let NewSecret { secret: fresh, claim } = staff.office.key_secrets.fresh();
    let attempted = Attempted::new::<CreateKey, ApiKey>(Uuid::nil());
    match secret::give(staff, attempted, CreateKey { details, claim }, fresh).await {
        Ok(given) => Ok(secret::show(staff, &name, given.as_deref())),
        Err(error) => after(staff, Err(error), LIST_PAGE, form, PAGE, |form| contents(staff, form)),
    }
}

fn details(form: &mut Form, calendar: &dyn Calendar) -> Option<KeyDetails> {
    let name = form.required("name", KeyName::parse);
    let scopes = scopes::typed(form);
    let expires_at = end(form, calendar);
    Some(KeyDetails { name: name?, scopes: scopes?, expires_at: expires_at? })
}

/// When the key ends: `Some(None)` after the usual time, a year; `Some(Some(None))` never; otherwise at the end of the
/// typed day. `None` if a field is refused.
fn end(form: &mut Form, calendar: &dyn Calendar) -> Option<Option<Option<UtcDateTime>>> {
    let day = form.optional(KeyDetails::EXPIRES_AT, parse_day)?;
    match (form.text("never").is_some(), day) {
        (true, Some(_)) => {
            form.refuse(KeyDetails::EXPIRES_AT, Invalid::new(Code::Excluded, "must be empty if the key never ends"))
        }
        (true, None) => Some(Some(None)),
        (false, Some(day)) => Some(day.next_day().map(|next| Some(calendar.begin(next)))),
        (false, None) => Some(None),
    }
}

fn contents(staff: &Staff, form: &Form) -> Markup {
    let place = Dialog {
        title: PAGE.1.to_owned(),
        action: format!("{LIST_PAGE}/new"),
        back: LIST_PAGE.to_owned(),
        button: "Make the key",
        is_final: false,
    };
    dialog(
        staff,
        form,
        &place,
        &html! {
            (Field::text(form, "name", "Name").max(KeyName::MAX).required().focused()
                .hint("The program that gets it, such as ERP."))
            (scopes::boxes(staff, form, None))
            (Field::text(form, KeyDetails::EXPIRES_AT, "Last day").kind("date").hint("Empty: it ends in a year."))
            div.field {
                label.check {
                    input type="checkbox" name="never" value="true" checked[form.text("never").is_some()];
                    "It never ends. Look after it."
                }
            }
        },
    )
}

#[cfg(test)]
mod tests {
    use domain::pricing::Utc;

    use super::*;

    fn typed(expires_at: &str, never: &str) -> Result<Option<Option<String>>, String> {
        let mut form = Form::showing([("expires_at", expires_at), ("never", never)]);
        match end(&mut form, &Utc) {
            Some(end) => Ok(end.map(|end| end.map(|at| at.date().to_string()))),
            None => Err(form.fault("expires_at").unwrap().to_owned()),
        }
    }

    #[test]
    fn a_key_ends_in_a_year_or_with_a_day_or_never_r258() {
        assert_eq!(typed("", ""), Ok(None));
        assert_eq!(typed("", "true"), Ok(Some(None)));
        assert_eq!(typed("2026-12-31", ""), Ok(Some(Some("2027-01-01".into()))), "with the end of its last day");
        assert!(typed("2026-12-31", "true").unwrap_err().contains("must be empty"));
        assert!(typed("tomorrow", "").unwrap_err().contains("2026-01-31"));
    }
}
