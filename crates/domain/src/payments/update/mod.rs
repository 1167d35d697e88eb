//! The rules by which the payments of an order change.

mod begin;
mod cancel;
mod capture;
mod disputes;
mod erased;
mod events;
mod expire;
mod expiring;
mod finish;
mod operations;
mod receive;
mod refund;
mod refunds;
mod resolve;
mod settle;
mod void;

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

pub use begin::{BeginRefused, Begun, PaymentRequest};
pub use capture::CaptureRefused;
pub use expire::Expiry;
pub use finish::PaymentsUpdated;
pub use operations::{Claim, NextStep, OperationResult, Said};
pub use receive::ReceiveRefused;
pub use refund::{RefundRefused, RefundRequest};
pub use resolve::{Resolution, ResolveRefused};
pub use settle::Settled;
pub use void::VoidRefused;

use super::{
    Finding, OperationId, OperationKind, OrderPayments, Payment, PaymentEvent, PaymentId, PaymentOperation, RefundId,
    Settings, Transfer,
};
use crate::{Lease, UtcDateTime, Uuid};

/// When and for whom payments change.
#[derive(Clone, Copy)]
pub struct Act<'a> {
    /// When it happens, by the clock of the database.
    pub now: UtcDateTime,
    /// Makes ids.
    pub new_id: &'a (dyn Fn() -> Uuid + Sync),
    /// The id of the account of staff, or of the API key, that asks; `None` for customers and for the shop itself.
    pub by: Option<Uuid>,
    /// What the shop says about unpaid orders and about money that no order owes.
    pub settings: &'a Settings,
}

/// A change of the payments of an order, as it is worked out: rules change it, and [`PaymentsUpdate::finish`] sums up
/// what is to be written and announced. The balance of the order is locked.
pub struct PaymentsUpdate<'a> {
    act: Act<'a>,
    before: OrderPayments,
    after: OrderPayments,
    transfers: Vec<Transfer>,
    events: Vec<PaymentEvent>,
}

impl<'a> PaymentsUpdate<'a> {
    /// Nothing has changed yet.
    pub fn new(before: OrderPayments, act: Act<'a>) -> Self {
        Self { act, after: before.clone(), before, transfers: Vec::new(), events: Vec::new() }
    }

    /// What the payments are now. Sums and versions are those before the change.
    pub const fn payments(&self) -> &OrderPayments {
        &self.after
    }

    fn payment_mut(&mut self, id: PaymentId) -> Option<&mut Payment> {
        self.after.payments.iter_mut().find(|payment| payment.id == id)
    }

    fn operation_mut(&mut self, id: OperationId) -> Option<&mut PaymentOperation> {
        self.after.operations.iter_mut().find(|operation| operation.id == id)
    }

    /// Writes down what a provider is asked. Without earlier operations of the payment the holder may carry it out at
    /// once; without a holder, or with such, whoever comes next does.
    fn ask(
        &mut self,
        payment_id: PaymentId,
        kind: OperationKind,
        amount: Option<i64>,
        refund_id: Option<RefundId>,
        holder: Option<Uuid>,
    ) -> OperationId {
        let now = self.act.now;
        let waits = self.unfinished(payment_id).next().is_some();
        let lease = holder.filter(|_| !waits).map(|holder| Lease { holder, until: now + PaymentOperation::LEASE });
        let id = OperationId((self.act.new_id)());
        self.after.operations.push(PaymentOperation {
            refund_id,
            amount,
            attempts: i64::from(lease.is_some()),
            lease,
            requested_by: self.act.by,
            ..PaymentOperation::new(id, payment_id, kind, now)
        });
        id
    }

    /// The operations of a payment that are not finished, in the order in which they are carried out.
    fn unfinished(&self, payment_id: PaymentId) -> impl Iterator<Item = &PaymentOperation> {
        let own = self.after.operations.iter().filter(move |operation| operation.payment_id == payment_id);
        own.filter(|operation| operation.is_unfinished())
    }

    /// The operation that gives a payment up, if there is one under way.
    fn voiding(&self, payment_id: PaymentId) -> Option<OperationId> {
        self.unfinished(payment_id)
            .find(|operation| operation.kind == OperationKind::Void)
            .map(|operation| operation.id)
    }

    /// Notes what does not add up about a payment.
    fn found(&mut self, id: PaymentId, finding: Finding) {
        if let Some(payment) = self.payment_mut(id) {
            payment.finding = Some(finding);
        }
    }

    /// A finding that does not hold any more.
    fn no_longer(&mut self, id: PaymentId, finding: Finding) {
        if let Some(payment) = self.payment_mut(id).filter(|payment| payment.finding == Some(finding)) {
            payment.finding = None;
        }
    }

    /// What all payments of the order keep, above what it owes.
    fn excess(&self) -> i64 {
        let kept: i64 = self.after.payments.iter().map(Payment::kept).sum();
        (kept - self.after.balance.payable()).max(0)
    }

    /// What is still to be paid now.
    fn due(&self) -> i64 {
        let captured: i64 = self.after.payments.iter().map(|payment| payment.captured).sum();
        (self.after.balance.payable() - captured).max(0)
    }
}
