use super::{OrderId, OrderStatus};
use crate::customers::CustomerId;
use crate::word::words;
use crate::{UtcDateTime, Version};

words! {
    /// What an order says about its money.
    OrderPaymentStatus {
        /// Nothing has to be paid.
        NotRequired = "not_required",
        /// Nothing came in, and nobody is paying.
        Unpaid = "unpaid",
        /// A payment is open.
        Pending = "pending",
        /// All that is owed is held for the shop.
        Authorised = "authorised",
        /// Something came in, and something is still due.
        PartiallyPaid = "partially_paid",
        /// All that is owed came in.
        Paid = "paid",
        /// Some of what came in went back.
        PartiallyRefunded = "partially_refunded",
        /// All that came in went back.
        Refunded = "refunded",
    }
}

words! {
    /// When an order has to be paid.
    PaymentTerms {
        /// Nothing in the shop waits for its payment.
        None = "none",
        /// Before it is prepared for shipping.
        Prepaid = "prepaid",
        /// When it is delivered.
        OnDelivery = "on_delivery",
    }
}

/// What an order owes, and what became of it. Amounts are minor units of the order's currency.
///
/// An order has one if its terms are not `none`, or if it ever had a payment. One without is `not_required`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderBalance {
    /// The order that owes it.
    pub order_id: OrderId,
    /// The customer who owes it.
    pub customer_id: CustomerId,
    /// When it has to be paid.
    pub terms: PaymentTerms,
    /// When it had to be paid as it was placed; `None` if that is not known any more.
    pub placed_terms: Option<PaymentTerms>,
    /// What the sums say.
    pub status: OrderPaymentStatus,
    /// Until when it has to be paid; `None` as soon as nothing is awaited.
    pub pay_by: Option<UtcDateTime>,
    /// The total of the order, in minor units.
    pub total: i64,
    /// What of the total was cancelled.
    pub cancelled: i64,
    /// What is held for the shop and not taken.
    pub authorised: i64,
    /// What came in.
    pub captured: i64,
    /// What went back.
    pub refunded: i64,
    /// The sum of the disputes that are open or lost.
    pub disputed: i64,
    /// Time of the last change.
    pub updated_at: UtcDateTime,
    /// 1 when created, one more with each change.
    pub version: Version,
}

/// An order may not take a step, because its money is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaymentMissing {
    /// What the order says about its money.
    pub status: OrderPaymentStatus,
    /// What is still to be paid, in minor units.
    pub due: i64,
}

impl OrderBalance {
    /// What is to be paid in all.
    pub const fn payable(&self) -> i64 {
        self.total - self.cancelled
    }

    /// What is still to be paid. A refund never makes it grow.
    pub fn due(&self) -> i64 {
        (self.payable() - self.captured).max(0)
    }

    /// The statuses with which the order may be prepared and shipped, whatever its terms.
    pub const MAY_SHIP: [OrderPaymentStatus; 4] = [
        OrderPaymentStatus::NotRequired,
        OrderPaymentStatus::Authorised,
        OrderPaymentStatus::Paid,
        OrderPaymentStatus::PartiallyRefunded,
    ];

    /// Whether the order may be prepared and shipped.
    pub fn may_ship(&self) -> bool {
        self.terms == PaymentTerms::OnDelivery || Self::MAY_SHIP.contains(&self.status)
    }

    /// Lets an order become `to` if its money allows it. One whose money is not there is neither prepared nor shipped. What
    /// was shipped already may be delivered, and anything may be cancelled.
    ///
    /// # Errors
    /// If the money is not there.
    pub fn allow(&self, to: OrderStatus) -> Result<(), PaymentMissing> {
        let needs_money = matches!(to, OrderStatus::Processing | OrderStatus::Shipped);
        if needs_money && !self.may_ship() {
            return Err(PaymentMissing { status: self.status, due: self.due() });
        }
        Ok(())
    }

    /// Whether somebody has to pay before something happens.
    pub const fn awaits_payment(&self) -> bool {
        matches!(self.terms, PaymentTerms::Prepaid)
            && self.payable() > 0
            && matches!(self.status, OrderPaymentStatus::Unpaid | OrderPaymentStatus::Pending)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Uuid;

    const STEPS: [OrderStatus; 4] =
        [OrderStatus::Processing, OrderStatus::Shipped, OrderStatus::Delivered, OrderStatus::Cancelled];

    /// What an order of 100 owes that has to be paid before it is prepared.
    fn unpaid() -> OrderBalance {
        OrderBalance {
            order_id: OrderId(Uuid::nil()),
            customer_id: CustomerId(Uuid::nil()),
            terms: PaymentTerms::Prepaid,
            placed_terms: Some(PaymentTerms::Prepaid),
            status: OrderPaymentStatus::Unpaid,
            pay_by: None,
            total: 100,
            cancelled: 0,
            authorised: 0,
            captured: 0,
            refunded: 0,
            disputed: 0,
            updated_at: UtcDateTime::UNIX_EPOCH,
            version: Version::FIRST,
        }
    }

    fn allowed(balance: &OrderBalance) -> Vec<OrderStatus> {
        STEPS.into_iter().filter(|to| balance.allow(*to).is_ok()).collect()
    }

    #[test]
    fn an_order_is_prepared_and_shipped_only_if_its_money_is_there_r66_r80() {
        for status in OrderPaymentStatus::ALL.iter().copied() {
            use OrderPaymentStatus::{Authorised, NotRequired, Paid, PartiallyRefunded};
            let is_there = matches!(status, NotRequired | Authorised | Paid | PartiallyRefunded);
            let expected = if is_there { &STEPS[..] } else { &STEPS[2..] };
            let balance = OrderBalance { status, ..unpaid() };
            assert_eq!(allowed(&balance), expected, "{status:?}");
            let on_delivery = OrderBalance { terms: PaymentTerms::OnDelivery, ..balance };
            assert_eq!(allowed(&on_delivery), STEPS, "{status:?}");
        }
    }

    #[test]
    fn a_refused_step_names_what_is_missing_r66_r80() {
        let status = OrderPaymentStatus::PartiallyPaid;
        let balance = OrderBalance { status, captured: 30, cancelled: 20, ..unpaid() };
        assert_eq!(balance.allow(OrderStatus::Shipped), Err(PaymentMissing { status, due: 50 }));
    }
}
