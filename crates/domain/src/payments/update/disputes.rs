use super::PaymentsUpdate;
use crate::payments::{
    Dispute, DisputeId, DisputeStatus, LedgerAccount, LedgerCause, PaymentId, ProviderDispute, Snapshot, Transfer,
};

impl PaymentsUpdate<'_> {
    /// Takes over what a provider says of the disputes of a payment.
    pub(super) fn settle_disputes(&mut self, payment_id: PaymentId, said: &Snapshot) {
        for dispute in &said.disputes {
            let is_meant = |one: &&Dispute| one.payment_id == payment_id && one.reference == dispute.reference;
            let id = self.after.disputes.iter().find(is_meant).map(|one| one.id);
            let id = id.unwrap_or_else(|| self.open_dispute(payment_id, dispute));
            self.close_dispute(id, dispute.status);
        }
    }

    fn open_dispute(&mut self, payment_id: PaymentId, said: &ProviderDispute) -> DisputeId {
        let dispute = Dispute {
            id: DisputeId((self.act.new_id)()),
            payment_id,
            reference: said.reference.clone(),
            amount: said.amount,
            reason: said.reason.clone(),
            status: DisputeStatus::Open,
            due_by: said.due_by,
            opened_at: self.act.now,
            closed_at: None,
        };
        let id = dispute.id;
        self.after.disputes.push(dispute.clone());
        self.dispute_counts(payment_id, dispute.amount);
        self.dispute_transfer(&dispute, 0);
        id
    }

    /// Closes an open dispute. A won one gives the money back to the shop.
    fn close_dispute(&mut self, id: DisputeId, said: DisputeStatus) {
        let now = self.act.now;
        let Some(dispute) = self.after.disputes.iter_mut().find(|one| one.id == id) else { return };
        let after = dispute.status.after(said);
        if after == dispute.status {
            return;
        }
        dispute.status = after;
        dispute.closed_at = Some(now);
        let dispute = dispute.clone();
        if after == DisputeStatus::Won {
            self.dispute_counts(dispute.payment_id, -dispute.amount);
        }
        self.dispute_transfer(&dispute, 1);
    }

    fn dispute_counts(&mut self, payment_id: PaymentId, amount: i64) {
        if let Some(payment) = self.payment_mut(payment_id) {
            payment.disputed += amount;
        }
    }

    /// The transfer of the opening of a dispute (part 0), or of its end (part 1).
    fn dispute_transfer(&mut self, dispute: &Dispute, part: i64) {
        let Some(payment) = self.after.payment(dispute.payment_id) else { return };
        let clearing = LedgerAccount::Clearing(payment.provider.clone());
        let disputed = LedgerAccount::Disputed(payment.provider.clone());
        let (debit, credit) = match dispute.status {
            DisputeStatus::Open => (disputed, clearing),
            DisputeStatus::Won => (clearing, disputed),
            DisputeStatus::Lost => (LedgerAccount::LossOfDisputes, disputed),
        };
        let transfer = Transfer {
            id: (self.act.new_id)(),
            at: self.act.now,
            order_id: Some(payment.order_id),
            debit,
            credit,
            amount: dispute.amount,
            currency: payment.currency,
            cause: LedgerCause::Dispute,
            cause_id: dispute.id.0,
            part,
        };
        self.transfers.push(transfer);
    }
}
