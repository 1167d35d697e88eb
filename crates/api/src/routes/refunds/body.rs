use domain::payments::{Refund, RefundId, RefundOrigin, RefundReason, RefundStatus};
use serde::Serialize;

use crate::example;
use crate::respond::{Body, Id, Money, Timestamp, Word};
use crate::schema::{Apiv2Schema, ResponseBody};

/// Money that goes back to a customer.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "Refund")]
pub(crate) struct RefundBody {
    id: Id,
    order_id: Id,
    /// The payment that it goes back from.
    payment_id: Id,
    amount: Money,
    status: Word<RefundStatus>,
    /// Where it was decided.
    origin: Word<RefundOrigin>,
    /// Why, in a word.
    reason: String,
    /// Why, in the words of whoever decided it; for staff.
    note: Option<String>,
    /// How the provider calls it, or what names the money that was paid by other means.
    reference: Option<String>,
    created_at: Timestamp,
    finished_at: Option<Timestamp>,
    version: i64,
}

impl From<&Refund> for RefundBody {
    fn from(refund: &Refund) -> Self {
        let amount = domain::Money { amount: refund.amount, currency: refund.currency };
        Self {
            id: Id(refund.id.0),
            order_id: Id(refund.order_id.0),
            payment_id: Id(refund.payment_id.0),
            amount: amount.into(),
            status: refund.status.as_str().into(),
            origin: refund.origin.as_str().into(),
            reason: refund.reason.as_str().to_owned(),
            note: refund.note.as_ref().map(ToString::to_string),
            reference: refund.reference.as_ref().map(|reference| reference.as_str().to_owned()),
            created_at: Timestamp(refund.created_at),
            finished_at: refund.finished_at.map(Timestamp),
            version: refund.version.0,
        }
    }
}

impl RefundBody {
    /// The refund as its customer sees it.
    pub(super) fn without_note(self) -> Self {
        Self { note: None, ..self }
    }
}

impl ResponseBody for RefundBody {
    fn example() -> Self {
        Self::from(&example_refund())
    }
}

/// A refund of the example shop.
pub(crate) fn example_refund() -> Refund {
    let payment = crate::routes::payments::body::example_payment();
    let reason = RefundReason::from_trusted("damaged".to_owned());
    let refund = Refund::new(RefundId(example::id()), &payment, payment.amount, reason, example::NOW);
    Refund { status: RefundStatus::Succeeded, finished_at: Some(example::NOW), ..refund }
}

impl Body for RefundBody {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}
