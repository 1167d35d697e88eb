use super::{PaymentsUpdate, Settled};
use crate::payments::{OperationStatus, PaymentId, PaymentStatus, Reference, RefundId, RefundStatus, Snapshot};

/// Why people cannot have moved this money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReceiveRefused {
    /// A provider moves it, and says so itself.
    Online,
    /// It is finished already: the refund, by this status.
    Finished(RefundStatus),
    /// The provider does not have the payment yet.
    NotBegun,
    /// Another refund of the payment has the reference.
    ReferenceTaken,
}

impl PaymentsUpdate<'_> {
    /// Takes over money that the staff have found. Less than what was to be paid leaves the payment open.
    ///
    /// # Errors
    /// If people do not move the money of the payment.
    pub fn receive(&mut self, id: PaymentId, amount: i64) -> Result<Settled, ReceiveRefused> {
        let payment = self.after.payment(id).cloned().ok_or(ReceiveRefused::NotBegun)?;
        if payment.kind.is_online() {
            return Err(ReceiveRefused::Online);
        }
        let reference = payment.reference.clone().ok_or(ReceiveRefused::NotBegun)?;
        let captured = payment.captured + amount;
        let is_all = captured >= payment.amount || !payment.is_open();
        let status = if is_all { PaymentStatus::Captured } else { payment.status };
        let said = Snapshot { status, captured, ..Snapshot::of(&payment, reference) };
        Ok(self.settle(id, &said, payment.version))
    }

    /// The staff have given money back by hand.
    ///
    /// # Errors
    /// If a provider gives it back, it is not pending, or the reference is that of another refund.
    pub fn refund_paid(&mut self, id: RefundId, reference: Reference) -> Result<(), ReceiveRefused> {
        let refund = self.after.refund(id).cloned().ok_or(ReceiveRefused::NotBegun)?;
        let payment = self.after.payment(refund.payment_id);
        if payment.is_none_or(|payment| !refund.is_by_hand(payment.kind)) {
            return Err(ReceiveRefused::Online);
        }
        if refund.status != RefundStatus::Pending {
            return Err(ReceiveRefused::Finished(refund.status));
        }
        if self.named(refund.payment_id, &reference).is_some_and(|other| other.id != id) {
            return Err(ReceiveRefused::ReferenceTaken);
        }
        if let Some(refund) = self.after.refunds.iter_mut().find(|refund| refund.id == id) {
            refund.reference = Some(reference);
        }
        self.refund_becomes(id, RefundStatus::Succeeded);
        // Nobody need be asked any more.
        let asked = self.after.operations.iter().find(|operation| operation.refund_id == Some(id));
        if let Some(id) = asked.filter(|operation| operation.is_unfinished()).map(|operation| operation.id) {
            self.close(id, OperationStatus::Done, None);
        }
        Ok(())
    }
}
