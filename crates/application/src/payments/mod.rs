//! Payments: beginning, capturing, giving up and refunding them, and taking over what providers say.
//!
//! A command writes down what a provider is to do. [`Payments`] asks the provider after the commit, with no transaction
//! open, and then runs a command that takes over the answer.

mod accept;
mod ask;
mod audit;
mod begin;
mod capture;
mod compare;
mod expire;
mod find;
mod operation;
mod perform;
mod process;
mod purge;
mod receive;
mod reconcile;
mod refund;
mod refund_paid;
mod resolve;
mod settle;
mod sync;
mod void;
mod work;

#[cfg(test)]
pub(crate) mod testing;

pub use accept::{AcceptNotice, Accepted};
pub use ask::{Acted, Asked, Claimed};
pub use begin::BeginPayment;
pub use capture::CapturePayment;
pub use compare::Comparison;
pub use expire::{ExpireOrder, Expired};
pub use operation::{AnswerOperation, Answered, ClaimOperation};
pub use perform::{Payments, PaymentsParts, Performed};
pub use process::{FinishNotice, NoticeEnd};
pub use purge::PurgeNotices;
pub use receive::ReceivePayment;
pub use refund::RefundOrder;
pub use refund_paid::RefundPaid;
pub use resolve::ResolveOperation;
pub use settle::{SettlePayment, SettledPayment};
pub use void::VoidPayment;
