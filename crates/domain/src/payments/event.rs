use super::{DisputeId, PaymentId, RefundId};
use crate::orders::OrderId;

/// Something about money that others want to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaymentEvent {
    /// All that the order owes came in.
    OrderPaid(OrderId),
    /// Somebody is paying the order.
    OrderPending(OrderId),
    /// A payment of the order failed, or its customer has to try again.
    OrderPaymentFailed(OrderId),
    /// Money came in that the order does not owe.
    OrderLatePayment(OrderId),
    /// Money is held for the shop.
    Authorised(PaymentId),
    /// Money was taken.
    Captured(PaymentId),
    /// The payment was given up.
    Voided(PaymentId),
    /// Money that is held for the shop will not be for much longer.
    AuthorisationExpiring(PaymentId),
    /// Something about the payment does not add up.
    Finding(PaymentId),
    /// It was decided that money goes back.
    RefundCreated(RefundId),
    /// Money went back.
    RefundSucceeded(RefundId),
    /// Money did not go back, or bounced.
    RefundFailed(RefundId),
    /// A customer disputes a payment at the bank.
    DisputeOpened(DisputeId),
    /// A dispute was decided.
    DisputeClosed(DisputeId),
}
