use domain::orders::OrderId;
use domain::payments::{LedgerAccount, LedgerCause, ProviderName, Transfer};
use serde::Serialize;

use crate::example;
use crate::respond::{Id, Money, Timestamp, Word, WrittenAsCsv};
use crate::schema::{Apiv2Schema, ResponseBody};

/// Money that moved from one account to another.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "Transfer")]
pub(crate) struct TransferBody {
    id: Id,
    at: Timestamp,
    order_id: Option<Id>,
    /// The account that gets it.
    debit: String,
    /// The account that gives it.
    credit: String,
    amount: Money,
    /// What made it move.
    cause: Word<LedgerCause>,
    /// The id of the payment, refund or dispute.
    cause_id: Id,
    /// Which transfer of its cause it is.
    part: i64,
}

impl From<&Transfer> for TransferBody {
    fn from(transfer: &Transfer) -> Self {
        let amount = domain::Money { amount: transfer.amount, currency: transfer.currency };
        Self {
            id: Id(transfer.id),
            at: Timestamp(transfer.at),
            order_id: transfer.order_id.map(|order| Id(order.0)),
            debit: transfer.debit.to_string(),
            credit: transfer.credit.to_string(),
            amount: amount.into(),
            cause: transfer.cause.as_str().into(),
            cause_id: Id(transfer.cause_id),
            part: transfer.part,
        }
    }
}

impl WrittenAsCsv for TransferBody {
    const HEAD: &'static [&'static str] =
        &["id", "at", "order_id", "debit", "credit", "amount", "currency", "cause", "cause_id", "part"];
}

impl ResponseBody for TransferBody {
    fn example() -> Self {
        let order = example::order();
        Self::from(&Transfer {
            id: example::id(),
            at: example::NOW,
            order_id: Some(OrderId(order.id.0)),
            debit: LedgerAccount::Clearing(ProviderName::from_trusted("stripe".to_owned())),
            credit: LedgerAccount::Customer,
            amount: order.total.amount,
            currency: order.total.currency,
            cause: LedgerCause::Payment,
            cause_id: example::id(),
            part: order.total.amount,
        })
    }
}
