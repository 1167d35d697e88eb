//! Parts of a line: what some of its units carry, when they are returned, cancelled or refunded.

use super::allocate::{portion, split, sum};

/// A line, or shipping, as it was ordered. Its amounts are frozen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    quantity: i64,
    gross: i64,
    taxes: Vec<i64>,
}

/// What was given back of a [`Whole`], by all parts so far, in order of their commits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenBack {
    whole: Whole,
    units: i64,
    gross: i64,
    taxes: Vec<i64>,
}

/// A part: what it gives back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The amount with tax, in minor units.
    pub gross: i64,
    /// The tax by each rate, in the order of the whole.
    pub taxes: Vec<i64>,
}

/// More was asked for than is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("only {left} are left")]
pub struct TooMuch {
    /// The units, or the minor units, that are left.
    pub left: i64,
}

/// The amounts cannot be those of a line: one is negative, or the taxes exceed what they are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the amounts of the line do not fit together")]
pub struct Unsound;

impl Part {
    /// The sum of its taxes, in minor units.
    pub fn tax(&self) -> i64 {
        self.taxes.iter().sum()
    }

    /// The amount without tax, in minor units.
    pub fn net(&self) -> i64 {
        self.gross - self.tax()
    }
}

impl Whole {
    /// A line of `quantity` units, at least 1, whose gross amount has these taxes in it, one for each rate. Shipping is one
    /// unit.
    ///
    /// # Errors
    /// If the taxes exceed the gross amount, or an amount is negative.
    pub fn new(quantity: i64, gross: i64, taxes: Vec<i64>) -> Result<Self, Unsound> {
        let fits = sum(taxes.iter().copied()).is_ok_and(|tax| tax <= gross);
        if quantity < 1 || !fits || taxes.iter().any(|tax| *tax < 0) {
            return Err(Unsound);
        }
        Ok(Self { quantity, gross, taxes })
    }

    /// The line before any part.
    pub fn untouched(self) -> GivenBack {
        GivenBack { units: 0, gross: 0, taxes: vec![0; self.taxes.len()], whole: self }
    }
}

impl GivenBack {
    /// The units that were not given back yet.
    pub const fn units_left(&self) -> i64 {
        self.whole.quantity - self.units
    }

    /// The gross amount that is left.
    pub const fn gross_left(&self) -> i64 {
        self.whole.gross - self.gross
    }

    /// Gives back `units`: what they carry of the gross amount by their place among all units, so that all parts together
    /// are exactly the line; and never more than amounts given back by themselves have left of it.
    ///
    /// # Errors
    /// If fewer units are left.
    pub fn give_units(&mut self, units: i64) -> Result<Part, TooMuch> {
        if !(0..=self.units_left()).contains(&units) {
            return Err(TooMuch { left: self.units_left() });
        }
        let Whole { quantity, gross, .. } = self.whole;
        let carried = |units| portion(gross, units, quantity);
        let gross = carried(self.units + units) - carried(self.units);
        self.units += units;
        Ok(self.give(gross.min(self.gross_left())))
    }

    /// Gives back a gross amount.
    ///
    /// # Errors
    /// If less is left.
    pub fn give_amount(&mut self, gross: i64) -> Result<Part, TooMuch> {
        if !(0..=self.gross_left()).contains(&gross) {
            return Err(TooMuch { left: self.gross_left() });
        }
        Ok(self.give(gross))
    }

    /// Gives back a gross amount. The tax is in proportion to it, so that the net amount is never negative. Several
    /// rates share the tax by what is left of each.
    fn give(&mut self, gross: i64) -> Part {
        let tax = self.whole.taxes.iter().sum();
        let until = |gross| portion(tax, gross, self.whole.gross);
        let part = until(self.gross + gross) - until(self.gross);
        let left: Vec<_> = self.whole.taxes.iter().zip(&self.taxes).map(|(all, given)| all - given).collect();
        let taxes = split(part, &left);
        self.gross += gross;
        self.taxes.iter_mut().zip(&taxes).for_each(|(given, tax)| *given += tax);
        Part { gross, taxes }
    }
}

/// Gives back a gross amount of several lines, and of shipping, in proportion to what is left of each.
///
/// # Errors
/// If less is left of all together.
pub fn give_amount(of: &mut [GivenBack], gross: i64) -> Result<Vec<Part>, TooMuch> {
    let lefts: Vec<_> = of.iter().map(GivenBack::gross_left).collect();
    let left = lefts.iter().copied().fold(0, i64::saturating_add);
    if !(0..=left).contains(&gross) {
        return Err(TooMuch { left });
    }
    Ok(split(gross, &lefts).into_iter().zip(of).map(|(share, given)| given.give(share)).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line(quantity: i64, gross: i64, taxes: impl Into<Vec<i64>>) -> GivenBack {
        Whole::new(quantity, gross, taxes.into()).unwrap().untouched()
    }

    /// Gross and tax of parts of so many units.
    fn parts(mut line: GivenBack, units: &[i64]) -> Vec<(i64, i64)> {
        let part = |units: &i64| line.give_units(*units).unwrap();
        units.iter().map(part).map(|part| (part.gross, part.tax())).collect()
    }

    #[test]
    fn n15_refund_of_part_of_a_discounted_line_r117() {
        let cups = || line(3, 2_900, [463]);
        assert_eq!(parts(cups(), &[1, 1, 1]), [(967, 154), (966, 155), (967, 154)]);
        assert_eq!(parts(cups(), &[2, 1]), [(1_933, 309), (967, 154)]);
        assert_eq!(parts(line(3, 2_700, [431]), &[1, 1, 1]).map_gross(), [900, 900, 900]);
    }

    #[test]
    fn n16_seven_units_of_10_00_in_all_r117() {
        assert_eq!(parts(line(7, 1_000, []), &[1; 7]).map_gross(), [143, 143, 143, 142, 143, 143, 143]);
        assert_eq!(parts(line(7, 1_000, []), &[3, 4]).map_gross(), [429, 571]);
    }

    trait Gross {
        fn map_gross(self) -> Vec<i64>;
    }

    impl Gross for Vec<(i64, i64)> {
        fn map_gross(self) -> Vec<i64> {
            self.into_iter().map(|(gross, _)| gross).collect()
        }
    }

    #[test]
    fn no_part_is_more_than_what_is_left_r117() {
        let mut cups = line(3, 300, [30]);
        assert_eq!(cups.give_units(4), Err(TooMuch { left: 3 }));
        assert_eq!(cups.give_units(-1), Err(TooMuch { left: 3 }));
        assert_eq!(cups.give_amount(301), Err(TooMuch { left: 300 }));
        assert_eq!(cups.give_amount(-1), Err(TooMuch { left: 300 }));
        assert_eq!(cups.give_amount(250).unwrap(), Part { gross: 250, taxes: vec![25] });
        assert_eq!(cups.give_units(1).unwrap(), Part { gross: 50, taxes: vec![5] });
        assert_eq!(cups.give_units(2).unwrap(), Part { gross: 0, taxes: vec![0] });
        assert_eq!(cups.give_units(1), Err(TooMuch { left: 0 }));
        let mut both = [line(1, 100, []), line(1, 50, [])];
        assert_eq!(give_amount(&mut both, 151), Err(TooMuch { left: 150 }));
        let gross: Vec<_> = give_amount(&mut both, 100).unwrap().into_iter().map(|part| part.gross).collect();
        assert_eq!((gross, both[0].gross_left(), both[1].gross_left()), (vec![67, 33], 33, 17));
    }

    #[test]
    fn a_line_has_units_and_taxes_that_are_part_of_it_r117() {
        for (quantity, gross, taxes) in [(0, 1, vec![]), (1, -1, vec![]), (1, 1, vec![1, 1]), (1, 1, vec![-1])] {
            assert_eq!(Whole::new(quantity, gross, taxes), Err(Unsound));
        }
        assert_eq!(parts(line(2, 0, [0]), &[1, 1]), [(0, 0), (0, 0)]);
    }

    /// A line, and what is given back of it one after the other: units, or an amount.
    fn scenarios() -> impl Strategy<Value = (i64, i64, Vec<i64>, Vec<Result<i64, i64>>)> {
        let amount = prop_oneof![0..20_i64, 0..=1_000_000_000_000_000_i64];
        let step = prop_oneof![3 => (0..40_i64).prop_map(Ok), 1 => (0..=1_000_000_i64).prop_map(Err)];
        let taxes = prop::collection::vec(0..=400_000_i64, 0..4);
        (1..=999_i64, amount, taxes, prop::collection::vec(step, 0..20)).prop_map(|(quantity, gross, taxes, steps)| {
            let all: i64 = taxes.iter().sum::<i64>().max(1_000_000);
            let taxes = taxes.into_iter().map(|ppm| portion(gross, ppm, all)).collect::<Vec<_>>();
            (quantity, gross, taxes, steps)
        })
    }

    proptest! {
        #[test]
        fn the_parts_of_a_line_are_exactly_the_line_in_any_sequence_r117_r119((quantity, gross, taxes, steps) in scenarios()) {
            prop_assume!(taxes.iter().sum::<i64>() <= gross);
            let mut given = line(quantity, gross, taxes.clone());
            let mut all = Vec::new();
            for step in steps {
                let part = match step {
                    Ok(units) => given.give_units(units.min(given.units_left())),
                    Err(ppm) => given.give_amount(portion(given.gross_left(), ppm, 1_000_000)),
                };
                all.push(part.unwrap());
            }
            all.push(given.give_units(given.units_left()).unwrap());
            prop_assert_eq!(given.units_left(), 0);
            prop_assert_eq!(all.iter().map(|part| part.gross).sum::<i64>(), gross);
            for (at, tax) in taxes.iter().enumerate() {
                prop_assert_eq!(all.iter().map(|part| part.taxes[at]).sum::<i64>(), *tax);
            }
            for part in all {
                prop_assert!(part.gross >= 0 && part.net() >= 0 && part.taxes.iter().all(|tax| *tax >= 0));
            }
        }
    }
}
