//! Which rates shipping bears: it is shared by the sets of rates of the goods, and each share is taxed as they are.

use super::allocate::{split, sum};
use super::rate::Rate;
use crate::Overflow;

/// Goods that are shipped.
#[derive(Debug, Clone)]
pub(super) struct Carrier<'a> {
    /// Their list amount.
    pub(super) amount: i64,
    /// The amount after earlier discounts.
    pub(super) left: i64,
    /// The rates that hold for them, by code.
    pub(super) rates: Vec<&'a Rate>,
}

/// Which rates shipping bears.
#[derive(Debug, Clone)]
pub(super) enum Bearer<'a> {
    /// A share for each set, in proportion to the goods.
    Proportional,
    /// Those of the set with the highest rate.
    Highest,
    /// Those of the set with the most goods.
    Largest,
    /// These rates, whatever the goods bear.
    Rates(Vec<&'a Rate>),
}

/// The goods with one set of rates.
type Set<'a> = Carrier<'a>;

impl Set<'_> {
    fn rate(&self) -> i64 {
        self.rates.iter().map(|rate| rate.ppm.get()).sum()
    }
}

/// The goods grouped by their set of rates, in order of the first goods of each set.
fn sets<'a>(goods: &[Carrier<'a>]) -> Result<Vec<Set<'a>>, Overflow> {
    let mut sets: Vec<Set<'a>> = Vec::new();
    for one in goods {
        match sets.iter_mut().find(|set| set.rates == one.rates) {
            None => sets.push(one.clone()),
            Some(set) => {
                set.amount = sum([set.amount, one.amount])?;
                set.left = sum([set.left, one.left])?;
            }
        }
    }
    Ok(sets)
}

/// The weights that give everything to the set with the greatest key; of equal ones to the first.
fn only<'a, K: Ord>(sets: &[Set<'a>], key: impl Fn(&Set<'a>) -> K) -> Vec<i64> {
    let greatest = sets.iter().map(&key).max();
    let first = sets.iter().position(|set| Some(key(set)) == greatest);
    (0..sets.len()).map(|at| i64::from(Some(at) == first)).collect()
}

/// The weights of the sets: what is left of their goods; if that is 0, the list amounts; if these are 0, all for the
/// highest rate.
fn proportions(sets: &[Set<'_>]) -> Vec<i64> {
    let weights = |amount: fn(&Set<'_>) -> i64| sets.iter().map(amount).collect::<Vec<_>>();
    let of_some = |weights: &Vec<i64>| weights.iter().any(|weight| *weight > 0);
    let all = [weights(|set| set.left), weights(|set| set.amount)];
    all.into_iter().find(of_some).unwrap_or_else(|| only(sets, Set::rate))
}

/// Shares what is left of the cost of shipping among the sets of rates of the goods. Shares of 0 are left out, and so are
/// rates that do not apply to shipping.
///
/// # Errors
/// [`Overflow`] if a sum does not fit.
pub(super) fn shares<'a>(
    shipping: i64,
    goods: &[Carrier<'a>],
    bearer: Bearer<'a>,
) -> Result<Vec<(i64, Vec<&'a Rate>)>, Overflow> {
    let sets = sets(goods)?;
    let weights = match bearer {
        Bearer::Proportional => proportions(&sets),
        Bearer::Highest => only(&sets, Set::rate),
        Bearer::Largest => only(&sets, |set| (set.left, set.rate())),
        Bearer::Rates(rates) => return Ok(share(shipping, rates).into_iter().collect()),
    };
    let shares = split(shipping, &weights).into_iter().zip(sets);
    Ok(shares.filter_map(|(amount, set)| share(amount, set.rates)).collect())
}

/// A share with the rates that apply to shipping; `None` if it is 0.
fn share(amount: i64, mut rates: Vec<&Rate>) -> Option<(i64, Vec<&Rate>)> {
    rates.retain(|rate| rate.applies_to_shipping);
    (amount > 0).then_some((amount, rates))
}
