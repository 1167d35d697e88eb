//! Products.

mod attributes;
pub(crate) mod batch;
pub(crate) mod bulk;
mod categories;
pub(crate) mod change;
mod counts;
pub(crate) mod create;
mod facets;
mod fields;
mod folded;
pub(crate) mod grid;
pub(crate) mod list;
pub(crate) mod media;
mod narrowed;
mod row;
pub(crate) mod show;

use domain::media::{Picture, Shown};
use domain::products::ProductStatus;
use maud::{Markup, html};

use crate::request::Ask;

const SECTION: &str = "Products";

/// The statuses that a product can be given, each with what is shown for it.
const STATUSES: [(&str, &str); 3] = [
    ("active", "Active: for sale"),
    ("draft", "Draft: not for sale yet"),
    ("archived", "Archived: no longer for sale"),
];

/// The word of a status in [`STATUSES`]. One that waits for its time is wanted as active.
fn status_word(status: ProductStatus) -> &'static str {
    if status == ProductStatus::Scheduled { ProductStatus::Active.as_str() } else { status.as_str() }
}

/// The first picture of a product, small, or the first letter of its name.
pub(crate) fn thumb(ask: &Ask, shown: Option<&Shown>, name: &str) -> Markup {
    html! {
        @match shown {
            Some(Shown { picture, .. }) => { img.thumb src=(address(ask, picture, 0)) alt="" width="40" height="40" loading="lazy"; },
            None => { span.thumb aria-hidden="true" { (name.chars().next().unwrap_or(' ')) } },
        }
    }
}

/// Where the size of a picture is that is at least so long, in pixels.
fn address(ask: &Ask, picture: &Picture, edge: u32) -> String {
    let sizes = picture.sizes();
    let size = sizes.iter().find(|size| size.edge >= edge).or(sizes.last()).map_or(0, |size| size.edge);
    let file = format!("media/{}/{size}.{}", picture.id, picture.encoding.as_str());
    let base = &ask.office.media_base;
    if base.is_empty() { ask.to(&format!("../{file}")) } else { format!("{base}/{file}") }
}
