//! Imports: files that make and change products. For staff.

mod body;
pub(super) mod create;
pub(super) mod files;
pub(super) mod rows;
pub(super) mod steps;
pub(super) mod update;

use std::sync::Arc;

use application::Error;
use domain::PageRequest;
use domain::imports::{Import, ImportFilter, ImportId, ImportKind, ImportStatus};

pub(super) use self::body::ImportBody;
use crate::context::State;
use crate::extract::{FromQuery, Params, Path, Query, Staff};
use crate::operation::{Operation, Tag};
use crate::problem::Problem;
use crate::respond::{List, Resource};

pub(super) const TAG: &Tag = &Tag {
    name: "Imports",
    description: "Files that make and change products, those of a spreadsheet, of Shopify and of WooCommerce, and changes of \
                  many products that a filter chooses. For staff.",
};

/// Which imports are wanted.
pub(crate) struct ListQuery {
    filter: ImportFilter,
    page: PageRequest,
}

impl FromQuery for ListQuery {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        let status = params.optional("status", "Only those of this status.", ImportStatus::parse);
        let kind = params.optional("kind", "Only those of this kind.", ImportKind::parse);
        let page = params.page("imports");
        Some(Self { filter: ImportFilter { status: status?, kind: kind? }, page: page? })
    }
}

pub(crate) const LIST: Operation = Operation::new(TAG, "listImports", "List imports, newest first", "Page by page.");

pub(crate) async fn list(
    _staff: Staff,
    state: Arc<State>,
    query: Query<ListQuery>,
) -> Result<List<ImportBody>, Problem> {
    let page = state.queries.imports.list(query.0.filter, &query.0.page).await?;
    Ok(List::new("imports", page, |import| ImportBody::of(&import, state.shop.currency)))
}

pub(crate) const SHOW: Operation = Operation::new(
    TAG,
    "showImport",
    "Show an import",
    "It is `checking`, then `checked`: `creates`, `updates`, `unchanged` and `failed` say what it would do. Started, it is \
     `running`, and then `done`.",
);

pub(crate) async fn show(
    _staff: Staff,
    state: Arc<State>,
    id: Path<ImportId>,
) -> Result<Resource<ImportBody>, Problem> {
    Ok(Resource(ImportBody::of(&found(&state, id.0).await?, state.shop.currency)))
}

/// An import.
async fn found(state: &State, id: ImportId) -> Result<Import, Error> {
    state.queries.imports.get(id).await?.ok_or(Error::NotFound("import"))
}
