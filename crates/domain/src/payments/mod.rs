//! Payments: what an order owes, what came in, what went back, and what providers are asked to do about it.
//!
//! An order is placed first and paid after. Its [`OrderBalance`](crate::orders::OrderBalance) says what is owed. A
//! [`Payment`] is one way in which a customer pays. What a provider is asked to do is a [`PaymentOperation`], which is
//! committed before the provider is called; what the provider says is a [`Snapshot`], and [`PaymentsUpdate::settle`]
//! takes it over. Amounts are minor units of the shop's currency.

mod amount;
mod attempts;
mod balance;
mod difference;
mod dispute;
mod event;
mod ledger;
mod names;
mod notice;
mod operation;
mod order_payments;
mod payable;
mod payment;
mod ports;
mod provider;
mod refund;
mod settings;
mod transition;
mod update;

pub use amount::Amount;
pub use attempts::{Approach, CallOutcome, Next, next_try};
pub use difference::{Difference, Sides};
pub use dispute::{Dispute, DisputeStatus};
pub use event::PaymentEvent;
pub use ledger::{LedgerAccount, LedgerCause, Transfer};
pub use names::{
    EventId, MethodLabel, MethodName, NoticeKind, OperationKey, ProviderCode, ProviderMessage, ProviderName, Reference,
    RefundReason, ReturnUrl,
};
pub use notice::{NoticeStatus, PaymentNotice};
pub use operation::{OperationKind, OperationStatus, PaymentOperation};
pub use order_payments::{OrderPayments, PaymentChanges, Written};
pub use payable::Unpayable;
pub use payment::{CaptureMode, Finding, Payment, PaymentKind, PaymentStatus, Receipt};
pub use ports::*;
pub use provider::{
    BadNotice, Capabilities, Headers, NewPayment, NextAction, Notice, PaymentMethod, PaymentProviders, ProviderAnswer,
    ProviderDispute, ProviderError, ProviderRefund, Snapshot,
};
pub use refund::{Refund, RefundOrigin, RefundStatus};
pub use settings::{LatePolicy, Settings};
pub use update::{
    Act, BeginRefused, Begun, CaptureRefused, Claim, Expiry, NextStep, OperationResult, PaymentRequest, PaymentsUpdate,
    PaymentsUpdated, ReceiveRefused, RefundRefused, RefundRequest, Resolution, ResolveRefused, Said, Settled,
    VoidRefused,
};

crate::id::id! {
    /// The id of a payment.
    PaymentId
}

crate::id::id! {
    /// The id of an operation of a payment.
    OperationId
}

crate::id::id! {
    /// The id of a refund.
    RefundId
}

crate::id::id! {
    /// The id of a dispute.
    DisputeId
}
