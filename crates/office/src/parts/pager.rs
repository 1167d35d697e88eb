use domain::Cursor;
use maud::{Markup, html};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::chosen::CHOOSE;
use crate::request::Ask;

/// The parameter with an order that was just shipped together with others.
pub(crate) const SHIPPED: &str = "shipped";

/// What is encoded in a query: all but the unreserved characters of RFC 3986.
const RESERVED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The links to the next page of a list, if there is one, and back to the first page.
pub(crate) fn pager(ask: &Ask, page: &str, list: &str, next: Option<&Cursor>) -> Markup {
    // A page may have several lists, and the place is that of one of them.
    let is_later = ask.place().is_some_and(|place| ask.office.host.read_cursor(list, place).is_some());
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

/// The link to the export of all rows that the list finds.
pub(crate) fn download(ask: &Ask, file: &str) -> Markup {
    html! {
        p.download { a href=(ask.to(&with_query(file, ask, None))) hx-boost="false" { "Download them all as a file" } }
    }
}

/// A page with the query of this request, at another place of the list.
pub(super) fn with_query(page: &str, ask: &Ask, after: Option<&str>) -> String {
    const NOT_KEPT: [&str; 7] = ["after", Ask::HERE, "id", CHOOSE, "done", SHIPPED, Ask::BY_ITSELF];
    let kept = ask.queries().iter().filter(|(name, _)| !NOT_KEPT.contains(&name.as_str()));
    let kept = kept.map(|(name, value)| (name.as_str(), value.as_str()));
    address(page, kept.chain(after.map(|after| ("after", after))))
}

/// An address with these parameters.
pub(crate) fn address<'a>(page: &str, parameters: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let encode = |text| utf8_percent_encode(text, &RESERVED);
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
        assert_eq!(
            address("orders", [("sort", "placed_at-~."), ("q", "a/b=+")]),
            "orders?sort=placed_at-~.&q=a%2Fb%3D%2B"
        );
    }
}
