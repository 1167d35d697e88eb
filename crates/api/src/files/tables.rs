//! The rows of imports, as files.

use std::collections::BTreeSet;

use application::{Error, Queries};
use domain::imports::{Import, ImportId, ImportRow, RowStatus};

use super::csv_line;
use crate::respond::CsvFile;

/// Rows that are read at once.
const ROWS: u64 = 500;

/// The refused rows of an import, with the header of its file.
///
/// # Errors
/// If its rows are not kept any more.
pub(crate) fn failed_rows(queries: &Queries, import: &Import) -> Result<CsvFile, Error> {
    import.expect_rows()?;
    let (queries, id) = (queries.clone(), import.id);
    let head = csv_line(import.header.iter().map(String::as_str));
    let line = |row: ImportRow| Some(csv_line(row.row.cells.iter().map(String::as_str)));
    Ok(CsvFile::paged("failed.csv", head, 0, move |after| {
        let queries = queries.clone();
        async move { page(&queries, id, RowStatus::Failed, after, line).await }
    }))
}

/// The products that an import has changed, as they were.
///
/// # Errors
/// If its rows are not kept any more, or the database does not answer.
pub(crate) async fn rows_before(queries: &Queries, import: &Import) -> Result<CsvFile, Error> {
    import.expect_rows()?;
    let (queries, id) = (queries.clone(), import.id);
    let (mut names, mut after) = (BTreeSet::new(), 0);
    loop {
        let rows = queries.imports.rows(id, Some(RowStatus::Done), after, ROWS).await?;
        let Some(last) = rows.last() else { break };
        after = last.row.line;
        names.extend(rows.into_iter().filter_map(|row| row.before).flatten().map(|(name, _)| name));
    }
    names.remove("id");
    let names: Vec<_> = std::iter::once("id".to_owned()).chain(names).collect();
    let head = csv_line(names.iter().map(String::as_str));
    Ok(CsvFile::paged("before.csv", head, 0, move |after| {
        let (queries, names) = (queries.clone(), names.clone());
        let line = move |row: ImportRow| {
            let before = row.before?;
            let cell = |name: &String| before.iter().find(|(one, _)| one == name).map_or("", |(_, cell)| cell.as_str());
            Some(csv_line(names.iter().map(cell)))
        };
        async move { page(&queries, id, RowStatus::Done, after, line).await }
    }))
}

/// The lines of the rows after one, and the last of them; `None` at the end.
async fn page(
    queries: &Queries,
    id: ImportId,
    status: RowStatus,
    after: u64,
    line: impl Fn(ImportRow) -> Option<Vec<u8>>,
) -> Result<Option<(Vec<u8>, u64)>, Error> {
    let rows = queries.imports.rows(id, Some(status), after, ROWS).await?;
    let Some(last) = rows.last().map(|row| row.row.line) else { return Ok(None) };
    Ok(Some((rows.into_iter().filter_map(line).flatten().collect(), last)))
}
