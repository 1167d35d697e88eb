use super::OrderStatus;
use crate::UtcDateTime;
use crate::customers::CustomerId;

/// The orders that a caller may see. Orders outside of the scope are not found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderScope {
    /// All orders.
    All,
    /// The orders of one customer.
    Of(CustomerId),
    /// No orders: for an account without a customer.
    None,
}

/// The filter of a list of orders.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderFilter {
    /// Only orders of this customer.
    pub customer_id: Option<CustomerId>,
    /// Only orders in this status.
    pub status: Option<OrderStatus>,
    /// Only orders placed at this time or later.
    pub placed_after: Option<UtcDateTime>,
    /// Only orders placed before this time.
    pub placed_before: Option<UtcDateTime>,
}
