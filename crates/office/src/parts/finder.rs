use maud::{Markup, html};

use crate::request::Ask;

/// The field that finds rows of a list. A script asks for them while somebody types. `kept` are other parameters of the
/// list that stay.
pub(crate) fn finder(ask: &Ask, page: &str, label: &str, placeholder: &str, kept: &[&str]) -> Markup {
    html! {
        form.find role="search" action=(ask.to(page)) aria-label=(label) {
            @for name in kept {
                @if let Some(value) = ask.query(name) { input type="hidden" name=(name) value=(value); }
            }
            input type="search" name="q" value=[ask.query("q")] aria-label=(label) placeholder=(placeholder)
                hx-get=(ask.to(page)) hx-include="closest form" hx-trigger="input changed delay:150ms, search"
                hx-target="#list" hx-swap="outerHTML" hx-push-url="true";
            button { "Find" }
        }
    }
}
