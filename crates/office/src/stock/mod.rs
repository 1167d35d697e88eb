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

use crate::request::Staff;

const SECTION: &str = "Stock";

/// The tabs of stock.
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
                a.name href=(staff.to(&format!("stock/{id}"))) { (product.name.as_str()) }
                @if let Some(sku) = &product.sku { br; span.faint { (sku.as_str()) } }
            },
            None => span.faint { "deleted" },
        }
    }
}
