//! Products.

mod body;
pub(super) mod create;
pub(super) mod delete;
pub(super) mod list;
mod tax_and_shipping;
pub(super) mod update;

use std::sync::Arc;

use application::Error;
use domain::products::ProductId;

use self::body::ProductBody;
pub(crate) use self::tax_and_shipping::tax_and_shipping;
use crate::context::State;
use crate::extract::{CacheKey, CatalogReader, Path};
use crate::operation::{Operation, Tag};
use crate::problem::Problem;
use crate::respond::{Cached, rendered};

pub(super) const TAG: &Tag = &Tag { name: "Products", description: "What is sold." };

pub(crate) const SHOW: Operation = Operation::new(
    TAG,
    "showProduct",
    "Show a product",
    "Customers see active products only: others are a 404 for them.",
);

pub(crate) async fn show(
    reader: CatalogReader,
    state: Arc<State>,
    key: CacheKey,
    id: Path<ProductId>,
) -> Result<Cached<ProductBody>, Problem> {
    if let Some(kept) = state.product_responses.find(key.text()) {
        return Ok(kept.into());
    }
    let make = async {
        let view = state.queries.products.get(id.0, reader.only()).await?;
        Ok(view.map(|view| rendered(&ProductBody::of(&view, state.shop))))
    };
    let rendered = state.product_responses.get_or_render(key.text().to_owned(), Box::pin(make)).await?;
    Ok(rendered.ok_or(Error::NotFound("product"))?.into())
}
