use super::PaymentsUpdate;
use crate::payments::{
    Finding, LedgerAccount, LedgerCause, Payment, PaymentId, ProviderRefund, Reference, Refund, RefundId, RefundOrigin,
    RefundReason, RefundStatus, Snapshot, Transfer,
};

impl PaymentsUpdate<'_> {
    /// Takes over what a provider says of the refunds of a payment. One that the shop does not know was made on the
    /// provider's site.
    pub(super) fn settle_refunds(&mut self, payment_id: PaymentId, said: &Snapshot) {
        for refund in &said.refunds {
            match self.known(payment_id, refund) {
                Some(id) => self.refund_reported(id, refund),
                None => self.add_foreign(payment_id, refund),
            }
        }
    }

    /// The refund that a provider means: by the operation that it was given, or by its own name for it, which the
    /// staff may have written down for a refund paid outside.
    fn known(&self, payment_id: PaymentId, said: &ProviderRefund) -> Option<RefundId> {
        let operations = &self.after.operations;
        let asked = said.operation.and_then(|id| operations.iter().find(|operation| operation.id == id));
        let by_operation = asked.filter(|asked| asked.payment_id == payment_id).and_then(|asked| asked.refund_id);
        by_operation.or_else(|| self.named(payment_id, said.reference.as_ref()?).map(|refund| refund.id))
    }

    /// The refund of a payment that has this reference. No two have the same.
    pub(super) fn named(&self, payment_id: PaymentId, reference: &Reference) -> Option<&Refund> {
        let mut own = self.after.refunds.iter().filter(|refund| refund.payment_id == payment_id);
        own.find(|refund| refund.reference.as_ref() == Some(reference))
    }

    /// What a provider says of a refund that the shop knows.
    fn refund_reported(&mut self, id: RefundId, said: &ProviderRefund) {
        let Some(refund) = self.after.refund(id).cloned() else { return };
        match (&said.reference, refund.origin) {
            (_, RefundOrigin::Outside) if refund.amount != said.amount => {
                self.found(refund.payment_id, Finding::Contradiction);
                return;
            }
            (_, RefundOrigin::Outside) => self.credit_to_provider(&refund),
            (Some(reference), _) if refund.reference.is_none() => self.name_refund(&refund, reference),
            _ => {}
        }
        self.refund_becomes(id, said.status);
    }

    /// Turns a refund that was recorded as paid outside into one of the provider, which has reported it: the money left
    /// the clearing account, and not the bank.
    fn credit_to_provider(&mut self, refund: &Refund) {
        let Some(payment) = self.after.payment(refund.payment_id) else { return };
        let (debit, credit) = (LedgerAccount::Bank, LedgerAccount::Clearing(payment.provider.clone()));
        self.move_refund(refund, (debit, credit), Transfer::REFUND_MOVED);
        if let Some(refund) = self.refund_mut(refund.id) {
            refund.origin = RefundOrigin::Provider;
        }
    }

    /// Sets the reference that the provider has for a refund. If the staff recorded the same money as a refund paid
    /// outside, that refund becomes failed.
    fn name_refund(&mut self, refund: &Refund, reference: &Reference) {
        if let Some(other) = self.named(refund.payment_id, reference).cloned() {
            if other.origin != RefundOrigin::Outside || other.amount != refund.amount {
                self.found(refund.payment_id, Finding::Contradiction);
                return;
            }
            self.refund_becomes(other.id, RefundStatus::Failed);
            if let Some(other) = self.refund_mut(other.id) {
                other.reference = None;
            }
        }
        if let Some(refund) = self.refund_mut(refund.id) {
            refund.reference = Some(reference.clone());
        }
    }

    /// Changes the status of a refund, if that may follow, with the counters of its payment and the ledger.
    pub(super) fn refund_becomes(&mut self, id: RefundId, said: RefundStatus) {
        use RefundStatus::{Failed, Pending, Succeeded};
        let now = self.act.now;
        let Some(refund) = self.refund_mut(id) else { return };
        let (before, after) = (refund.status, refund.status.after(said));
        if before == after {
            return;
        }
        refund.status = after;
        refund.finished_at = Some(now);
        let refund = refund.clone();
        let (pending, refunded) = match (before, after) {
            (Pending, Succeeded) => (-refund.amount, refund.amount),
            (Pending, _) => (-refund.amount, 0),
            (_, _) => (0, -refund.amount),
        };
        self.count(refund.payment_id, pending, refunded);
        match (before, after) {
            (_, Succeeded) => self.transfer(&refund, false),
            (Succeeded, Failed) => self.transfer(&refund, true),
            _ => {}
        }
    }

    /// Adds a refund that was made on the site of the provider.
    fn add_foreign(&mut self, payment_id: PaymentId, said: &ProviderRefund) {
        let Some(reference) = &said.reference else { return };
        let Some(payment) = self.after.payment(payment_id).cloned() else { return };
        let refund = Refund {
            reference: Some(reference.clone()),
            origin: RefundOrigin::Provider,
            requested_by: None,
            ..self.new_refund(&payment, said.amount, RefundReason::of_provider())
        };
        self.add_refund(refund.clone());
        self.refund_becomes(refund.id, said.status);
    }

    /// A refund of a payment that is decided now.
    pub(super) fn new_refund(&self, payment: &Payment, amount: i64, reason: RefundReason) -> Refund {
        let id = RefundId((self.act.new_id)());
        Refund { requested_by: self.act.by, ..Refund::new(id, payment, amount, reason, self.act.now) }
    }

    /// Adds a pending refund, and reserves its amount.
    pub(super) fn add_refund(&mut self, refund: Refund) {
        self.count(refund.payment_id, refund.amount, 0);
        self.after.refunds.push(refund);
    }

    fn count(&mut self, payment_id: PaymentId, pending: i64, refunded: i64) {
        if let Some(payment) = self.payment_mut(payment_id) {
            payment.refund_pending += pending;
            payment.refunded += refunded;
        }
    }

    fn refund_mut(&mut self, id: RefundId) -> Option<&mut Refund> {
        self.after.refunds.iter_mut().find(|refund| refund.id == id)
    }

    /// The transfer of a refund, or the one that undoes it.
    fn transfer(&mut self, refund: &Refund, bounced: bool) {
        let Some(payment) = self.after.payment(refund.payment_id) else { return };
        let source = match refund.origin {
            RefundOrigin::Outside => LedgerAccount::Bank,
            RefundOrigin::Shop | RefundOrigin::Provider => LedgerAccount::Clearing(payment.provider.clone()),
        };
        let accounts = if bounced { (source, LedgerAccount::Customer) } else { (LedgerAccount::Customer, source) };
        self.move_refund(refund, accounts, i64::from(bounced));
    }

    /// Writes a transfer of all of a refund from the second account to the first.
    fn move_refund(&mut self, refund: &Refund, (debit, credit): (LedgerAccount, LedgerAccount), part: i64) {
        let transfer = Transfer {
            id: (self.act.new_id)(),
            at: self.act.now,
            order_id: Some(refund.order_id),
            debit,
            credit,
            amount: refund.amount,
            currency: refund.currency,
            cause: LedgerCause::Refund,
            cause_id: refund.id.0,
            part,
        };
        self.transfers.push(transfer);
    }
}
