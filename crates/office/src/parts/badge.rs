use maud::{Markup, html};

/// A status as a word on a colour. The word alone says it.
pub(crate) fn badge(status: &str) -> Markup {
    html! { span.badge data-is=(status) { (status.replace('_', " ")) } }
}
