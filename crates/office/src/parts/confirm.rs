use maud::{Markup, html};

use crate::form::Form;
use crate::parts::problems;
use crate::request::Ask;

/// A form for one action. It is a page with an address of its own, which scripts show as a dialog.
pub(crate) struct Dialog<'a> {
    /// What it asks, such as `Ship order 7F3K`.
    pub(crate) title: String,
    /// Where it is sent, relative to `/office/`.
    pub(crate) action: String,
    /// Where it leads without being sent, relative to `/office/`.
    pub(crate) back: String,
    /// What its button says.
    pub(crate) button: &'a str,
    /// Whether its button is red, because it cannot be undone.
    pub(crate) is_final: bool,
}

/// The hidden field with the key of the form, so that it acts once even if it is sent twice.
pub(crate) fn key(ask: &Ask, form: &Form) -> Markup {
    let key = form.text(Form::KEY).map_or_else(|| ask.office.ids.next().to_string(), ToOwned::to_owned);
    html! { input type="hidden" name=(Form::KEY) value=(key); }
}

/// A form for one action with these fields.
pub(crate) fn dialog(ask: &Ask, form: &Form, dialog: &Dialog<'_>, fields: &Markup) -> Markup {
    html! {
        section.card.dialog data-dialog {
            h1 { (dialog.title) }
            (problems(form))
            form method="post" action=(ask.to(&dialog.action)) {
                (key(ask, form))
                @for (name, value) in form.memory() { input type="hidden" name=(name) value=(value); }
                (fields)
                div.actions {
                    a.button href=(ask.to(&dialog.back)) data-closes { "Not now" }
                    button.main.danger[dialog.is_final] { (dialog.button) }
                }
            }
        }
    }
}
