use std::sync::Arc;

use application::Error;
use domain::imports::{ImportId, RowStatus};
use domain::{Cursor, CursorKey, Page, PageRequest};

use super::body::RowBody;
use super::{TAG, found};
use crate::context::State;
use crate::extract::{FromQuery, Params, Path, Query, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::List;

/// Which rows are wanted.
pub(crate) struct ListQuery {
    status: Option<RowStatus>,
    page: PageRequest,
}

impl FromQuery for ListQuery {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        let status = params.optional("status", "Only those of this status.", RowStatus::parse);
        let page = params.page("import_rows");
        Some(Self { status: status?, page: page? })
    }
}

pub(crate) const LIST: Operation = Operation::new(
    TAG,
    "listImportRows",
    "List the rows of an import",
    "In order of lines, page by page, each with what is refused of it, what is left out, and the product that it made or changed.",
)
.problems(&[Kind::IMPORT_ROWS_GONE]);

pub(crate) async fn list(
    _staff: Staff,
    state: Arc<State>,
    id: Path<ImportId>,
    query: Query<ListQuery>,
) -> Result<List<RowBody>, Problem> {
    let import = found(&state, id.0).await?;
    import.expect_rows().map_err(Error::from)?;
    let ListQuery { status, page: PageRequest { limit, after } } = query.0;
    let after = match after.map(|cursor| cursor.key) {
        Some(CursorKey::Int(line)) => line.unsigned_abs(),
        _ => 0,
    };
    let rows = state.queries.imports.rows(import.id, status, after, limit.get().saturating_add(1)).await?;
    let line = |line: u64| i64::try_from(line).unwrap_or(i64::MAX);
    let page = Page::cut(rows, limit, |row| Cursor { key: CursorKey::Int(line(row.row.line)), id: id.0.0 });
    Ok(List::new("import_rows", page, |row| RowBody::of(row, &import.header)))
}
