//! Products.

pub(super) mod attributes;
mod body;
pub(super) mod create;
pub(super) mod delete;
mod given;
pub(super) mod list;
pub(super) mod media;
mod sought;
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
        let Some(view) = state.queries.products.get(id.0, reader.only()).await? else { return Ok(None) };
        let has = attributes::of(&state, id.0, reader.sees_all()).await?;
        let pictures = media::of(&state, id.0).await?;
        let body = ProductBody::of(&view, state.shop).whole(&has).pictured(&pictures, &state.media.base);
        Ok(Some(rendered(&body)))
    };
    let rendered = state.product_responses.get_or_render(key.text().to_owned(), Box::pin(make)).await?;
    Ok(rendered.ok_or(Error::NotFound("product"))?.into())
}
