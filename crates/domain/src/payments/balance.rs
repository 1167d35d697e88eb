//! What the payments of an order make of its balance.

use super::{Payment, PaymentStatus, Settings};
use crate::orders::{Order, OrderBalance, OrderPaymentStatus, PaymentTerms};
use crate::{UtcDateTime, Version};

impl OrderBalance {
    /// The balance with which a new order is placed; `None` if nothing waits for its payment: the shop does not want
    /// that, or the order costs nothing.
    pub fn owed_by(order: &Order, settings: &Settings) -> Option<Self> {
        (settings.is_required && order.total.amount != 0).then(|| Self::prepaid(order, settings))
    }

    /// The balance of an order that has to be paid before it is prepared.
    pub fn prepaid(order: &Order, settings: &Settings) -> Self {
        let pay_by = Some(order.placed_at + settings.hold);
        Self {
            terms: PaymentTerms::Prepaid,
            placed_terms: Some(PaymentTerms::Prepaid),
            status: OrderPaymentStatus::Unpaid,
            pay_by,
            ..Self::free(order, order.placed_at)
        }
    }

    /// The balance of an order that nothing waits for.
    pub const fn free(order: &Order, now: UtcDateTime) -> Self {
        Self {
            order_id: order.id,
            customer_id: order.customer_id,
            terms: PaymentTerms::None,
            placed_terms: Some(PaymentTerms::None),
            status: OrderPaymentStatus::NotRequired,
            pay_by: None,
            total: order.total.amount,
            cancelled: 0,
            authorised: 0,
            captured: 0,
            refunded: 0,
            disputed: 0,
            updated_at: now,
            version: Version::FIRST,
        }
    }

    /// The balance with the sums of these payments, which are all of the order, and the status that follows.
    #[must_use]
    pub fn summed(&self, payments: &[Payment]) -> Self {
        let sum = |of: fn(&Payment) -> i64| payments.iter().map(of).sum();
        let summed = Self {
            authorised: sum(Payment::held),
            captured: sum(|payment| payment.captured),
            refunded: sum(|payment| payment.refunded),
            disputed: sum(|payment| payment.disputed),
            ..self.clone()
        };
        let covers = |payment: &Payment| payment.status == PaymentStatus::Authorised;
        let authorised = payments.iter().filter(|payment| covers(payment)).map(|payment| payment.authorised).sum();
        let status = summed.derived(authorised, payments.iter().any(Payment::is_open));
        Self { status, ..summed }
    }

    /// The first status that fits.
    fn derived(&self, authorised: i64, is_open: bool) -> OrderPaymentStatus {
        let payable = self.payable();
        if self.captured == 0 {
            return match () {
                () if payable > 0 && authorised >= payable => OrderPaymentStatus::Authorised,
                () if is_open => OrderPaymentStatus::Pending,
                () if payable == 0 || self.terms == PaymentTerms::None => OrderPaymentStatus::NotRequired,
                () => OrderPaymentStatus::Unpaid,
            };
        }
        match () {
            () if self.refunded >= self.captured => OrderPaymentStatus::Refunded,
            () if self.captured < payable => OrderPaymentStatus::PartiallyPaid,
            () if self.refunded > 0 => OrderPaymentStatus::PartiallyRefunded,
            () => OrderPaymentStatus::Paid,
        }
    }
}
