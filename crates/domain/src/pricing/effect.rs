//! What one action takes off the lines that it is for.

use super::allocate::{PPM, portion, split};
use super::promotion::{Action, BuyGet, Promotion};
use crate::products::ProductId;

/// What a promotion may take something off: a line, or shipping, which is one unit at its cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Target {
    /// The product of a line.
    pub(super) product_id: Option<ProductId>,
    /// The list price of a unit.
    pub(super) unit_price: i64,
    /// The units.
    pub(super) quantity: i64,
    /// What earlier promotions left of it.
    pub(super) left: i64,
}

impl Promotion {
    /// What it takes off each of `lines`: nothing off those that it is not for, and never more than is left of one.
    pub(super) fn effect(&self, lines: &[Target]) -> Vec<i64> {
        let is_target = |line: &Target| line.product_id.is_none_or(|product| self.targets.includes(product));
        let targets: Vec<_> = lines.iter().copied().filter(is_target).collect();
        let mut shares = self.action.effect(&targets).into_iter();
        let share = |line| if is_target(line) { shares.next() } else { None };
        lines.iter().map(share).map(Option::unwrap_or_default).collect()
    }
}

impl Action {
    /// What it takes off each of `targets`, which are in order of line.
    fn effect(self, targets: &[Target]) -> Vec<i64> {
        let lefts: Vec<_> = targets.iter().map(|target| target.left).collect();
        // Every sum of what is left was checked with the sum of the list prices.
        let left = lefts.iter().copied().fold(0, i64::saturating_add);
        match self {
            Self::Percent(rate) => split(portion(left, rate.get(), PPM), &lefts),
            Self::Amount(amount) => split(amount.amount().min(left), &lefts),
            Self::AmountEach(amount) => {
                let each = |target: &Target| amount.amount().saturating_mul(target.quantity).min(target.left);
                targets.iter().map(each).collect()
            }
            Self::BuyGet(buy_get) => buy_get.effect(targets),
        }
    }
}

impl BuyGet {
    fn effect(self, targets: &[Target]) -> Vec<i64> {
        let reduced = self.reduced(targets);
        let prices: Vec<_> =
            targets.iter().zip(reduced).map(|(target, units)| target.unit_price.saturating_mul(units)).collect();
        let price = prices.iter().copied().fold(0, i64::saturating_add);
        let shares = split(portion(price, self.off.get(), PPM), &prices);
        shares.into_iter().zip(targets).map(|(share, target)| share.min(target.left)).collect()
    }

    /// How many units of each line are reduced: the cheapest units. Of equal prices, those of later lines come first.
    fn reduced(self, targets: &[Target]) -> Vec<i64> {
        let units = targets.iter().map(|target| target.quantity).fold(0, i64::saturating_add);
        let groups = units / self.buy.saturating_add(self.get).max(1);
        let times = self.max_times.map_or(groups, |most| groups.min(most));
        let mut rest = times.saturating_mul(self.get);

        let mut reduced = vec![0; targets.len()];
        let mut order: Vec<_> = targets.iter().zip(&mut reduced).collect();
        // The sort is stable. Cheapest first, so from behind: of equal prices the later line comes first.
        order.reverse();
        order.sort_by_key(|(target, _)| target.unit_price);
        for (target, reduced) in order {
            *reduced = rest.min(target.quantity);
            rest -= *reduced;
        }
        reduced
    }
}
