use super::PaymentsUpdate;
use crate::Uuid;
use crate::payments::{Capabilities, OperationId, OperationKind, PaymentId, PaymentStatus};

/// Why an amount cannot be captured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaptureRefused {
    /// Nothing can be captured.
    Nothing,
    /// Only this much can be captured: the smaller of what is held and what is due.
    AtMost(i64),
    /// The provider captures all that is held, which is this much, or nothing.
    OnlyAll(i64),
    /// The amount is not a multiple of this, as the provider takes it.
    NotChargeable {
        /// The smallest step, in minor units.
        step: i64,
    },
}

impl PaymentsUpdate<'_> {
    /// Takes money that is held: `amount`, or the smaller of what is held and what is due.
    ///
    /// # Errors
    /// If so much cannot be captured.
    pub fn capture(
        &mut self,
        id: PaymentId,
        amount: Option<i64>,
        can: &Capabilities,
        holder: Option<Uuid>,
    ) -> Result<OperationId, CaptureRefused> {
        let held = self.capturable(id, can);
        let under_way: i64 = self.after.payments.iter().map(|payment| payment.capture_pending).sum();
        let most = held.min(self.due() - under_way);
        if most <= 0 {
            return Err(CaptureRefused::Nothing);
        }
        let amount = amount.unwrap_or_else(|| can.part(most, held));
        match () {
            () if amount > most => return Err(CaptureRefused::AtMost(most)),
            () if amount < held && !can.partial_capture => return Err(CaptureRefused::OnlyAll(held)),
            () if amount == 0 || !can.can_part(amount, held) => {
                return Err(CaptureRefused::NotChargeable { step: can.step });
            }
            () => {}
        }
        if let Some(payment) = self.payment_mut(id) {
            payment.capture_pending += amount;
        }
        Ok(self.ask(id, OperationKind::Capture, Some(amount), None, holder))
    }

    /// The authorised amount of a payment that can still be captured, in minor units. If the provider captures only
    /// once, it is 0 after the first capture.
    fn capturable(&self, id: PaymentId, can: &Capabilities) -> i64 {
        let Some(payment) = self.after.payment(id).filter(|_| self.voiding(id).is_none()) else { return 0 };
        let may = match payment.status {
            PaymentStatus::Authorised => can.multi_capture || payment.capture_pending == 0,
            PaymentStatus::Captured => can.multi_capture,
            _ => false,
        };
        if may { payment.authorised - payment.captured - payment.capture_pending } else { 0 }
    }
}
