use std::collections::BTreeSet;
use std::sync::Arc;

use application::Queries;
use domain::imports::{ImportId, ImportRow, RowStatus};

use super::{TAG, found};
use crate::context::State;
use crate::extract::{Path, Staff};
use crate::files::csv_line;
use crate::operation::Operation;
use crate::problem::Problem;
use crate::respond::CsvFile;

/// Rows that are read at once.
const ROWS: u64 = 500;

pub(crate) const FAILED: Operation = Operation::new(
    TAG,
    "downloadFailedRows",
    "Download the refused rows of an import",
    "A CSV file with the header of the import. Mend it, and send it as another import.",
);

pub(crate) async fn failed(_staff: Staff, state: Arc<State>, id: Path<ImportId>) -> Result<CsvFile, Problem> {
    let import = found(&state, id.0).await?;
    let head = csv_line(import.header.iter().map(String::as_str));
    let line = |row: ImportRow| Some(csv_line(row.row.cells.iter().map(String::as_str)));
    Ok(CsvFile::paged("failed.csv", head, 0, move |after| {
        let queries = state.queries.clone();
        async move { page(&queries, id.0, RowStatus::Failed, after, line).await }
    }))
}

pub(crate) const BEFORE: Operation = Operation::new(
    TAG,
    "downloadRowsBefore",
    "Download what an import has changed, as it was",
    "A CSV file of plain columns with the products that the import has changed, and what the changed fields were. To undo \
     the import, send it as another one. Products that it made are not in it.",
);

pub(crate) async fn before(_staff: Staff, state: Arc<State>, id: Path<ImportId>) -> Result<CsvFile, Problem> {
    let import = found(&state, id.0).await?;
    let (mut names, mut after) = (BTreeSet::new(), 0);
    loop {
        let rows = state.queries.imports.rows(import.id, Some(RowStatus::Done), after, ROWS).await?;
        let Some(last) = rows.last() else { break };
        after = last.row.line;
        names.extend(rows.into_iter().filter_map(|row| row.before).flatten().map(|(name, _)| name));
    }
    names.remove("id");
    let names: Vec<_> = std::iter::once("id".to_owned()).chain(names).collect();
    let head = csv_line(names.iter().map(String::as_str));
    Ok(CsvFile::paged("before.csv", head, 0, move |after| {
        let (queries, names) = (state.queries.clone(), names.clone());
        let line = move |row: ImportRow| {
            let before = row.before?;
            let cell = |name: &String| before.iter().find(|(one, _)| one == name).map_or("", |(_, cell)| cell.as_str());
            Some(csv_line(names.iter().map(cell)))
        };
        async move { page(&queries, id.0, RowStatus::Done, after, line).await }
    }))
}

/// The lines of the rows after one, and the last of them; `None` at the end.
async fn page(
    queries: &Queries,
    id: ImportId,
    status: RowStatus,
    after: u64,
    line: impl Fn(ImportRow) -> Option<Vec<u8>>,
) -> Result<Option<(Vec<u8>, u64)>, application::Error> {
    let rows = queries.imports.rows(id, Some(status), after, ROWS).await?;
    let Some(last) = rows.last().map(|row| row.row.line) else { return Ok(None) };
    Ok(Some((rows.into_iter().filter_map(line).flatten().collect(), last)))
}
