use std::sync::Arc;

use application::Error;
use domain::products::ProductId;
use domain::slugs::{Addressee, Slug, SlugKind};

use super::TAG;
use super::body::ProductBody;
use super::include::IncludedInProduct;
use crate::context::State;
use crate::extract::{CacheKey, CatalogReader, Path, SlugSegment, UnreadQuery};
use crate::operation::Operation;
use crate::problem::Problem;
use crate::respond::Addressed;

pub(crate) const SHOW: Operation = Operation::new(
    TAG,
    "showProductBySlug",
    "Show a product by its name in addresses",
    "As `GET /products/{id}` does. A slug that the product had before leads to the current one.",
);

pub(crate) async fn show(
    reader: CatalogReader,
    state: Arc<State>,
    key: CacheKey,
    slug: Path<SlugSegment>,
    _: UnreadQuery<IncludedInProduct>,
) -> Result<Addressed<ProductBody>, Problem> {
    if let Some(kept) = state.product_responses.find(key.text()) {
        return Ok(Addressed::Here(kept.into()));
    }
    let IncludedInProduct(included) = UnreadQuery::read(key.query(), &state)?;
    let SlugSegment(slug) = slug.0;
    let make = async {
        match state.queries.slugs.find(SlugKind::Product, &slug).await? {
            Some(Addressee { id, is_current: true }) => super::whole(&state, &reader, ProductId(id), included).await,
            _ => Ok(None),
        }
    };
    if let Some(found) = state.product_responses.get_or_render(key.text().to_owned(), Box::pin(make)).await? {
        return Ok(Addressed::Here(found.into()));
    }
    let current = moved(&state, &reader, &slug).await?.ok_or(Error::NotFound("product"))?;
    Ok(Addressed::moved(&format!("/api/v1/products/by-slug/{current}"), key.query()))
}

/// The current slug of the product that had this one, if the reader sees it.
async fn moved(state: &State, reader: &CatalogReader, slug: &Slug) -> Result<Option<Slug>, Problem> {
    let Some(Addressee { id, .. }) = state.queries.slugs.find(SlugKind::Product, slug).await? else { return Ok(None) };
    let view = state.queries.products.get(ProductId(id), reader.only()).await?;
    Ok(view.and_then(|view| view.product.slug).filter(|current| current != slug))
}
