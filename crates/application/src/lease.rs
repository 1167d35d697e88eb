use async_trait::async_trait;
use domain::{StoreError, UtcDateTime, Uuid};

/// Leases within a transaction. A lease decides which of several servers does a housekeeping task.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait LeaseRepository: Send {
    /// Gives `holder` the lease of `task` until `until`, if it is free at `now`. Returns whether `holder` got it.
    async fn take(
        &mut self,
        task: &'static str,
        holder: Uuid,
        now: UtcDateTime,
        until: UtcDateTime,
    ) -> Result<bool, StoreError>;
}
