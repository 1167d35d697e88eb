use super::PaymentsUpdate;
use crate::Uuid;
use crate::orders::Note;
use crate::payments::{
    Capabilities, OperationKind, Payment, PaymentId, Reference, Refund, RefundId, RefundOrigin, RefundReason,
    RefundStatus,
};

/// Money that the staff give back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundRequest {
    /// How much, in minor units, above 0.
    pub amount: i64,
    /// The payment; `None` for the newest that can give all of it.
    pub payment_id: Option<PaymentId>,
    /// Why, in a word.
    pub reason: RefundReason,
    /// Why, in the words of the staff.
    pub note: Option<Note>,
    /// What names the money if it was paid by other means; `None` if it goes back the way it came.
    pub outside: Option<Reference>,
    /// The server that will ask the provider.
    pub holder: Uuid,
}

/// Why money cannot go back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefundRefused {
    /// No payment, or not the one that was named, can give that much. Has what each can, newest first.
    NotRefundable(Vec<(PaymentId, i64)>),
    /// The provider gives back all or nothing.
    OnlyAll {
        /// All of it, in minor units.
        all: i64,
    },
    /// The amount is not a multiple of this, as the provider takes it.
    NotChargeable {
        /// The smallest step, in minor units.
        step: i64,
    },
    /// Another refund of the payment has the reference of the money that was paid outside.
    ReferenceTaken,
}

impl PaymentsUpdate<'_> {
    /// Gives money back. `can` says what the provider of a payment can do, if it is still there.
    ///
    /// # Errors
    /// If no payment can give so much back, or the reference of what was paid outside is that of another refund.
    pub fn refund(
        &mut self,
        request: &RefundRequest,
        can: impl Fn(&Payment) -> Option<Capabilities>,
    ) -> Result<RefundId, RefundRefused> {
        let amount = request.amount;
        let is_meant = |payment: &&Payment| request.payment_id.is_none_or(|id| id == payment.id);
        let found = self.after.payments.iter().rev().filter(is_meant).find(|payment| payment.refundable() >= amount);
        let payment = found.cloned().ok_or_else(|| RefundRefused::NotRefundable(self.refundable()))?;
        let refund = Refund { note: request.note.clone(), ..self.new_refund(&payment, amount, request.reason.clone()) };
        let id = refund.id;
        if let Some(reference) = &request.outside {
            if self.named(payment.id, reference).is_some() {
                return Err(RefundRefused::ReferenceTaken);
            }
            let origin = RefundOrigin::Outside;
            self.add_refund(Refund { origin, reference: Some(reference.clone()), ..refund });
            self.refund_becomes(id, RefundStatus::Succeeded);
            return Ok(id);
        }
        if let Some(can) = can(&payment) {
            let all = payment.captured;
            match () {
                () if amount != all && !can.partial_refund => return Err(RefundRefused::OnlyAll { all }),
                () if !can.can_part(amount, payment.refundable()) => {
                    return Err(RefundRefused::NotChargeable { step: can.step });
                }
                () => {}
            }
        }
        self.send_back(refund, Some(request.holder));
        Ok(id)
    }

    /// What each payment can still give back, newest first.
    pub fn refundable(&self) -> Vec<(PaymentId, i64)> {
        let able = self.after.payments.iter().rev().filter(|payment| payment.refundable() > 0);
        able.map(|payment| (payment.id, payment.refundable())).collect()
    }

    /// Gives back up to `most` of a payment, and returns how much.
    pub(super) fn give_back_of(&mut self, id: PaymentId, most: i64, reason: &RefundReason) -> i64 {
        let Some(payment) = self.after.payment(id).cloned() else { return 0 };
        let amount = payment.refundable().min(most);
        if amount > 0 {
            self.send_back(self.new_refund(&payment, amount, reason.clone()), None);
        }
        amount
    }

    fn send_back(&mut self, refund: Refund, holder: Option<Uuid>) {
        let (id, payment_id, amount) = (refund.id, refund.payment_id, refund.amount);
        self.add_refund(refund);
        self.ask(payment_id, OperationKind::Refund, Some(amount), Some(id), holder);
    }
}

impl RefundReason {
    /// The word for money that the order did not owe.
    pub const LATE_PAYMENT: &str = "late_payment";

    /// The reason for a refund of money that the order did not owe.
    pub(super) fn late() -> Self {
        Self::from_trusted(Self::LATE_PAYMENT.to_owned())
    }

    /// The reason for a refund that was made on the site of the provider.
    pub(super) fn of_provider() -> Self {
        Self::from_trusted("provider".to_owned())
    }

    /// The reason for the refund of a cancelled order.
    pub(super) fn cancelled() -> Self {
        Self::from_trusted("order_cancelled".to_owned())
    }
}
