use super::{OperationId, OperationKey, PaymentId, ProviderError, RefundId};
use crate::word::words;
use crate::{Lease, UtcDateTime, Uuid};

words! {
    /// What a provider is asked to do.
    OperationKind {
        /// To open a payment, which the customer may have to confirm.
        Begin = "begin",
        /// To take money that is held.
        Capture = "capture",
        /// To give a payment up.
        Void = "void",
        /// To give money back.
        Refund = "refund",
    }
}

words! {
    /// Whether a provider has done what it was asked.
    OperationStatus {
        /// To be done, or being done.
        Pending = "pending",
        /// The provider did it.
        Done = "done",
        /// The provider refused it for good, or it has become pointless.
        Refused = "refused",
        /// Nobody can tell whether the provider did it. The staff have to find out.
        Unknown = "unknown",
    }
}

/// Something that a provider is asked to do about a payment. It is committed before the provider is called, is never
/// deleted, and its amount never changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentOperation {
    /// A `UUIDv7`: operations of one payment are carried out one at a time, in order of id.
    pub id: OperationId,
    /// The payment that the provider is asked about.
    pub payment_id: PaymentId,
    /// The refund that it carries out.
    pub refund_id: Option<RefundId>,
    /// What is asked.
    pub kind: OperationKind,
    /// How much, in minor units, for a capture or a refund.
    pub amount: Option<i64>,
    /// Counts the keys that were used, from 1 to [`PaymentOperation::GENERATIONS`].
    pub generation: i64,
    /// When the present key was first used.
    pub key_since: UtcDateTime,
    /// The current status.
    pub status: OperationStatus,
    /// How often it was tried.
    pub attempts: i64,
    /// When it is tried next; `None` if it is finished.
    pub next_at: Option<UtcDateTime>,
    /// Who carries it out.
    pub lease: Option<Lease>,
    /// The id of the account of staff, or of the API key, that asked for it; `None` for customers and for the shop itself.
    pub requested_by: Option<Uuid>,
    /// What went wrong last.
    pub error: Option<ProviderError>,
    /// Time of creation.
    pub created_at: UtcDateTime,
    /// When it was finished.
    pub finished_at: Option<UtcDateTime>,
}

impl PaymentOperation {
    /// The most keys of one operation.
    pub const GENERATIONS: i64 = 9;

    /// An operation that nobody has tried yet.
    pub const fn new(id: OperationId, payment_id: PaymentId, kind: OperationKind, now: UtcDateTime) -> Self {
        Self {
            id,
            payment_id,
            refund_id: None,
            kind,
            amount: None,
            generation: 1,
            key_since: now,
            status: OperationStatus::Pending,
            attempts: 0,
            next_at: Some(now),
            lease: None,
            requested_by: None,
            error: None,
            created_at: now,
            finished_at: None,
        }
    }

    /// The key that the provider gets.
    pub const fn key(&self) -> OperationKey {
        OperationKey { operation: self.id, generation: self.generation }
    }

    /// When whoever comes next may carry it out; `None` if it is finished, or somebody carries it out.
    pub fn waits_until(&self) -> Option<UtcDateTime> {
        let is_pending = self.status == OperationStatus::Pending && self.lease.is_none();
        self.next_at.filter(|_| is_pending)
    }

    /// Whether it is neither done nor refused, so that later operations of the payment wait, and what it has reserved
    /// stays so.
    pub const fn is_unfinished(&self) -> bool {
        matches!(self.status, OperationStatus::Pending | OperationStatus::Unknown)
    }
}
