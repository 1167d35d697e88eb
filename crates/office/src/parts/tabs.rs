use maud::{Markup, html};

use super::address;
use crate::request::Ask;

/// The tabs of a list that show one status each, as its label and its word in the query; the empty word shows all. `kept`
/// are other parameters of the list that stay.
pub(crate) fn status_tabs(ask: &Ask, page: &str, tabs: &[(&str, &str)], kept: &[&str]) -> Markup {
    let here = ask.query("status").unwrap_or_default();
    html! {
        @for (label, status) in tabs {
            @let to = address(page, (!status.is_empty()).then_some(("status", *status)).into_iter().chain(ask.queries_of(kept)));
            a href=(ask.to(&to)) aria-current=[(*status == here).then_some("page")] { (label) }
        }
    }
}
