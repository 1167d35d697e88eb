//! Taxes: one rounding for each rate, shared by the items that bear it.

use super::allocate::{PPM, portion, split, sum};
use super::item::Item;
use super::rate::Rate;
use crate::Overflow;

/// The items that share one rounding.
struct Group<'a> {
    rate: &'a Rate,
    /// The rates of all of them, if their prices include tax.
    set: Option<Vec<&'a Rate>>,
    /// What the base is in parts per million of the net amount.
    whole: i64,
}

impl<'a> Group<'a> {
    /// Prices without tax: one group for each rate. Prices with tax: one for each rate of each set, since the whole set is
    /// in the price. In order of the first item, and of the rates in it.
    fn all(items: &[Item<'a>], prices_include_tax: bool) -> Vec<Self> {
        let mut groups: Vec<Self> = Vec::new();
        for item in items {
            if prices_include_tax && groups.iter().any(|group| group.has(item)) {
                continue;
            }
            let all_rates = item.rates.iter().map(|rate| rate.ppm.get()).sum::<i64>();
            let (set, whole) = if prices_include_tax { (Some(&item.rates), PPM + all_rates) } else { (None, PPM) };
            for &rate in &item.rates {
                if prices_include_tax || !groups.iter().any(|group| group.rate.taxes_as(rate)) {
                    groups.push(Self { rate, set: set.cloned(), whole });
                }
            }
        }
        groups
    }

    fn has(&self, item: &Item<'_>) -> bool {
        match &self.set {
            Some(set) => {
                set.len() == item.rates.len() && set.iter().zip(&item.rates).all(|(one, other)| one.taxes_as(other))
            }
            None => item.rates.iter().any(|rate| rate.taxes_as(self.rate)),
        }
    }

    /// Works out the tax and gives each item its share, in proportion to what the item holds. With prices that include tax
    /// this is what taxes worked out before left of it, so that its net amount is never negative.
    fn tax(&self, items: &mut [Item<'a>]) -> Result<(), Overflow> {
        let mut members: Vec<_> = items.iter_mut().filter(|item| self.has(item)).collect();
        let is_included = self.set.is_some();
        let base = sum(members.iter().map(|item| item.left))?;
        let held: Vec<_> =
            members.iter().map(|item| if is_included { item.left - item.tax() } else { item.left }).collect();
        // Several rates, each rounded up, could exceed a price of a few minor units.
        let tax = portion(base, self.rate.ppm.get(), self.whole).min(sum(held.iter().copied())?);
        for (item, share) in members.iter_mut().zip(split(tax, &held)) {
            item.taxes.push((self.rate, share));
        }
        Ok(())
    }
}

/// Gives each item its taxes, which fit into 64 bits together with what is left of it.
///
/// # Errors
/// [`Overflow`] if an amount does not fit.
pub(super) fn tax(items: &mut [Item<'_>], prices_include_tax: bool) -> Result<(), Overflow> {
    Group::all(items, prices_include_tax).iter().try_for_each(|group| group.tax(items))?;
    let gross = |item: &Item<'_>| sum(item.taxes.iter().map(|(_, tax)| *tax).chain([item.left]));
    items.iter().try_for_each(|item| gross(item).map(drop))
}
