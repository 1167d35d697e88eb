use application::Error;
use application::keys::DeleteKey;
use domain::keys::ApiKey;
use maud::{Markup, html};

use super::{LIST_PAGE, SECTION, asked};
use crate::act::{after, once, redirect};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, dialog, time};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "Delete API key");

/// Asks whether a key ends.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let key = asked(staff).await?;
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &key, &Form::default())))
}

/// Ends a key at once.
pub(crate) async fn delete(staff: &Staff) -> Answer {
    let key = match asked(staff).await {
        // It is gone, as was wanted.
        Err(Error::NotFound(_)) => return Ok(redirect(staff, &format!("{LIST_PAGE}?done=deleted"))),
        found => found?,
    };
    let deleted = once(staff, DeleteKey { id: key.id, expected: None }).await;
    let (then, form) = (format!("{LIST_PAGE}?done=deleted"), staff.form());
    after(staff, deleted, &then, form, PAGE, |form| contents(staff, &key, form))
}

fn contents(staff: &Staff, key: &ApiKey, form: &Form) -> Markup {
    let place = Dialog {
        title: format!("Delete the key {}", key.name),
        action: format!("{LIST_PAGE}/{}/delete", key.id),
        back: LIST_PAGE.to_owned(),
        button: "Delete the key",
        is_final: true,
    };
    dialog(
        staff,
        form,
        &place,
        &html! {
            ul {
                li { "The program that uses it is refused from now on. This cannot be undone." }
                @if let Some(at) = key.last_used_at { li { "It was used last on " (time(staff, at)) "." } }
                li { "What it did stays in the audit log." }
            }
        },
    )
}
