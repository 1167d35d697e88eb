use super::PaymentsUpdate;
use crate::Version;
use crate::payments::{
    Finding, LatePolicy, LedgerAccount, LedgerCause, Payment, PaymentEvent, PaymentId, PaymentStatus, RefundReason,
    Snapshot, Transfer,
};

/// The result of applying the snapshot of a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// All of it that is new was taken over.
    Applied,
    /// What counts was taken over. The payment has changed since the provider was asked, and both are undecided: ask
    /// again.
    Stale,
    /// It does not add up, and nothing was taken over.
    Refused(Finding),
}

impl PaymentsUpdate<'_> {
    /// Takes over what a provider says of a payment. `asked_at` is the version of the payment before the provider was
    /// asked. The same again, or something older, changes nothing.
    pub fn settle(&mut self, id: PaymentId, said: &Snapshot, asked_at: Version) -> Settled {
        let Some(before) = self.after.payment(id).cloned() else {
            return Settled::Refused(Finding::PaymentOfAnotherOrder);
        };
        if !before.is_meant_by(said) {
            self.found(id, Finding::PaymentOfAnotherOrder);
            return Settled::Refused(Finding::PaymentOfAnotherOrder);
        }
        let is_fresh = before.version == asked_at;
        let payment = before.clone().reported(said, is_fresh);
        let is_stale = !is_fresh && before.status.is_undecided() && said.status != before.status && {
            before.status.after(said.status).is_undecided() && said.status.is_undecided()
        };
        let (payments, transfers) = (self.after.clone(), self.transfers.len());
        if let Some(place) = self.payment_mut(id) {
            *place = payment.clone();
        }
        if payment.captured > before.captured {
            self.transfers.push(self.captured(&payment, payment.captured - before.captured));
        }
        self.settle_refunds(id, said);
        self.settle_disputes(id, said);
        if self.after.payment(id).is_some_and(|payment| payment.refunded > payment.captured) {
            self.after = payments;
            self.transfers.truncate(transfers);
            self.found(id, Finding::Contradiction);
            return Settled::Refused(Finding::Contradiction);
        }
        if payment.captured > before.captured {
            self.apply_money(&payment, payment.captured - before.captured);
        }
        if self.after.balance.is_cancelled() && self.void_waits_until(id).is_none() {
            self.give_up(id, None);
        }
        self.warn_of_expiry(id);
        if is_stale { Settled::Stale } else { Settled::Applied }
    }

    /// The transfer of money that was taken.
    fn captured(&self, payment: &Payment, growth: i64) -> Transfer {
        Transfer {
            id: (self.act.new_id)(),
            at: self.act.now,
            order_id: Some(payment.order_id),
            debit: LedgerAccount::Clearing(payment.provider.clone()),
            credit: LedgerAccount::Customer,
            amount: growth,
            currency: payment.currency,
            cause: LedgerCause::Payment,
            cause_id: payment.id.0,
            part: payment.captured,
        }
    }

    /// Assigns captured money to the order. Money beyond the payable amount is refunded at once, or left to the staff,
    /// as the settings say. Other open payments are voided once nothing is due.
    fn apply_money(&mut self, payment: &Payment, growth: i64) {
        let captured: i64 = self.after.payments.iter().map(|one| one.captured).sum();
        let above = growth.min(captured - self.after.balance.payable());
        if above > 0 {
            let goes_back = payment.kind.is_online() && self.act.settings.late == LatePolicy::Refund;
            let back = if goes_back { self.give_back_of(payment.id, above, &RefundReason::late()) } else { 0 };
            let is_overpaid = self.excess() > 0;
            if is_overpaid {
                self.found(payment.id, Finding::Overpaid);
            }
            if is_overpaid || back > 0 {
                self.events.push(PaymentEvent::OrderLatePayment(payment.order_id));
            }
        }
        if self.due() == 0 {
            let others = self.after.payments.iter().filter(|other| other.id != payment.id && other.is_open());
            for other in others.map(|other| other.id).collect::<Vec<_>>() {
                self.give_up(other, None);
            }
        }
    }
}

impl Payment {
    /// Whether what a provider says is about this payment. A payment that people move may differ in its amount.
    fn is_meant_by(&self, said: &Snapshot) -> bool {
        said.order_id == Some(self.order_id)
            && said.payment_id.is_none_or(|id| id == self.id)
            && said.currency == self.currency
            && (said.amount == self.amount || !self.kind.is_online())
            && self.reference.as_ref().is_none_or(|reference| *reference == said.reference)
    }

    /// The payment, with what a provider says of it besides refunds and disputes. Counters only grow.
    fn reported(self, said: &Snapshot, is_fresh: bool) -> Self {
        let is_newest = is_fresh || !said.status.is_undecided();
        let status = if is_newest { self.status.after(said.status) } else { self.status };
        let captured = self.captured.max(said.captured);
        // What money was taken of is not given up, even if both happened at once.
        let is_given_up = matches!(status, PaymentStatus::Voided | PaymentStatus::Failed);
        let status = if is_given_up && captured > 0 { PaymentStatus::Captured } else { status };
        let counted = Self {
            status,
            reference: Some(said.reference.clone()),
            captured,
            authorised: self.authorised.max(said.authorised).max(captured),
            ..self
        };
        // What is shown comes from the newest report of the present status.
        if !is_newest || said.status != counted.status {
            return counted;
        }
        Self {
            method_label: said.method_label.clone().or(counted.method_label),
            authorised_until: said.authorised_until.filter(|_| counted.status == PaymentStatus::Authorised),
            last_error: said.error.clone(),
            ..counted
        }
    }
}
