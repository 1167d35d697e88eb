use application::Error;
use application::access::Attempted;
use application::keys::UpdateKey;
use domain::keys::{ApiKey, KeyName};
use maud::{Markup, html};

use super::{LIST_PAGE, SECTION, asked};
use crate::act::{after, granting, mistyped, outdated};
use crate::form::{Form, Held};
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, Field, dialog};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "Rename API key");

/// Asks for another name for a key.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let key = asked(staff).await?;
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &key, &Form::filled(key.version, &held(&key)))))
}

/// Renames a key.
pub(crate) async fn rename(staff: &Staff) -> Answer {
    let key = asked(staff).await?;
    let mut form = staff.form();
    let Some(name) = form.required("name", KeyName::parse) else {
        return Ok(mistyped(staff, PAGE, &contents(staff, &key, &form)));
    };
    let update = UpdateKey { id: key.id, name: Some(name), expected: form.expected() };
    match granting(staff, Attempted::new::<UpdateKey, ApiKey>(key.id.0), update).await {
        Err(Error::Stale(_)) => {
            let now = asked(staff).await?;
            Ok(outdated(staff, form, (now.version, &held(&now)), PAGE, |form| contents(staff, &now, form)))
        }
        renamed => {
            let then = format!("{LIST_PAGE}?done=saved");
            after(staff, renamed, &then, form, PAGE, |form| contents(staff, &key, form))
        }
    }
}

fn held(key: &ApiKey) -> Vec<Held> {
    vec![("name", key.name.to_string())]
}

fn contents(staff: &Staff, key: &ApiKey, form: &Form) -> Markup {
    let place = Dialog {
        title: format!("Rename the key {}", key.name),
        action: format!("{LIST_PAGE}/{}/rename", key.id),
        back: LIST_PAGE.to_owned(),
        button: "Save",
        is_final: false,
    };
    dialog(
        staff,
        form,
        &place,
        &html! {
            (Field::text(form, "name", "Name").max(KeyName::MAX).required().focused())
            p.faint { "What it may do stays: a program that needs more gets another key." }
        },
    )
}
