use super::PaymentsUpdate;
use crate::Uuid;
use crate::payments::{OperationId, OperationKind, Payment, PaymentId, PaymentStatus};

/// Why a payment cannot be given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VoidRefused {
    /// Money was taken, or is being taken. It can be refunded.
    Captured,
    /// Money is held for the shop. Only an administrator may give that up.
    Authorised,
}

impl PaymentsUpdate<'_> {
    /// Gives a payment up. Returns what the provider is asked; `None` if it is given up already, or nobody need be asked.
    ///
    /// # Errors
    /// If money was taken, or is held and an administrator has to decide.
    pub fn void(
        &mut self,
        id: PaymentId,
        by_admin: bool,
        holder: Option<Uuid>,
    ) -> Result<Option<OperationId>, VoidRefused> {
        let Some(payment) = self.after.payment(id) else { return Ok(None) };
        match payment.status {
            PaymentStatus::Voided | PaymentStatus::Failed => return Ok(None),
            _ if payment.captured > 0 || payment.capture_pending > 0 => return Err(VoidRefused::Captured),
            PaymentStatus::Authorised if !by_admin => return Err(VoidRefused::Authorised),
            _ => {}
        }
        self.give_up(id, holder);
        Ok(self.voiding(id))
    }

    /// Gives an open payment up. One of which people have received a part awaits nothing more; its provider need not be
    /// asked.
    pub(super) fn give_up(&mut self, id: PaymentId, holder: Option<Uuid>) {
        let Some(payment) = self.payment_mut(id).filter(|payment| payment.is_open()) else { return };
        if payment.is_partly_received() {
            payment.status = PaymentStatus::Captured;
        } else if self.voiding(id).is_none() {
            self.ask(id, OperationKind::Void, None, None, holder);
        }
    }
}

impl Payment {
    /// Whether people have received a part of it.
    pub(super) const fn is_partly_received(&self) -> bool {
        !self.kind.is_online() && self.captured > 0
    }
}
