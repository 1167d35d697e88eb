use super::PaymentsUpdate;
use crate::payments::{PaymentEvent, PaymentId};

impl PaymentsUpdate<'_> {
    /// Adds the event that the authorisation of a payment ends soon, once. A payment that is being voided gets none.
    pub(super) fn warn_of_expiry(&mut self, id: PaymentId) {
        let now = self.act.now;
        if self.voiding(id).is_some() {
            return;
        }
        if let Some(payment) = self.payment_mut(id).filter(|payment| payment.is_expiry_to_announce(now)) {
            payment.expiry_announced = payment.authorised_until;
            self.events.push(PaymentEvent::AuthorisationExpiring(id));
        }
    }
}
