use domain::Cursor;
use maud::{Markup, html};

use crate::request::Ask;

/// The way to the next page of a list, if there is one, and back to its beginning.
pub(crate) fn pager(ask: &Ask, page: &str, list: &str, next: Option<&Cursor>) -> Markup {
    let is_later = ask.query("after").is_some();
    let first = ask.to(&with_query(page, ask, None));
    let next = next.map(|next| ask.to(&with_query(page, ask, Some(&ask.office.host.cursor(list, next)))));
    html! {
        @if is_later || next.is_some() {
            nav.pager aria-label="Pages" {
                @if is_later { a.button href=(first) { "First page" } }
                @if let Some(next) = next { a.button rel="next" href=(next) { "Next page" } }
            }
        }
    }
}

/// A page with the query of this request, at another place of the list.
fn with_query(page: &str, ask: &Ask, after: Option<&str>) -> String {
    let kept = ask.queries().iter().filter(|(name, _)| name != "after" && name != "done");
    let kept = kept.map(|(name, value)| (name.as_str(), value.as_str()));
    address(page, kept.chain(after.map(|after| ("after", after))))
}

/// An address with these parameters.
pub(crate) fn address<'a>(page: &str, parameters: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let encode = |text| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC);
    let pairs: Vec<_> =
        parameters.into_iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    if pairs.is_empty() { page.to_owned() } else { format!("{page}?{}", pairs.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_of_an_address_are_encoded_r239() {
        assert_eq!(address("orders", []), "orders");
        assert_eq!(address("orders", [("q", "a&b é"), ("status", "placed")]), "orders?q=a%26b%20%C3%A9&status=placed");
    }
}
