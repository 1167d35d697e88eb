use super::PaymentsUpdate;
use crate::UtcDateTime;
use crate::orders::{OrderBalance, OrderPaymentStatus};
use crate::payments::{Finding, OrderPayments, Payment, PaymentChanges, PaymentEvent, Refund, Settings};

/// What becomes of an update.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentsUpdated {
    /// The payments of the order after it.
    pub payments: OrderPayments,
    /// What is to be written.
    pub changes: PaymentChanges,
    /// The events to publish.
    pub events: Vec<PaymentEvent>,
}

impl PaymentsUpdate<'_> {
    /// Sums up: versions, the balance with its status and its time to pay, and what happened.
    pub fn finish(mut self) -> PaymentsUpdated {
        self.look_for_excess();
        let Self { act, before, after, transfers, events: noted } = self;
        let mut after = after.about_nobody();
        for payment in &mut after.payments {
            let former = before.payment(payment.id);
            if former.is_some_and(|former| former != payment) {
                *payment = Payment { updated_at: act.now, version: payment.version.next(), ..payment.clone() };
            }
        }
        for refund in &mut after.refunds {
            if before.refund(refund.id).is_some_and(|former| former != refund) {
                *refund = Refund { version: refund.version.next(), ..refund.clone() };
            }
        }
        after.balance = after.balance.updated(&before.balance, &after.payments, act.now, act.settings);
        let events = after.events_since(&before).into_iter().chain(noted).collect();
        PaymentsUpdated { changes: after.changes_since(&before, transfers), payments: after, events }
    }

    /// Sets the finding `Overpaid` while the order keeps more than it owes, also after a failed refund, and removes it
    /// afterwards. It is set on the newest payment that can be refunded, unless a payment has another finding.
    fn look_for_excess(&mut self) {
        if self.excess() == 0 {
            for id in self.after.payments.iter().map(|payment| payment.id).collect::<Vec<_>>() {
                self.no_longer(id, Finding::Overpaid);
            }
        } else if self.after.payments.iter().all(|payment| payment.finding.is_none()) {
            let able = self.after.payments.iter().rev().find(|payment| payment.refundable() > 0);
            if let Some(id) = able.map(|payment| payment.id) {
                self.found(id, Finding::Overpaid);
            }
        }
    }
}

impl OrderBalance {
    /// The balance after a change of these payments.
    fn updated(&self, before: &Self, payments: &[Payment], now: UtcDateTime, settings: &Settings) -> Self {
        let terms = self.terms_with(payments, settings.is_required);
        let summed = Self { terms, ..self.clone() }.summed(payments);
        let pay_by = summed.time_to_pay(before.status, now, settings);
        let summed = Self { pay_by, ..summed };
        if summed == *before {
            return summed;
        }
        Self { updated_at: now, version: summed.version.next(), ..summed }
    }

    /// Until when the order waits for its payment. If it is unpaid again because a payment failed, it gets the usual
    /// time, unless less was left.
    fn time_to_pay(&self, before: OrderPaymentStatus, now: UtcDateTime, settings: &Settings) -> Option<UtcDateTime> {
        if !self.awaits_payment() {
            return None;
        }
        let usual = now + settings.hold;
        let is_unpaid_again = self.status == OrderPaymentStatus::Unpaid && before != OrderPaymentStatus::Unpaid;
        Some(match self.pay_by {
            Some(pay_by) if is_unpaid_again => pay_by.min(usual),
            Some(pay_by) => pay_by,
            None => usual,
        })
    }
}
