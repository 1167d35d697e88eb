use super::OrderStatus;
use crate::UtcDateTime;
use crate::customers::CustomerId;

/// Whose orders somebody may see. Orders outside of the scope are reported as not found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderScope {
    /// Everybody's.
    All,
    /// One customer's.
    Of(CustomerId),
    /// Nobody's: an account without a customer.
    None,
}

/// Which orders a list holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderFilter {
    /// Only those of this customer.
    pub customer_id: Option<CustomerId>,
    /// Only those of this status.
    pub status: Option<OrderStatus>,
    /// Only those placed at this time or later.
    pub placed_after: Option<UtcDateTime>,
    /// Only those placed before this time.
    pub placed_before: Option<UtcDateTime>,
}
