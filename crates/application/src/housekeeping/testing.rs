//! What the tests of tasks share.

use std::time::Duration;

use super::HousekeepingPolicy;

/// Nothing is received or erased by itself.
pub const POLICY: HousekeepingPolicy = HousekeepingPolicy {
    every: Duration::from_mins(1),
    keep_keys: Duration::from_hours(24),
    access_tokens_last: Duration::from_mins(15),
    failure_window: Duration::from_mins(15),
    keep_empty_carts: Duration::from_hours(24),
    keep_events: Duration::from_hours(90 * 24),
    keep_import_rows: Duration::from_hours(30 * 24),
    erase_idle_after: None,
    auto_receive_after: None,
};
