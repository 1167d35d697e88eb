//! Terms of attributes.

mod body;
pub(super) mod create;
pub(super) mod delete;
pub(super) mod media;
pub(super) mod update;

use std::sync::Arc;

use application::Error;
use domain::attributes::AttributeId;
use domain::media::OwnerKind;
use domain::slugs::Slug;
use domain::terms::{Term, TermFilter, TermKey};
use domain::{PageRequest, StoreError};

use self::body::TermBody;
use super::attributes::visible;
use super::products::media::{galleries, gallery};
use crate::context::State;
use crate::extract::{AttributeSegment, CacheKey, CatalogReader, FromQuery, IdOrSlug, Nested, Params, Path, Query};
use crate::operation::{Operation, Tag};
use crate::problem::Problem;
use crate::respond::{Addressed, List, rendered};

pub(super) const TAG: &Tag = &Tag { name: "Terms", description: "The values of attributes that are choices." };

/// Which terms are wanted.
pub(crate) struct ListQuery {
    filter: TermFilter,
    page: PageRequest,
}

impl FromQuery for ListQuery {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        let search = params.name_search();
        let page = params.page("terms");
        Some(Self { filter: TermFilter { search: search? }, page: page? })
    }
}

pub(crate) const LIST: Operation = Operation::new(
    TAG,
    "listTerms",
    "List the terms of an attribute in order of their positions, or search them by name",
    "Page by page. `GET /categories` has categories as a tree.",
);

pub(crate) async fn list(
    reader: CatalogReader,
    state: Arc<State>,
    code: Path<AttributeSegment>,
    query: Query<ListQuery>,
) -> Result<List<TermBody>, Problem> {
    let attribute = visible(&reader, &state, &code.0.0).await?;
    let page = state.queries.terms.list(attribute.id, &query.0.filter, &query.0.page).await?;
    let ids: Vec<_> = page.items.iter().map(|term| term.id.0).collect();
    let pictures = galleries(&state, OwnerKind::Term, &ids).await?;
    let of = |term: &Term| pictures.get(&term.id.0).map_or(&[][..], Vec::as_slice);
    Ok(List::new("terms", page, |term| TermBody::of(&term, &attribute.code, of(&term), &state.media.base)))
}

pub(crate) const SHOW: Operation = Operation::new(
    TAG,
    "showTerm",
    "Show a term of an attribute, by its id or slug",
    "A slug that the term had before leads to the current one. The `ETag` is what `If-Match` wants.",
);

pub(crate) async fn show(
    reader: CatalogReader,
    state: Arc<State>,
    request: CacheKey,
    path: Path<Nested<AttributeSegment, IdOrSlug>>,
) -> Result<Addressed<TermBody>, Problem> {
    let Nested(AttributeSegment(code), IdOrSlug(key)) = path.0;
    let attribute = visible(&reader, &state, &code).await?;
    let Some(term) = state.queries.terms.get(attribute.id, &key).await? else {
        let current = moved(&state, attribute.id, &key).await?.ok_or(Error::NotFound("term"))?;
        let path = format!("/api/v1/attributes/{}/terms/{current}", attribute.code);
        return Ok(Addressed::moved(&path, request.query()));
    };
    let pictures = gallery(&state, term.id.into()).await?;
    let body = TermBody::of(&term, &attribute.code, &pictures, &state.media.base);
    Ok(Addressed::Here(Arc::new(rendered(&body)).into()))
}

/// The current slug of the term that had this one.
pub(super) async fn moved(state: &State, attribute: AttributeId, key: &TermKey) -> Result<Option<Slug>, StoreError> {
    let TermKey::Slug(slug) = key else { return Ok(None) };
    let had = state.queries.terms.had(attribute, std::slice::from_ref(slug)).await?;
    let ids: Vec<_> = had.into_iter().map(|(_, id)| id).collect();
    Ok(state.queries.terms.known(&ids).await?.into_iter().next().map(|term| term.slug))
}
