use domain::stock::StockFilter;

use crate::host::Table;
use crate::page::Answer;
use crate::request::Staff;

/// All that is low, as a file.
pub(crate) async fn table(staff: &Staff) -> Answer {
    let filter = StockFilter { below_threshold: Some(true), ..StockFilter::default() };
    staff.office.host.table(Table::LowStock(filter)).await
}
