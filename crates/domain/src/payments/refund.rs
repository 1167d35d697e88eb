use super::{Payment, PaymentId, PaymentKind, Reference, RefundId, RefundReason};
use crate::orders::{Note, OrderId};
use crate::word::words;
use crate::{Currency, UniqueKey, UtcDateTime, Uuid, Version};

words! {
    /// Whether money that is to go back has gone.
    RefundStatus {
        /// Decided; the money is on its way or waits for the provider.
        Pending = "pending",
        /// The money went back.
        Succeeded = "succeeded",
        /// The money did not go back, or bounced. It is still owed.
        Failed = "failed",
    }
}

words! {
    /// Where a refund was decided.
    RefundOrigin {
        /// In the shop; the provider carries it out.
        Shop = "shop",
        /// On the provider's site.
        Provider = "provider",
        /// In the shop, and paid by other means.
        Outside = "outside",
    }
}

/// Money that goes back to a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    /// A `UUIDv7`: sorts by time of creation.
    pub id: RefundId,
    /// The order whose money goes back.
    pub order_id: OrderId,
    /// The payment that it goes back from.
    pub payment_id: PaymentId,
    /// Minor units.
    pub amount: i64,
    /// Of `amount`: the currency of the payment.
    pub currency: Currency,
    /// Why, in a word.
    pub reason: RefundReason,
    /// Why, in the words of the staff.
    pub note: Option<Note>,
    /// The current status.
    pub status: RefundStatus,
    /// Where it was decided.
    pub origin: RefundOrigin,
    /// How the provider calls it, or what names the money that was paid outside.
    pub reference: Option<Reference>,
    /// The id of the account of staff, or of the API key, that asked for it; `None` for customers and for the shop itself.
    pub requested_by: Option<Uuid>,
    /// Time of creation.
    pub created_at: UtcDateTime,
    /// When it succeeded or failed.
    pub finished_at: Option<UtcDateTime>,
    /// 1 when created, one more with each change.
    pub version: Version,
}

impl Refund {
    /// The refunds of a payment have different references.
    pub const UNIQUE_REFERENCE: UniqueKey =
        UniqueKey { field: "reference", taken: "belongs to another refund of the payment" };
    /// The same, where the reference names money that was paid outside.
    pub const UNIQUE_OUTSIDE: UniqueKey = UniqueKey { field: "outside.reference", ..Self::UNIQUE_REFERENCE };

    /// A refund that the shop has decided on, and that is not paid yet. `amount` is in minor units.
    pub const fn new(id: RefundId, payment: &Payment, amount: i64, reason: RefundReason, now: UtcDateTime) -> Self {
        Self {
            id,
            order_id: payment.order_id,
            payment_id: payment.id,
            amount,
            currency: payment.currency,
            reason,
            note: None,
            status: RefundStatus::Pending,
            origin: RefundOrigin::Shop,
            reference: None,
            requested_by: None,
            created_at: now,
            finished_at: None,
            version: Version::FIRST,
        }
    }

    /// Whether somebody of the shop has to pay it and to say so, because no provider does. `kind` is that of its payment.
    pub fn is_to_pay_by_hand(&self, kind: PaymentKind) -> bool {
        self.is_by_hand(kind) && self.status == RefundStatus::Pending
    }

    /// Whether people pay it, and no provider.
    pub(super) fn is_by_hand(&self, kind: PaymentKind) -> bool {
        self.origin == RefundOrigin::Shop && !kind.is_online()
    }
}
