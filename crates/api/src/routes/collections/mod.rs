//! Collections.

mod body;
pub(super) mod create;
pub(super) mod delete;
mod given;
pub(super) mod media;
mod products;
pub(super) mod update;

use std::sync::Arc;

use application::Error;
use domain::collections::{CollectionId, CollectionKey};
use domain::media::OwnerKind;
use domain::slugs::{Addressee, SlugKind};
use domain::{PageRequest, StoreError};

use self::body::{CollectionBody, ListedCollectionBody};
pub(super) use self::given::Parameters;
pub(super) use self::products::collected;
use super::products::media::{first, gallery};
use crate::context::State;
use crate::extract::{CacheKey, CatalogReader, CollectionSegment, FromQuery, Params, Path, Query};
use crate::operation::{Operation, Tag};
use crate::problem::Problem;
use crate::respond::{Addressed, List, rendered};

pub(super) const TAG: &Tag = &Tag {
    name: "Collections",
    description: "Products that are shown together: a saved filter, and what stands first.",
};

/// Which collections are wanted.
pub(crate) struct ListQuery(PageRequest);

impl FromQuery for ListQuery {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        params.page("collections").map(Self)
    }
}

pub(crate) const LIST: Operation = Operation::new(
    TAG,
    "listCollections",
    "List collections in order of their positions",
    "Page by page. `GET /products?collection=` has the products of one.",
);

pub(crate) async fn list(
    _: CatalogReader,
    state: Arc<State>,
    query: Query<ListQuery>,
) -> Result<List<ListedCollectionBody>, Problem> {
    let page = state.queries.collections.list(&query.0.0).await?;
    let ids: Vec<_> = page.items.iter().map(|listed| listed.id.0).collect();
    let pictures = first(&state, OwnerKind::Collection, &ids).await?;
    let base = &state.media.base;
    Ok(List::new("collections", page, |listed| ListedCollectionBody::of(&listed, pictures.get(&listed.id.0), base)))
}

pub(crate) const SHOW: Operation = Operation::new(
    TAG,
    "showCollection",
    "Show a collection, by its id or slug",
    "A slug that the collection had before leads to the current one. Only staff see its `filter`, its `pins`, and whether \
     it is `broken`.",
);

pub(crate) async fn show(
    reader: CatalogReader,
    state: Arc<State>,
    request: CacheKey,
    key: Path<CollectionSegment>,
) -> Result<Addressed<CollectionBody>, Problem> {
    let CollectionSegment(key) = key.0;
    if let Some(collection) = state.queries.collections.get(&key).await? {
        let pictures = gallery(&state, collection.id.into()).await?;
        let mut body = CollectionBody::of(&collection, &pictures, &state.media.base);
        if reader.sees_all() {
            body = body.for_staff(&collection, products::is_broken(&state, &collection).await?);
        }
        return Ok(Addressed::Here(Arc::new(rendered(&body)).into()));
    }
    let current = moved(&state, &key).await?.ok_or(Error::NotFound("collection"))?;
    Ok(Addressed::moved(&format!("/api/v1/collections/{current}"), request.query()))
}

/// The current slug of the collection that had this one.
async fn moved(state: &State, key: &CollectionKey) -> Result<Option<String>, StoreError> {
    let CollectionKey::Slug(slug) = key else { return Ok(None) };
    let Some(Addressee { id, .. }) = state.queries.slugs.find(SlugKind::Collection, slug).await? else {
        return Ok(None);
    };
    let collection = state.queries.collections.get(&CollectionKey::Id(CollectionId(id))).await?;
    Ok(collection.filter(|current| current.slug != *slug).map(|current| current.slug.to_string()))
}
