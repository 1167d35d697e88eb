use maud::{Markup, html};

use super::address;
use crate::request::Ask;

/// The field that finds rows of a list. A script asks for them while somebody types. `kept` are other parameters of the
/// list that stay.
pub(crate) fn finder(ask: &Ask, page: &str, label: &str, placeholder: &str, kept: &[&str]) -> Markup {
    finder_with(ask, page, label, placeholder, kept, &html! {})
}

/// [`finder`] with further fields, which narrow or sort the list.
pub(crate) fn finder_with(
    ask: &Ask,
    page: &str,
    label: &str,
    placeholder: &str,
    kept: &[&str],
    fields: &Markup,
) -> Markup {
    let has_fields = !fields.0.is_empty();
    html! {
        form.find.fields[has_fields] role="search" action=(ask.to(page)) aria-label=(label) {
            @for name in kept {
                @if let Some(value) = ask.query(name) { input type="hidden" name=(name) value=(value); }
            }
            input type="search" name="q" value=[ask.query("q")] aria-label=(label) placeholder=(placeholder)
                hx-get=(ask.to(page)) hx-include="closest form" hx-trigger="input changed delay:150ms, search"
                hx-target="#list" hx-swap="outerHTML" hx-push-url="true" hx-sync="this:replace";
            (fields)
            button { "Find" }
        }
    }
}

/// A link to the search that was probably meant.
pub(crate) fn did_you_mean(ask: &Ask, page: &str, meant: Option<&str>) -> Markup {
    let kept = ask.queries().iter().filter(|(name, _)| !["q", "after", Ask::BY_ITSELF].contains(&name.as_str()));
    let kept = kept.map(|(name, value)| (name.as_str(), value.as_str()));
    html! {
        @if let Some(meant) = meant {
            " Did you mean " a href=(ask.to(&address(page, kept.chain([("q", meant)])))) { (meant) } "?"
        }
    }
}
