//! Exact arithmetic on amounts: the one rounding rule, and the one way to share an amount.
//!
//! Amounts are whole minor units in an `i64`, never negative here. Products are worked out in an `i128`, where none of
//! them overflows.

use std::cmp::Reverse;

use crate::Overflow;

/// Parts per million in a whole: rates and percentages are integers of this unit, so 190 000 is 19 %.
pub const PPM: i64 = 1_000_000;

/// `numerator / denominator`, half up. Both are amounts or products of amounts: not negative, and the denominator not 0.
pub(crate) fn round(numerator: i128, denominator: i128) -> i128 {
    let rest = numerator % denominator;
    numerator / denominator + i128::from(rest >= denominator - rest)
}

/// `amount * times / of`, half up, where `times` is at most `of`, so that the result is at most `amount`.
pub(super) fn portion(amount: i64, times: i64, of: i64) -> i64 {
    if of == 0 {
        return 0;
    }
    let exact = round(i128::from(amount) * i128::from(times), i128::from(of));
    i64::try_from(exact).unwrap_or(amount)
}

/// `value / step`, rounded up: how many steps are begun. Neither is negative, and a step is at least 1.
pub(super) const fn round_up(value: i64, step: i64) -> i64 {
    value / step + (value % step > 0) as i64
}

/// The sum of `amounts`.
///
/// # Errors
/// [`Overflow`] if it does not fit.
pub(super) fn sum(amounts: impl IntoIterator<Item = i64>) -> Result<i64, Overflow> {
    amounts.into_iter().try_fold(0_i64, i64::checked_add).ok_or(Overflow)
}

/// Shares `total` in proportion to `weights`, by the largest remainder.
///
/// Each share is its exact part, rounded down; the units left go one each to the largest remainders, among equal ones to
/// the larger weight, then to the lower index. So the shares add up to `total`, none is a whole unit off its exact part,
/// and none exceeds its weight while `total` does not exceed their sum.
///
/// No amount is negative. If all weights are 0 there is nothing to carry `total`, which must be 0 then.
pub fn split(total: i64, weights: &[i64]) -> Vec<i64> {
    let whole: i128 = weights.iter().copied().map(i128::from).sum();
    if whole == 0 {
        debug_assert_eq!(total, 0, "an amount to share and nothing that carries it");
        return vec![0; weights.len()];
    }
    let exact = |weight: i64| i128::from(total) * i128::from(weight);
    let down = |weight: i64| i64::try_from(exact(weight) / whole).unwrap_or(i64::MAX);
    let mut shares: Vec<i64> = weights.iter().copied().map(down).collect();
    let rest = total - shares.iter().sum::<i64>();

    let mut order: Vec<_> = shares.iter_mut().zip(weights.iter().copied()).collect();
    // The sort is stable: equal ones stay in the order of their index.
    order.sort_by_key(|(_, weight)| Reverse((exact(*weight) % whole, *weight)));
    let rest = usize::try_from(rest).unwrap_or_default();
    order.into_iter().take(rest).for_each(|(share, _)| *share += 1);
    shares
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_half_is_rounded_up_and_less_is_rounded_down_r110() {
        let all = [(0, 7, 0), (1, 2, 1), (3, 2, 2), (5, 2, 3), (4, 3, 1), (5, 3, 2), (2_686_425, 10_000, 269)];
        for (numerator, denominator, rounded) in all {
            assert_eq!(round(numerator, denominator), rounded, "{numerator}/{denominator}");
        }
        let largest = i128::from(i64::MAX) * i128::from(i64::MAX);
        assert_eq!(round(largest, i128::from(i64::MAX)), i128::from(i64::MAX));
        assert_eq!(portion(i64::MAX, PPM, PPM), i64::MAX);
    }

    #[test]
    fn a_sum_that_does_not_fit_is_refused_r110() {
        assert_eq!(sum([i64::MAX, 0]), Ok(i64::MAX));
        assert_eq!(sum([i64::MAX, 1]), Err(Overflow));
    }

    #[test]
    fn equal_remainders_go_to_the_larger_weight_then_to_the_lower_index_r111() {
        // 2 · 1/4 and 2 · 3/4 leave the same remainder, 1/2.
        assert_eq!(split(2, &[1, 3]), [0, 2]);
        assert_eq!(split(1, &[2, 2, 2]), [1, 0, 0]);
        assert_eq!(split(3, &[0, 5, 0]), [0, 3, 0]);
        assert_eq!(split(i64::MAX, &[i64::MAX, i64::MAX]), [i64::MAX / 2 + 1, i64::MAX / 2]);
        assert_eq!(split(0, &[]), [0; 0]);
    }

    /// Weights of all sizes, zeros among them.
    fn weights() -> impl Strategy<Value = Vec<i64>> {
        prop::collection::vec(prop_oneof![Just(0), 0..10_i64, 0..1_000_000_i64, 0..i64::MAX], 1..9)
    }

    proptest! {
        #[test]
        fn shares_add_up_and_none_is_a_unit_off_or_exceeds_its_weight_r111_r119(
            weights in weights(),
            total in prop_oneof![0..100_i64, 0..i64::MAX],
            within in 0..=PPM,
        ) {
            let whole: i128 = weights.iter().copied().map(i128::from).sum();
            prop_assume!(whole > 0);
            let part = i64::try_from(whole * i128::from(within) / i128::from(PPM)).unwrap_or(i64::MAX);
            for total in [total, part] {
                let shares = split(total, &weights);
                prop_assert_eq!(shares.iter().copied().map(i128::from).sum::<i128>(), i128::from(total));
                for (share, weight) in shares.iter().zip(&weights) {
                    let exact = i128::from(total) * i128::from(*weight);
                    let off = i128::from(*share) - exact / whole;
                    prop_assert!(off == 0 || (off == 1 && exact % whole > 0));
                    prop_assert!(*weight > 0 || *share == 0);
                    prop_assert!(*share <= *weight || i128::from(total) > whole);
                }
            }
        }
    }
}
