use super::PaymentsUpdate;
use crate::payments::attempts::next_try;
use crate::payments::{
    OperationId, OperationKind, OperationStatus, Payment, PaymentId, PaymentOperation, PaymentStatus,
};
use crate::{UtcDateTime, Uuid};

/// After a refused void, the waits start as if so many tries had been made before.
const VOID_WAITS_FROM: i64 = 3;

/// Why a payment cannot be given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VoidRefused {
    /// Money was taken, or is being taken. It can be refunded.
    Captured,
    /// Money is held for the shop. Only staff may give that up.
    Authorised,
}

impl PaymentsUpdate<'_> {
    /// Gives a payment up. Returns what the provider is asked; `None` if it is given up already, or nobody need be asked.
    ///
    /// # Errors
    /// If money was taken, or is held and the staff have to decide.
    pub fn void(
        &mut self,
        id: PaymentId,
        by_admin: bool,
        holder: Option<Uuid>,
    ) -> Result<Option<OperationId>, VoidRefused> {
        let Some(payment) = self.after.payment(id) else { return Ok(None) };
        match payment.status {
            PaymentStatus::Voided | PaymentStatus::Failed => return Ok(None),
            _ if !payment.is_untaken() => return Err(VoidRefused::Captured),
            PaymentStatus::Authorised if !by_admin => return Err(VoidRefused::Authorised),
            _ => {}
        }
        self.give_up(id, holder);
        Ok(self.voiding(id))
    }

    /// Until when a provider that refused to void a payment is not asked again: 5 minutes, after another refusal 30, and
    /// then an hour. `None` if it may be asked now.
    pub(super) fn void_waits_until(&self, id: PaymentId) -> Option<UtcDateTime> {
        let is_refused = |one: &&PaymentOperation| {
            one.payment_id == id && one.kind == OperationKind::Void && one.status == OperationStatus::Refused
        };
        let refused: Vec<_> = self.after.operations.iter().filter(is_refused).collect();
        let last = refused.iter().filter_map(|one| one.finished_at).max()?;
        let times = i64::try_from(refused.len()).unwrap_or(i64::MAX / 2);
        let until = next_try(VOID_WAITS_FROM + times, None, last);
        (until > self.act.now).then_some(until)
    }

    /// Gives an open payment up. If people have received a part of it, it is closed as captured, and the provider is
    /// not asked.
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
