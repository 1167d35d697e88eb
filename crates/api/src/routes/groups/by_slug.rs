use std::sync::Arc;

use application::Error;
use domain::groups::GroupId;
use domain::slugs::{Addressee, Slug, SlugKind};

use super::super::products::media::with_pictures;
use super::TAG;
use super::body::GroupBody;
use crate::context::State;
use crate::extract::{CacheKey, CatalogReader, Path, SlugSegment};
use crate::operation::Operation;
use crate::problem::Problem;
use crate::respond::{Addressed, rendered};

pub(crate) const SHOW: Operation = Operation::new(
    TAG,
    "showProductGroupBySlug",
    "Show a product group by its name in addresses",
    "As `GET /product-groups/{id}` does. A slug that the group had before leads to the current one.",
);

pub(crate) async fn show(
    reader: CatalogReader,
    state: Arc<State>,
    key: CacheKey,
    slug: Path<SlugSegment>,
) -> Result<Addressed<GroupBody>, Problem> {
    if let Some(kept) = state.product_responses.find(key.text()) {
        return Ok(Addressed::Here(kept.into()));
    }
    let SlugSegment(slug) = slug.0;
    let make = async {
        let found = state.queries.slugs.find(SlugKind::Group, &slug).await?;
        let Some(Addressee { id, is_current: true }) = found else { return Ok(None) };
        let Some(view) = state.queries.groups.get(GroupId(id), reader.only()).await? else { return Ok(None) };
        let view = with_pictures(&state, view).await?;
        Ok(Some(rendered(&GroupBody::of(&view, state.shop, &state.media.base, reader.sees_all()))))
    };
    if let Some(found) = state.product_responses.get_or_render(key.text().to_owned(), Box::pin(make)).await? {
        return Ok(Addressed::Here(found.into()));
    }
    let current = moved(&state, &reader, &slug).await?.ok_or(Error::NotFound("product group"))?;
    Ok(Addressed::moved(&format!("/api/v1/product-groups/by-slug/{current}"), key.query()))
}

/// The current slug of the group that had this one, if the reader sees it.
async fn moved(state: &State, reader: &CatalogReader, slug: &Slug) -> Result<Option<Slug>, Problem> {
    let Some(Addressee { id, .. }) = state.queries.slugs.find(SlugKind::Group, slug).await? else { return Ok(None) };
    let view = state.queries.groups.get(GroupId(id), reader.only()).await?;
    Ok(view.map(|view| view.group.slug).filter(|current| current != slug))
}
