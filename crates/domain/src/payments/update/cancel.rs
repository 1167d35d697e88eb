use super::PaymentsUpdate;
use crate::orders::OrderBalance;
use crate::payments::{RefundId, RefundReason};

impl PaymentsUpdate<'_> {
    /// The order is cancelled: open payments are given up, and what came in goes back, newest payment first. Returns the
    /// new refunds.
    pub fn cancel(&mut self) -> Vec<RefundId> {
        self.after.balance.cancelled = self.after.balance.total;
        let newest_first: Vec<_> = self.after.payments.iter().rev().map(|payment| payment.id).collect();
        let known = self.after.refunds.len();
        for id in newest_first {
            self.give_up(id, None);
            let excess = self.excess();
            self.give_back_of(id, excess, &RefundReason::cancelled());
        }
        self.after.refunds.iter().skip(known).map(|refund| refund.id).collect()
    }
}

impl OrderBalance {
    /// Whether nothing of the order is left.
    pub const fn is_cancelled(&self) -> bool {
        self.cancelled > 0 && self.cancelled == self.total
    }
}
