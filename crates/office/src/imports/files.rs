//! Rows of an import, as files.

use domain::imports::ImportId;

use crate::host::Table;
use crate::page::Answer;
use crate::request::Staff;

/// The refused rows, to be mended and sent again.
pub(crate) async fn failed(staff: &Staff) -> Answer {
    staff.office.host.table(Table::FailedRows(staff.id::<ImportId>("import")?)).await
}

/// What was changed, as it was.
pub(crate) async fn before(staff: &Staff) -> Answer {
    staff.office.host.table(Table::RowsBefore(staff.id::<ImportId>("import")?)).await
}
