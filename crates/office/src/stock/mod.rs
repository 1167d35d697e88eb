//! Stock, and what comes in.

pub(crate) mod adjust;
pub(crate) mod cancel;
pub(crate) mod due;
pub(crate) mod list;
pub(crate) mod low;
pub(crate) mod policy;
pub(crate) mod receive;
pub(crate) mod show;

use std::collections::HashMap;

use application::Error;
use domain::products::{ProductId, ProductSummary};
use domain::stock::Stock;
use maud::{Markup, html};

use crate::parts::address;
use crate::request::Staff;

const SECTION: &str = "Stock";

fn tabs(staff: &Staff, here: &str) -> Markup {
    html! {
        h1 { "Stock" }
        nav.tabs aria-label="Stock" {
            @for (label, page) in [("All", "stock"), ("Low", "stock?low=true"), ("Due", "restocks")] {
                a href=(staff.to(page)) aria-current=[(label == here).then_some("page")] { (label) }
            }
        }
    }
}

/// The filter parameters of the list of stock.
const FILTERS: [&str; 2] = ["low", "q"];
/// The parameter of a dialog that was opened in the list, and leads back there.
const IN_LIST: (&str, &str) = ("from", "list");

/// A page with the filter and the place of the list that it was opened from, and with these parameters.
fn with_list<'a>(staff: &'a Staff, page: &str, more: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    address(page, staff.queries_and_place(&FILTERS).chain(more))
}

/// Whether a dialog was opened in the list.
fn is_in_list(staff: &Staff) -> bool {
    staff.query(IN_LIST.0) == Some(IN_LIST.1)
}

/// The address that a dialog about the stock of a product is sent to.
fn action(staff: &Staff, id: ProductId, verb: &str) -> String {
    with_list(staff, &format!("stock/{id}/{verb}"), is_in_list(staff).then_some(IN_LIST))
}

/// Where a dialog about the stock of a product leads: back to the list, or to the page of the product. `done` is what it
/// shows as done.
fn after_dialog(staff: &Staff, id: ProductId, done: Option<&str>) -> String {
    let page = if is_in_list(staff) { "stock".to_owned() } else { format!("stock/{id}") };
    with_list(staff, &page, done.map(|done| ("done", done)))
}

/// The stock of the product in the path, with its name.
async fn asked(staff: &Staff) -> Result<(Stock, String), Error> {
    let id = staff.id::<ProductId>("product")?;
    let stock = staff.office.queries.stock.get(id).await?.ok_or(Error::NotFound("product"))?;
    let name = products(staff, std::iter::once(id)).await?.remove(&id).map(|product| product.name.to_string());
    Ok((stock, name.unwrap_or_default()))
}

/// The products of a list, by id.
async fn products(
    staff: &Staff,
    ids: impl Iterator<Item = ProductId>,
) -> Result<HashMap<ProductId, ProductSummary>, Error> {
    let mut ids: Vec<_> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    let found = staff.office.queries.products.summaries(&ids).await?;
    Ok(found.into_iter().map(|product| (product.id, product)).collect())
}

/// A product in a row of a list.
fn named(staff: &Staff, id: ProductId, product: Option<&ProductSummary>) -> Markup {
    html! {
        @match product {
            Some(product) => {
                a.name href=(staff.to(&with_list(staff, &format!("stock/{id}"), []))) { (product.name.as_str()) }
                @if let Some(sku) = &product.sku { br; span.faint { (sku.as_str()) } }
            },
            None => span.faint { "deleted" },
        }
    }
}
