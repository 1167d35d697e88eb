//! The products of a collection.

use domain::StoreError;
use domain::collections::{Collection, CollectionId, CollectionKey, SoughtCollection};
use domain::products::{Collected, ProductSort};
use domain::slugs::{Addressee, SlugKind};

use super::super::products::Narrowed;
use crate::context::State;

/// What a list has of the collection that it is asked for, and the order of what does not stand first; `None` if there is
/// no such collection. With an order that is asked for, pins stand where it has them.
pub(in crate::routes) async fn collected(
    state: &State,
    sought: &SoughtCollection,
    sort: Option<ProductSort>,
) -> Result<Option<(Collected, ProductSort)>, StoreError> {
    let Some(slug) = sought.slug() else { return Ok(None) };
    let Some(Addressee { id, .. }) = state.queries.slugs.find(SlugKind::Collection, &slug).await? else {
        return Ok(None);
    };
    let key = CollectionKey::Id(CollectionId(id));
    let Some(collection) = state.queries.collections.get(&key).await? else { return Ok(None) };
    let rest = match collection.filter.as_ref().map(|filter| Narrowed::kept(filter, state)) {
        Some(Ok(narrowed)) => narrowed.filter(state).await?.map(Box::new),
        // What cannot be read any more finds nothing.
        Some(Err(_)) | None => None,
    };
    let pins = collection.pins.products().to_vec();
    let order = sort.or(collection.sort).unwrap_or_default();
    Ok(Some((Collected { pins, rest, leads: sort.is_none() }, order)))
}

/// Whether the filter of a collection names what there is not any more.
pub(super) async fn is_broken(state: &State, collection: &Collection) -> Result<bool, StoreError> {
    match collection.filter.as_ref().map(|filter| Narrowed::kept(filter, state)) {
        None => Ok(false),
        Some(Err(_)) => Ok(true),
        Some(Ok(narrowed)) => Ok(!narrowed.sought.lost(state).await?.is_empty()),
    }
}
