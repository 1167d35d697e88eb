use std::time::Duration;

use super::{MethodLabel, MethodName, PaymentId, ProviderError, ProviderName, Reference, ReturnUrl};
use crate::customers::CustomerId;
use crate::orders::{OrderBalance, OrderId};
use crate::word::words;
use crate::{Currency, Date, Money, UniqueKey, UtcDateTime, Version};

words! {
    /// How far a payment has come.
    PaymentStatus {
        /// Written down; it is not known yet whether the provider has it.
        Pending = "pending",
        /// The customer has to do something, such as choosing a card or confirming.
        RequiresAction = "requires_action",
        /// The provider waits for the money.
        Processing = "processing",
        /// The money is held for the shop and not taken yet.
        Authorised = "authorised",
        /// Money was taken. Counters say how much.
        Captured = "captured",
        /// Given up before any money was taken.
        Voided = "voided",
        /// The provider gave it up.
        Failed = "failed",
    }
}

words! {
    /// What kind of payments a provider makes.
    PaymentKind {
        /// Online, mostly by card.
        Card = "card",
        /// A transfer that the staff find in the shop's account.
        BankTransfer = "bank_transfer",
        /// Cash on delivery.
        Cash = "cash",
        /// The test provider.
        Test = "test",
    }
}

words! {
    /// When the money of an authorised payment is taken.
    CaptureMode {
        /// At once.
        Automatic = "automatic",
        /// When the staff say so.
        Manual = "manual",
    }
}

words! {
    /// What does not add up about a payment, for the staff. The last one found is kept.
    Finding {
        /// What the provider says is about another order, amount, currency or reference.
        PaymentOfAnotherOrder = "payment_of_another_order",
        /// What the provider says contradicts itself: more went back than came in.
        Contradiction = "contradiction",
        /// More is in than the order owes, and nothing sends it back by itself.
        Overpaid = "overpaid",
        /// Nobody can tell whether the provider carried out an operation.
        UnknownOperation = "unknown_operation",
    }
}

impl PaymentKind {
    /// Whether a provider moves the money. If not, people do, and tell the shop.
    pub const fn is_online(self) -> bool {
        matches!(self, Self::Card | Self::Test)
    }
}

/// One way in which a customer pays for an order. Amounts are minor units of `currency`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// A `UUIDv7`: sorts by time of creation.
    pub id: PaymentId,
    /// The order that it pays for.
    pub order_id: OrderId,
    /// The customer of the order.
    pub customer_id: CustomerId,
    /// Who moves the money.
    pub provider: ProviderName,
    /// What kind of provider it is.
    pub kind: PaymentKind,
    /// How the provider calls it; `None` until it has answered.
    pub reference: Option<Reference>,
    /// The current status.
    pub status: PaymentStatus,
    /// Whether money is taken at once.
    pub capture: CaptureMode,
    /// The way to pay that the customer chose at the provider.
    pub method: Option<MethodName>,
    /// Where the customer's browser returns to.
    pub return_url: Option<ReturnUrl>,
    /// How it was paid, for people.
    pub method_label: Option<MethodLabel>,
    /// The currency of all its amounts.
    pub currency: Currency,
    /// What is to be paid by it.
    pub amount: i64,
    /// What was held for the shop at most. Never less than `captured`.
    pub authorised: i64,
    /// What was taken.
    pub captured: i64,
    /// What went back: the sum of its refunds that succeeded.
    pub refunded: i64,
    /// What its captures that are under way will take.
    pub capture_pending: i64,
    /// What its refunds that are under way will give back.
    pub refund_pending: i64,
    /// The sum of its disputes that are open or lost.
    pub disputed: i64,
    /// Until when the money is held.
    pub authorised_until: Option<UtcDateTime>,
    /// The `authorised_until` whose approach was announced.
    pub expiry_announced: Option<UtcDateTime>,
    /// What went wrong last.
    pub last_error: Option<ProviderError>,
    /// What does not add up.
    pub finding: Option<Finding>,
    /// Time of creation.
    pub created_at: UtcDateTime,
    /// Time of the last change.
    pub updated_at: UtcDateTime,
    /// 1 when created, one more with each change.
    pub version: Version,
}

impl PaymentStatus {
    /// Whether a payment in this status keeps its order from having another one.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::RequiresAction | Self::Processing | Self::Authorised)
    }
}

impl Payment {
    /// The payments of a provider have different references.
    pub const UNIQUE_REFERENCE: UniqueKey =
        UniqueKey { field: "reference", taken: "belongs to another payment of the provider" };

    /// How long before `authorised_until` that is announced.
    pub const EXPIRY_NOTICE: Duration = Duration::from_hours(24);

    /// A payment of an order, of which its provider does not know yet.
    pub fn new(
        id: PaymentId,
        owed: &OrderBalance,
        (provider, kind): (ProviderName, PaymentKind),
        amount: Money,
        now: UtcDateTime,
    ) -> Self {
        Self {
            id,
            order_id: owed.order_id,
            customer_id: owed.customer_id,
            provider,
            kind,
            reference: None,
            status: PaymentStatus::Pending,
            capture: CaptureMode::Automatic,
            method: None,
            return_url: None,
            method_label: None,
            currency: amount.currency,
            amount: amount.amount,
            authorised: 0,
            captured: 0,
            refunded: 0,
            capture_pending: 0,
            refund_pending: 0,
            disputed: 0,
            authorised_until: None,
            expiry_announced: None,
            last_error: None,
            finding: None,
            created_at: now,
            updated_at: now,
            version: Version::FIRST,
        }
    }

    /// Whether it keeps its order from having another one. At most one payment of an order is open.
    pub const fn is_open(&self) -> bool {
        self.status.is_open()
    }

    /// Whether nothing of it was taken, and nothing is being taken.
    pub const fn is_untaken(&self) -> bool {
        self.captured == 0 && self.capture_pending == 0
    }

    /// What is held for the shop and not taken: what can be captured if the provider captures once.
    pub const fn held(&self) -> i64 {
        match self.status {
            PaymentStatus::Authorised => self.authorised - self.captured,
            _ => 0,
        }
    }

    /// Whether to announce that the authorisation ends soon: within [`Self::EXPIRY_NOTICE`], with money still to be
    /// captured, and not announced yet.
    pub(super) fn is_expiry_to_announce(&self, now: UtcDateTime) -> bool {
        let ends_soon = |until: UtcDateTime| now < until && until <= now + Self::EXPIRY_NOTICE;
        // A provider that holds the money for some seconds more says nothing new.
        let is_announced =
            |until: UtcDateTime| self.expiry_announced.is_some_and(|known| until <= known + Self::EXPIRY_NOTICE);
        self.held() > self.capture_pending
            && self.authorised_until.is_some_and(|end| ends_soon(end) && !is_announced(end))
    }

    /// What can still go back.
    pub fn refundable(&self) -> i64 {
        (self.captured - self.refunded - self.refund_pending - self.disputed).max(0)
    }

    /// What came in and has not gone back, in minor units. Refunds under way are part of it.
    pub const fn unrefunded(&self) -> i64 {
        self.captured - self.refunded
    }

    /// What of it the shop keeps once all refunds under way are done.
    pub const fn kept(&self) -> i64 {
        self.unrefunded() - self.refund_pending
    }

    /// An amount in its currency.
    pub const fn money(&self, amount: i64) -> Money {
        Money { amount, currency: self.currency }
    }
}

/// Money that the staff found in the shop's account or till.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The provider of the payment. The same reference counts once for each provider.
    pub provider: ProviderName,
    /// What names the money, such as the bank's reference of the transfer.
    pub reference: Reference,
    /// What it pays.
    pub payment_id: PaymentId,
    /// Minor units.
    pub amount: i64,
    /// The day on which it came.
    pub received_on: Date,
    /// When it was written down.
    pub recorded_at: UtcDateTime,
}

impl Receipt {
    /// The same line of a bank statement counts once.
    pub const REFERENCE: UniqueKey =
        UniqueKey { field: "reference", taken: "belongs to money that was received already" };
}
