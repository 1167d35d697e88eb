use std::time::Duration;

use super::PaymentsUpdate;
use crate::orders::{OrderPaymentStatus, OrderStatus};
use crate::payments::{OperationId, PaymentStatus};

/// How long a payment may be `processing`, such as a debit of a bank account.
const PROCESSING: Duration = Duration::from_hours(14 * 24);

/// How long an order that is being prepared waits before it is looked at again.
const PREPARED: Duration = Duration::from_hours(24);

/// What happens to an order whose time to pay is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expiry {
    /// Its time is not over, or was moved.
    Waits,
    /// It is to be cancelled: it is unpaid, and no payment is open.
    Cancel,
    /// Its open payment is given up first, by this operation; `None` if nobody need be asked.
    GivesUp(Option<OperationId>),
}

impl PaymentsUpdate<'_> {
    /// Works out what happens to an order whose time to pay may be over. It is cancelled only after the provider has said
    /// that its open payment is void; after a refusal the order waits, and the provider is asked anew. An order that is
    /// being prepared is not cancelled.
    pub fn expire(&mut self, status: OrderStatus) -> Expiry {
        let now = self.act.now;
        let balance = &mut self.after.balance;
        if balance.pay_by.is_none_or(|pay_by| pay_by > now) || !balance.awaits_payment() {
            return Expiry::Waits;
        }
        if status != OrderStatus::Placed {
            balance.pay_by = Some(now + PREPARED);
            return Expiry::Waits;
        }
        if balance.status == OrderPaymentStatus::Unpaid {
            return Expiry::Cancel;
        }
        let Some(open) = self.after.payments.iter().find(|payment| payment.is_open()) else { return Expiry::Waits };
        let longest = open.created_at + PROCESSING;
        if open.status == PaymentStatus::Processing && open.kind.is_online() && longest > now {
            balance.pay_by = Some(longest);
            return Expiry::Waits;
        }
        let id = open.id;
        if let Some(until) = self.void_waits_until(id) {
            self.after.balance.pay_by = Some(until);
            return Expiry::Waits;
        }
        self.give_up(id, None);
        Expiry::GivesUp(self.voiding(id))
    }
}
