use async_trait::async_trait;

use super::{CustomerSales, Group, GroupTally, RefundedOrder, Span, StockTotals, StockValue, Tally, ToDo};
use crate::customers::CustomerId;
use crate::{Page, PageRequest, StoreError};

/// Sums for reports, outside any transaction. Orders count by the time at which they were placed, without those that are
/// cancelled. Refunds count by the time at which they succeeded, without those of cancelled orders and those of
/// money that the order did not owe.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait ReportQueries: Send + Sync {
    /// What the orders of each span count for, in the order of the spans.
    async fn sold(&self, spans: &[Span]) -> Result<Vec<Tally>, StoreError>;

    /// What went back in each span, in minor units, in the order of the spans.
    async fn refunded(&self, spans: &[Span]) -> Result<Vec<i64>, StoreError>;

    /// What the orders of a span count for by group, in no order. A product counts in its main category as it is now, and
    /// has its current name, or that of an order if it was deleted.
    async fn sold_by(&self, span: Span, group: Group) -> Result<Vec<GroupTally>, StoreError>;

    /// What went back in a span, each order with its parts by group.
    async fn refunded_by(&self, span: Span, group: Group) -> Result<Vec<RefundedOrder>, StoreError>;

    /// What the orders of a customer count for, and what went back of them, for each currency that it has ordered in, in
    /// order of its code.
    async fn of_customer(&self, customer_id: CustomerId) -> Result<Vec<CustomerSales>, StoreError>;

    /// A page of the products with units on hand, in order of id.
    async fn stock_values(&self, page: &PageRequest) -> Result<Page<StockValue>, StoreError>;

    /// What all stock is worth.
    async fn stock_totals(&self) -> Result<StockTotals, StoreError>;

    /// What waits to be done. Each kind is counted up to `most`; a sum is that of what is counted.
    async fn to_do(&self, most: u64) -> Result<ToDo, StoreError>;
}
