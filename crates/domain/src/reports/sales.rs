use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::{GroupTally, Period, RefundedOrder, ReportRange, Tally};
use crate::pricing::round;
use crate::{Currency, Overflow};

/// What was sold and what went back. Amounts are in minor units of the shop's currency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sales {
    /// What the orders count for.
    pub tally: Tally,
    /// What went back.
    pub refunds: i64,
    /// Gross without discounts and refunds. Below 0 if more went back than was sold.
    pub net: i64,
}

/// What a customer has bought in one currency, ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CustomerSales {
    /// The currency of the amounts.
    pub currency: Currency,
    /// What was bought, and what went back.
    pub sales: Sales,
}

/// What was sold in one period, or of one group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SalesRow {
    /// What names the period or group. Empty for products without a category, and for orders without an address.
    pub key: String,
    /// How people call it; empty where the key is.
    pub name: String,
    /// What was sold in it, and what went back.
    pub sales: Sales,
}

/// What a shop sold in some days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SalesReport {
    /// The days, and what a row is about.
    pub range: ReportRange,
    /// Periods in order of time, groups by their gross, the largest first.
    pub rows: Vec<SalesRow>,
    /// The sums of the rows. An order with lines of several groups counts in each, and here once.
    pub totals: Sales,
}

impl Sales {
    /// Sales of orders that count for this, and of which this much went back.
    ///
    /// # Errors
    /// [`Overflow`] if the net amount does not fit.
    pub fn new(tally: Tally, refunds: i64) -> Result<Self, Overflow> {
        let net =
            tally.gross.checked_sub(tally.discounts).and_then(|left| left.checked_sub(refunds)).ok_or(Overflow)?;
        Ok(Self { tally, refunds, net })
    }

    /// The net amount of an order on average, rounded half away from 0; `None` without orders.
    pub fn average(&self) -> Option<i64> {
        let orders = i128::from(self.tally.orders);
        let average = (orders > 0).then(|| round(i128::from(self.net).abs(), orders))?;
        i64::try_from(average * i128::from(self.net.signum())).ok()
    }

    fn plus(self, other: Self) -> Result<Self, Overflow> {
        let refunds = self.refunds.checked_add(other.refunds).ok_or(Overflow)?;
        Self::new(self.tally.plus(other.tally)?, refunds)
    }
}

impl SalesReport {
    /// A report by periods, with what the orders of each count for and what went back in each.
    ///
    /// # Errors
    /// [`Overflow`] if a sum does not fit into 64 bits.
    pub fn by_period(
        range: ReportRange,
        periods: Vec<Period>,
        sold: &[Tally],
        refunded: &[i64],
    ) -> Result<Self, Overflow> {
        let rows = periods.into_iter().zip(sold).zip(refunded).map(|((period, tally), refunds)| {
            Ok(SalesRow { key: period.key, name: period.name, sales: Sales::new(*tally, *refunds)? })
        });
        let rows = rows.collect::<Result<Vec<_>, _>>()?;
        let totals = rows.iter().try_fold(Sales::default(), |sum, row| sum.plus(row.sales))?;
        Ok(Self { range, rows, totals })
    }

    /// A report by groups. `orders` is how many orders there are in all. What went back for an order is shared among its
    /// parts.
    ///
    /// # Errors
    /// [`Overflow`] if a sum does not fit into 64 bits.
    pub fn by_group(
        range: ReportRange,
        orders: i64,
        sold: Vec<GroupTally>,
        refunded: &[RefundedOrder],
    ) -> Result<Self, Overflow> {
        let mut groups: BTreeMap<String, (String, Tally, i64)> = BTreeMap::new();
        for GroupTally { key, name, tally } in sold {
            let group = groups.entry(key).or_insert_with(|| (name, Tally::default(), 0));
            group.1 = group.1.plus(tally)?;
        }
        for (part, share) in refunded.iter().flat_map(RefundedOrder::shares) {
            let group = groups.entry(part.key.clone()).or_insert_with(|| (part.name.clone(), Tally::default(), 0));
            group.2 = group.2.checked_add(share).ok_or(Overflow)?;
        }
        let rows = groups
            .into_iter()
            .map(|(key, (name, tally, refunds))| Ok(SalesRow { key, name, sales: Sales::new(tally, refunds)? }));
        let mut rows = rows.collect::<Result<Vec<_>, _>>()?;
        rows.sort_by_key(|row| Reverse(row.sales.tally.gross));
        let mut totals = rows.iter().try_fold(Sales::default(), |sum, row| sum.plus(row.sales))?;
        totals.tally.orders = orders;
        Ok(Self { range, rows, totals })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::date;

    use super::super::{Breakdown, Interval, RefundPart, periods};
    use super::*;
    use crate::pricing::Utc;

    fn tally(orders: i64, gross: i64, discounts: i64) -> Tally {
        Tally { orders, units: 2 * orders, gross, discounts }
    }

    fn range(by: Breakdown) -> ReportRange {
        ReportRange::parse(date!(2026 - 11 - 01), date!(2026 - 11 - 30), by).unwrap()
    }

    fn group(key: &str, tally: Tally) -> GroupTally {
        GroupTally { key: key.to_owned(), name: key.to_uppercase(), tally }
    }

    #[test]
    fn an_average_is_the_net_amount_by_order_rounded_half_away_from_0_r244() {
        let average = |orders, gross, refunds| Sales::new(tally(orders, gross, 0), refunds).unwrap().average();
        assert_eq!(average(2, 101, 0), Some(51));
        assert_eq!(average(3, 100, 0), Some(33));
        assert_eq!(average(2, 0, 101), Some(-51));
        assert_eq!(average(0, 0, 100), None);
    }

    #[test]
    fn a_sum_beyond_64_bits_is_reported_r244() {
        let row = group("a", tally(1, i64::MAX, 0));
        let report = SalesReport::by_group(range(Breakdown::Product), 2, vec![row.clone(), group("b", row.tally)], &[]);
        assert_eq!(report, Err(Overflow));
        assert_eq!(Sales::new(tally(1, i64::MIN, 1), 0), Err(Overflow));
    }

    #[test]
    fn a_group_of_which_only_money_went_back_has_a_row_r244() {
        let part = RefundPart { key: "cups".to_owned(), name: "Cups".to_owned(), paid: 700 };
        let other = RefundPart { key: "pots".to_owned(), name: "Pots".to_owned(), paid: 300 };
        let refunded = [RefundedOrder { amount: 100, parts: vec![part, other] }];
        let sold = vec![group("pots", tally(1, 500, 50))];
        let report = SalesReport::by_group(range(Breakdown::Category), 1, sold, &refunded).unwrap();
        let rows: Vec<_> = report.rows.iter().map(|row| (row.key.as_str(), row.name.as_str(), row.sales.net)).collect();
        assert_eq!(rows, [("pots", "POTS", 420), ("cups", "Cups", -70)]);
        assert_eq!((report.totals.net, report.totals.refunds), (350, 100));
    }

    proptest! {
        #[test]
        fn totals_are_the_sums_of_the_rows_r244(
            sold in prop::collection::vec((0..9_i64, 0..1_000_000_i64, 0..500_i64, 0..2_000_i64), 30),
        ) {
            let tallies: Vec<_> = sold.iter().map(|(orders, gross, off, _)| tally(*orders, *gross, *off)).collect();
            let refunds: Vec<_> = sold.iter().map(|(.., refund)| *refund).collect();
            let range = range(Breakdown::Day);
            let report = SalesReport::by_period(range, periods(&range, Interval::Day, &Utc), &tallies, &refunds).unwrap();
            prop_assert_eq!(report.rows.len(), 30);
            let sum = |of: fn(&Sales) -> i64| report.rows.iter().map(|row| of(&row.sales)).sum::<i64>();
            let totals = report.totals;
            prop_assert_eq!(totals.net, sum(|sales| sales.net));
            prop_assert_eq!(totals.net, totals.tally.gross - totals.tally.discounts - totals.refunds);
            prop_assert_eq!(totals.refunds, refunds.iter().sum::<i64>());
            prop_assert_eq!(totals.tally.orders, sum(|sales| sales.tally.orders));
            prop_assert_eq!(totals.tally.units, sum(|sales| sales.tally.units));
            prop_assert_eq!(totals.tally.gross, sum(|sales| sales.tally.gross));
            prop_assert_eq!(totals.tally.discounts, sum(|sales| sales.tally.discounts));
        }

        #[test]
        fn refunds_of_groups_add_up_to_what_went_back_r244(
            orders in prop::collection::vec((1..100_000_i64, prop::collection::vec((0..4_usize, 0..900_i64), 1..5)), 0..9),
        ) {
            let part = |(key, paid): &(usize, i64)| RefundPart { key: key.to_string(), name: String::new(), paid: *paid };
            let refunded: Vec<_> = orders
                .iter()
                .map(|(amount, parts)| RefundedOrder { amount: *amount, parts: parts.iter().map(part).collect() })
                .collect();
            let report = SalesReport::by_group(range(Breakdown::Product), 0, Vec::new(), &refunded).unwrap();
            prop_assert_eq!(report.totals.refunds, orders.iter().map(|(amount, _)| amount).sum::<i64>());
        }
    }
}
