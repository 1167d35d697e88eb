//! What the tests of tasks share.

use std::sync::Arc;
use std::time::Duration;

use domain::carts::MockCartQueries;
use domain::customers::MockCustomerQueries;

use super::{HousekeepingPolicy, HousekeepingReads};
use crate::testing::Still;

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

/// Reads of these.
pub fn reads(carts: MockCartQueries, customers: MockCustomerQueries) -> HousekeepingReads {
    HousekeepingReads { customers: Arc::new(customers), carts: Arc::new(carts), clock: Arc::new(Still) }
}
