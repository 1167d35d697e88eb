//! Attributes.

mod body;
pub(super) mod create;
pub(super) mod delete;
pub(super) mod update;

use std::sync::Arc;

use application::Error;
use domain::PageRequest;
use domain::attributes::{Attribute, AttributeCode};

use self::body::AttributeBody;
use crate::context::State;
use crate::extract::{AttributeSegment, CatalogReader, FromQuery, Params, Path, Query};
use crate::operation::{Operation, Tag};
use crate::problem::Problem;
use crate::respond::{List, Resource};

pub(super) const TAG: &Tag = &Tag {
    name: "Attributes",
    description: "What products are said to be by: categories, brands, tags, and whatever else the shop keeps.",
};

/// Which attributes are wanted.
pub(crate) struct ListQuery(PageRequest);

impl FromQuery for ListQuery {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        params.page("attributes").map(Self)
    }
}

pub(crate) const LIST: Operation = Operation::new(
    TAG,
    "listAttributes",
    "List attributes in order of their positions",
    "Page by page. Customers do not see internal ones.",
);

pub(crate) async fn list(
    reader: CatalogReader,
    state: Arc<State>,
    query: Query<ListQuery>,
) -> Result<List<AttributeBody>, Problem> {
    let page = state.queries.attributes.list(reader.sees_all(), &query.0.0).await?;
    Ok(List::new("attributes", page, |attribute| AttributeBody::from(&attribute)))
}

pub(crate) const SHOW: Operation =
    Operation::new(TAG, "showAttribute", "Show an attribute", "An internal one is a 404 for customers.");

pub(crate) async fn show(
    reader: CatalogReader,
    state: Arc<State>,
    code: Path<AttributeSegment>,
) -> Result<Resource<AttributeBody>, Problem> {
    Ok(Resource(AttributeBody::from(&visible(&reader, &state, &code.0.0).await?)))
}

/// The attribute with this code, if the reader may see it.
///
/// # Errors
/// A 404 if not.
pub(super) async fn visible(reader: &CatalogReader, state: &State, code: &AttributeCode) -> Result<Attribute, Problem> {
    let found = state.queries.attributes.get(code).await?;
    let visible = found.filter(|attribute| reader.sees_all() || !attribute.is_internal);
    Ok(visible.ok_or(Error::NotFound("attribute"))?)
}
