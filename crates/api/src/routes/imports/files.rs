use std::sync::Arc;

use domain::imports::ImportId;

use super::{TAG, found};
use crate::context::State;
use crate::extract::{Path, Staff};
use crate::files::{failed_rows, rows_before};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::CsvFile;

pub(crate) const FAILED: Operation = Operation::new(
    TAG,
    "downloadFailedRows",
    "Download the refused rows of an import",
    "A CSV file with the header of the import. Mend it, and send it as another import.",
)
.problems(&[Kind::IMPORT_ROWS_GONE]);

pub(crate) async fn failed(_staff: Staff, state: Arc<State>, id: Path<ImportId>) -> Result<CsvFile, Problem> {
    Ok(failed_rows(&state.queries, &found(&state, id.0).await?)?)
}

pub(crate) const BEFORE: Operation = Operation::new(
    TAG,
    "downloadRowsBefore",
    "Download what an import has changed, as it was",
    "A CSV file of plain columns with the products that the import has changed, and what the changed fields were. To undo \
     the import, send it as another one. Products that it made are not in it.",
)
.problems(&[Kind::IMPORT_ROWS_GONE]);

pub(crate) async fn before(_staff: Staff, state: Arc<State>, id: Path<ImportId>) -> Result<CsvFile, Problem> {
    Ok(rows_before(&state.queries, &found(&state, id.0).await?).await?)
}
