//! Creation times and ids of demo data. The times are in the past and one second apart, so demo data has a fixed order
//! and sorts before everything that is created later.

use domain::{UtcDateTime, Uuid};
use time::Duration;
use time::macros::utc_datetime;

/// The time before the first product and customer.
const OPENING: UtcDateTime = utc_datetime!(2025-01-01 0:00);

/// Days from the creation of products and customers to the orders.
const FIRST_ORDER: i64 = 180;

/// Days from the first orders to those of the demo shop.
const FIRST_PRICED: i64 = 30;

/// Creation time of the `n`th product or customer.
pub(super) fn made(n: u32) -> UtcDateTime {
    OPENING + Duration::seconds(n.into())
}

/// Time at which the `n`th order is placed.
pub(super) fn ordered(n: u32) -> UtcDateTime {
    made(n) + Duration::days(FIRST_ORDER)
}

/// Time at which the `n`th order of the demo shop is placed, priced with its taxes and promotions.
pub(super) fn priced(n: u32) -> UtcDateTime {
    ordered(n) + Duration::days(FIRST_PRICED)
}

/// A new random `UUIDv7` of this time.
#[expect(clippy::disallowed_methods, reason = "makes the ids of demo data, whose time is in the past")]
pub(super) fn new_id(at: UtcDateTime) -> Uuid {
    id(at, rand::random())
}

/// The `UUIDv7` of this time for number `n`: the same in every run.
pub(super) fn nth_id(at: UtcDateTime, n: u32) -> Uuid {
    let mut rest = [0; 10];
    rest.iter_mut().rev().zip(n.to_le_bytes()).for_each(|(place, byte)| *place = byte);
    id(at, rest)
}

fn id(at: UtcDateTime, rest: [u8; 10]) -> Uuid {
    let millis = u64::try_from(at.unix_timestamp().saturating_mul(1000)).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(millis, &rest).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn demo_ids_are_uuid_v7_and_sort_by_number_r78() {
        let ids: Vec<_> = (1..1000).map(|n| nth_id(ordered(n), n)).collect();
        assert!(ids.iter().all(|id| id.get_version_num() == 7));
        assert!(ids.is_sorted_by(|earlier, later| earlier < later));
        assert!(new_id(made(1)) < new_id(made(2)) && new_id(made(1)) != new_id(made(1)));
    }
}
