//! Work that is tried again, by one server at a time.

use std::time::Duration;

use crate::{UtcDateTime, Uuid};

/// The right of one server to try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// The id of the server that may try.
    pub holder: Uuid,
    /// When others may try.
    pub until: UtcDateTime,
}

/// How much longer than a try takes at most it belongs to the server that makes it. After that another one may try.
pub const LEASE_MARGIN: Duration = Duration::from_secs(10);

/// Whether a server may try the work now: `next_at` has come, and no lease is valid.
pub(crate) fn is_due(next_at: Option<UtcDateTime>, lease: Option<Lease>, now: UtcDateTime) -> bool {
    next_at.is_some_and(|at| at <= now) && lease.is_none_or(|lease| lease.until <= now)
}

/// The right of a server to try for at most `timeout`.
pub(crate) fn lease(holder: Uuid, timeout: Duration, now: UtcDateTime) -> Lease {
    Lease { holder, until: now + timeout + LEASE_MARGIN }
}

/// How long to wait after this number of tries; `None` if no try is left. The wait differs from `waits` by up to 10 %,
/// depending on the id of the work, so that work that failed together is not tried again together.
pub(crate) fn spread_wait(waits: &[Duration], tries: i64, work: Uuid) -> Option<Duration> {
    let nth = usize::try_from(tries).ok()?.checked_sub(1)?;
    let wait = waits.get(nth)?;
    // The last bits of a UUIDv7 are random.
    let random = (work.as_u128() ^ (work.as_u128() >> (7 * nth))) & 0xFFFF;
    let random = u32::try_from(random).unwrap_or_default();
    Some(wait.mul_f64(0.9 + 0.2 * f64::from(random) / 65_535.0))
}
