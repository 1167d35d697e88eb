//! Product groups.

mod attributes;
mod body;
pub(super) mod by_slug;
pub(super) mod create;
pub(super) mod delete;
mod given;
pub(super) mod media;
pub(super) mod members;
pub(super) mod update;

use std::sync::Arc;

use application::Error;
use domain::groups::{GroupFilter, GroupId};
use domain::{PageRequest, SearchText};

pub(super) use self::attributes::{ASSIGN, assign};
use self::body::ListedGroupBody;
pub(super) use self::body::{GroupBody, GroupOfProduct};
pub(super) use self::given::OptionValues;
use super::products::media::with_pictures;
use crate::context::State;
use crate::extract::{CacheKey, CatalogReader, FromQuery, Params, Path, Query};
use crate::operation::{Operation, Tag};
use crate::problem::Problem;
use crate::respond::{Cached, List, rendered};

pub(super) const TAG: &Tag =
    &Tag { name: "Product groups", description: "Products that differ by size, colour and the like." };

/// Which groups are wanted.
pub(crate) struct ListQuery {
    search: Option<SearchText>,
    page: PageRequest,
}

impl FromQuery for ListQuery {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        let search = params.optional(
            "q",
            "Only those whose name holds all these words: at most 10, in any case and order; the last may be the \
             beginning of a word.",
            SearchText::parse,
        );
        let page = params.page("product groups");
        Some(Self { search: search?.flatten(), page: page? })
    }
}

pub(crate) const LIST: Operation = Operation::new(
    TAG,
    "listProductGroups",
    "List product groups, or search them by name",
    "Page by page, the oldest first. Customers see groups with an active product only, and of each group its active \
     products.",
);

pub(crate) async fn list(
    reader: CatalogReader,
    state: Arc<State>,
    query: Query<ListQuery>,
) -> Result<List<ListedGroupBody>, Problem> {
    let ListQuery { search, page } = query.0;
    let filter = GroupFilter { search, status: reader.only() };
    let page = state.queries.groups.list(&filter, &page).await?;
    Ok(List::new("product groups", page, |listed| ListedGroupBody::of(&listed, state.shop)))
}

pub(crate) const SHOW: Operation = Operation::new(
    TAG,
    "showProductGroup",
    "Show a product group with its products",
    "Customers see its active products only, and a group without any is a 404 for them.",
);

pub(crate) async fn show(
    reader: CatalogReader,
    state: Arc<State>,
    key: CacheKey,
    id: Path<GroupId>,
) -> Result<Cached<GroupBody>, Problem> {
    if let Some(kept) = state.product_responses.find(key.text()) {
        return Ok(kept.into());
    }
    let make = async {
        let Some(view) = state.queries.groups.get(id.0, reader.only()).await? else { return Ok(None) };
        let view = with_pictures(&state, view).await?;
        Ok(Some(rendered(&GroupBody::of(&view, state.shop, &state.media.base, reader.sees_all()))))
    };
    let rendered = state.product_responses.get_or_render(key.text().to_owned(), Box::pin(make)).await?;
    Ok(rendered.ok_or(Error::NotFound("product group"))?.into())
}
