/// The most ranges of a facet of numbers.
pub const MAX_BUCKETS: usize = 8;

/// Ranges of numbers of one size, beside each other. They begin at multiples of the size, which is 1, 2 or 5 times a power
/// of ten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Buckets {
    /// Where each range begins, and where the last one ends.
    bounds: [i64; MAX_BUCKETS + 1],
    count: usize,
}

/// A range, and how many are in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket {
    /// The least number of the range.
    pub from: i64,
    /// The number at which the next range begins.
    pub to: i64,
    /// How many are in the range.
    pub count: u64,
}

impl Buckets {
    /// The smallest ranges of which [`MAX_BUCKETS`] hold all numbers from `min` to `max`.
    pub fn covering(min: i64, max: i64) -> Self {
        let max = max.max(min);
        let powers = std::iter::successors(Some(1_i64), |power| power.checked_mul(10));
        let mut steps = powers.flat_map(|power| [Some(power), power.checked_mul(2), power.checked_mul(5)]).flatten();
        let number = |step: i64| i128::from(max.div_euclid(step)) - i128::from(min.div_euclid(step)) + 1;
        let most = MAX_BUCKETS as i128;
        // Four ranges of the largest step hold all numbers of 64 bits.
        let step = steps.find(|step| number(*step) <= most).unwrap_or(i64::MAX);
        let count = usize::try_from(number(step)).unwrap_or(MAX_BUCKETS);
        let first = min.div_euclid(step);
        let bound = |place: i64| first.saturating_add(place).saturating_mul(step);
        let mut bounds = [i64::MAX; MAX_BUCKETS + 1];
        for (place, known) in (0..).zip(bounds.iter_mut().take(count + 1)) {
            *known = bound(place);
        }
        Self { bounds, count }
    }

    /// How many ranges there are: at least one.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The place of the range that holds a number; `None` beyond the ends.
    pub fn place(&self, number: i64) -> Option<usize> {
        // As many comparisons as there may be ranges, without a branch, take less time than a division.
        let begun = self.bounds.iter().take(MAX_BUCKETS).filter(|bound| **bound <= number).count().min(self.count);
        let end = self.bounds.get(self.count).copied().unwrap_or(i64::MAX);
        begun.checked_sub(1).filter(|_| number < end || end == i64::MAX)
    }

    /// The ranges with these counts.
    pub fn with(&self, counts: &[u64]) -> Vec<Bucket> {
        let ends = self.bounds.iter().zip(self.bounds.iter().skip(1)).take(self.count);
        ends.zip(counts).map(|((from, to), count)| Bucket { from: *from, to: *to, count: *count }).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ends(min: i64, max: i64) -> (i64, i64, usize) {
        let buckets = Buckets::covering(min, max);
        let all = buckets.with(&vec![0; buckets.count()]);
        (all[0].from, all.last().unwrap().to, all.len())
    }

    #[test]
    fn ranges_begin_at_round_numbers_and_are_at_most_eight_r221() {
        assert_eq!(ends(1999, 1999), (1999, 2000, 1));
        assert_eq!(ends(0, 7), (0, 8, 8));
        assert_eq!(ends(0, 8), (0, 10, 5));
        assert_eq!(ends(990, 4990), (0, 5000, 5));
        assert_eq!(ends(-15, 14), (-15, 15, 6));
        assert_eq!(ends(5, 1_000_000_000_000), (0, 1_200_000_000_000, 6));
    }

    proptest! {
        #[test]
        fn every_number_is_in_the_range_that_says_so_r221(a: i64, b: i64, c: i64) {
            let (min, max) = (a.min(b), a.max(b));
            let buckets = Buckets::covering(min, max);
            prop_assert!((1..=MAX_BUCKETS).contains(&buckets.count()));
            for number in [min, max, c.clamp(min, max)] {
                let place = buckets.place(number).unwrap();
                let bucket = buckets.with(&[0; MAX_BUCKETS])[place];
                prop_assert!(bucket.from <= number && (number < bucket.to || bucket.to == i64::MAX), "{bucket:?}");
            }
        }
    }
}
