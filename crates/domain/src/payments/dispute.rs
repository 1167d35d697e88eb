use super::{DisputeId, PaymentId, ProviderCode, Reference};
use crate::UtcDateTime;
use crate::word::words;

words! {
    /// Whether a dispute is decided, and for whom.
    DisputeStatus {
        /// The money is gone until it is decided.
        Open = "open",
        /// The money came back.
        Won = "won",
        /// The money is lost.
        Lost = "lost",
    }
}

/// A payment that a customer disputes at the bank. It moves neither the status of the order nor its stock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispute {
    /// A `UUIDv7`: sorts by time of creation.
    pub id: DisputeId,
    /// The payment that the customer disputes.
    pub payment_id: PaymentId,
    /// How the provider calls it.
    pub reference: Reference,
    /// Minor units of the payment's currency.
    pub amount: i64,
    /// Why, as the provider's code.
    pub reason: ProviderCode,
    /// The current status.
    pub status: DisputeStatus,
    /// Until when the shop may answer.
    pub due_by: Option<UtcDateTime>,
    /// When it was opened, as far as the shop knows.
    pub opened_at: UtcDateTime,
    /// When it was decided.
    pub closed_at: Option<UtcDateTime>,
}
