use super::MessageStatus;
use crate::customers::CustomerId;
use crate::orders::OrderId;

/// The filter of a list of messages. An order has those about its refunds, too, and a customer those about its orders.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MailFilter {
    /// Only messages with this status.
    pub status: Option<MessageStatus>,
    /// Only messages about this order.
    pub order_id: Option<OrderId>,
    /// Only messages about this customer.
    pub customer_id: Option<CustomerId>,
}
