//! What an order owes, and whether it can be paid.

use super::Capabilities;
use crate::UtcDateTime;
use crate::orders::{Order, OrderBalance, OrderStatus};

/// Why what is due of an order cannot be paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unpayable {
    /// The order is cancelled.
    Cancelled,
    /// The time to pay is over.
    Expired,
    /// What is due is 0: all of it is paid, or nothing has to be.
    NothingDue,
    /// Less than what the provider takes.
    BelowMinimum {
        /// The smallest amount, in minor units.
        min: i64,
    },
    /// More than what the provider takes.
    AboveMaximum {
        /// The largest amount, in minor units.
        max: i64,
    },
    /// Not a multiple of what the provider takes.
    NotChargeable {
        /// The smallest step, in minor units.
        step: i64,
    },
}

impl Order {
    /// What it owes. An order without a balance owes its total, until it is cancelled, and nothing waits for that.
    pub fn owed(&self) -> OrderBalance {
        self.balance.clone().unwrap_or_else(|| {
            let cancelled = if self.status == OrderStatus::Cancelled { self.total.amount } else { 0 };
            OrderBalance { cancelled, ..OrderBalance::free(self, self.updated_at) }
        })
    }

    /// What its buyer is asked to pay, in minor units. Nobody is asked for an order without a balance, though it can be
    /// paid.
    pub fn asked_for(&self) -> i64 {
        self.balance.as_ref().map_or(0, OrderBalance::due)
    }

    /// Checks that all that is due of it can be paid to a provider that can do this.
    ///
    /// # Errors
    /// Why it cannot.
    pub fn expect_payable(&self, capabilities: &Capabilities, now: UtcDateTime) -> Result<(), Unpayable> {
        let owed = self.owed();
        owed.expect_payable(self.status, owed.due(), now)?;
        capabilities.accept(owed.due())
    }
}

impl OrderBalance {
    /// Checks that an order in this status, of which `due` is due, can be paid at all, whoever moves the money.
    pub(super) fn expect_payable(&self, status: OrderStatus, due: i64, now: UtcDateTime) -> Result<(), Unpayable> {
        match () {
            () if status == OrderStatus::Cancelled => Err(Unpayable::Cancelled),
            () if self.pay_by.is_some_and(|pay_by| pay_by <= now) => Err(Unpayable::Expired),
            () if due == 0 => Err(Unpayable::NothingDue),
            () => Ok(()),
        }
    }
}

impl Capabilities {
    /// Checks that an amount can be paid.
    pub(super) fn accept(&self, amount: i64) -> Result<(), Unpayable> {
        match amount {
            amount if amount < self.min => Err(Unpayable::BelowMinimum { min: self.min }),
            amount if amount > self.max => Err(Unpayable::AboveMaximum { max: self.max }),
            amount if amount % self.step != 0 => Err(Unpayable::NotChargeable { step: self.step }),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::update::testing::{NOW, capabilities, id};
    use super::*;
    use crate::customers::CustomerId;
    use crate::orders::{OrderId, OrderPaymentStatus, Placement};
    use crate::payments::Settings;
    use crate::{Currency, Money, Shop};

    /// An order with this total, which nothing waits for.
    fn order(amount: i64) -> Order {
        let placement = Placement { customer_id: CustomerId(id(0xC)), shipping_address: None, note: None };
        let shop = Shop { currency: Currency::default(), lead_time_days: 3 };
        let placed = Order::place(OrderId(id(0xD)), placement, &[], shop, NOW).unwrap();
        Order { total: Money { amount, ..placed.total }, ..placed }
    }

    fn prepaid(amount: i64) -> Order {
        let order = order(amount);
        Order { balance: Some(OrderBalance::prepaid(&order, &Settings::default())), ..order }
    }

    fn cancelled(order: Order) -> Order {
        Order { status: OrderStatus::Cancelled, ..order }
    }

    #[test]
    fn an_order_has_a_balance_from_the_start_only_if_it_costs_something_and_the_shop_wants_that_r80() {
        let required = Settings { is_required: true, ..Settings::default() };
        assert_eq!(OrderBalance::owed_by(&order(500), &Settings { is_required: false, ..required.clone() }), None);
        assert_eq!(OrderBalance::owed_by(&order(0), &required), None);
        let balance = OrderBalance::owed_by(&order(500), &required).unwrap();
        assert_eq!((balance.total, balance.pay_by), (500, Some(NOW + required.hold)));
    }

    #[test]
    fn an_order_without_a_balance_owes_its_total_and_nobody_asks_for_it_r80_r82() {
        let free = order(500).owed();
        assert_eq!((free.status, free.due(), order(500).asked_for()), (OrderPaymentStatus::NotRequired, 500, 0));
        assert_eq!(cancelled(order(500)).owed().due(), 0);
        assert_eq!((prepaid(500).owed().due(), prepaid(500).asked_for()), (500, 500));
        assert_eq!(Some(prepaid(500).owed()), prepaid(500).balance);
    }

    #[test]
    fn an_order_is_payable_until_its_time_is_over_and_as_far_as_the_provider_takes_it_r82_r99() {
        let can = Capabilities { min: 50, max: 1000, step: 5, ..capabilities() };
        let payable = |order: &Order, minutes| order.expect_payable(&can, NOW + Duration::from_mins(minutes));
        for unpaid in [order(500), prepaid(500)] {
            assert_eq!(payable(&unpaid, 29), Ok(()));
            assert_eq!(payable(&cancelled(unpaid), 60), Err(Unpayable::Cancelled));
        }
        assert_eq!((payable(&order(500), 30), payable(&prepaid(500), 30)), (Ok(()), Err(Unpayable::Expired)));
        for (amount, expected) in [
            (0, Err(Unpayable::NothingDue)),
            (45, Err(Unpayable::BelowMinimum { min: 50 })),
            (50, Ok(())),
            (52, Err(Unpayable::NotChargeable { step: 5 })),
            (1000, Ok(())),
            (1005, Err(Unpayable::AboveMaximum { max: 1000 })),
        ] {
            assert_eq!(payable(&prepaid(amount), 0), expected, "{amount}");
        }
    }
}
