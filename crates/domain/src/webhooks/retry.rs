use std::time::Duration;

use super::DeliveryId;
use crate::retry::spread_wait;

/// How long is waited after the first try, the second, and so on.
const WAITS: [Duration; 9] = [
    Duration::from_secs(5),
    Duration::from_mins(5),
    Duration::from_mins(30),
    Duration::from_hours(2),
    Duration::from_hours(5),
    Duration::from_hours(10),
    Duration::from_hours(14),
    Duration::from_hours(20),
    Duration::from_hours(24),
];

/// How often a delivery is tried.
pub const TRIES: usize = WAITS.len() + 1;

/// The longest that a receiver can ask to be left alone.
pub const MOST_WAIT: Duration = Duration::from_hours(24);

/// How long is waited after so many tries; `None` if no try is left. A receiver may ask for more.
pub fn wait_after(tries: i64, delivery: DeliveryId, retry_after: Option<Duration>) -> Option<Duration> {
    let wait = spread_wait(&WAITS, tries, delivery.0)?;
    Some(wait.max(retry_after.unwrap_or_default().min(MOST_WAIT)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Uuid;

    fn id(random: u128) -> DeliveryId {
        DeliveryId(Uuid::from_u128(random))
    }

    #[test]
    fn a_delivery_is_tried_ten_times_further_and_further_apart_r170() {
        let seconds: Vec<_> = WAITS.iter().map(Duration::as_secs).collect();
        let (minute, hour) = (60, 3600);
        assert_eq!(
            seconds,
            [5, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour]
        );
        assert_eq!(TRIES, 10);
        assert_eq!(wait_after(10, id(7), None), None);
        assert_eq!(wait_after(10, id(7), Some(Duration::from_secs(1))), None);
        assert_eq!((wait_after(0, id(7), None), wait_after(-1, id(7), None)), (None, None));
    }

    #[test]
    fn a_receiver_may_ask_for_more_time_up_to_a_day_r170() {
        let wait = |seconds| wait_after(1, id(0), Some(Duration::from_secs(seconds))).unwrap();
        assert_eq!(wait(3600), Duration::from_hours(1));
        assert_eq!(wait(1), Duration::from_millis(4500), "it waits longer by itself");
        assert_eq!(wait(u64::MAX), MOST_WAIT);
    }

    proptest! {
        #[test]
        fn a_wait_is_up_to_a_tenth_more_or_less_r170(tries in 1_i64..10, random: u128) {
            let planned = WAITS[usize::try_from(tries).unwrap() - 1];
            let wait = wait_after(tries, id(random), None).unwrap();
            prop_assert!(wait >= planned.mul_f64(0.9) && wait <= planned.mul_f64(1.1), "{wait:?} of {planned:?}");
        }
    }

    #[test]
    fn deliveries_of_one_moment_are_tried_at_different_times_r170() {
        let waits: std::collections::BTreeSet<_> = (0..1000).map(|n| wait_after(2, id(n * 61), None)).collect();
        assert!(waits.len() > 900, "{}", waits.len());
    }
}
