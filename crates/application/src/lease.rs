use async_trait::async_trait;
use domain::{StoreError, UtcDateTime, Uuid};

/// Leases within a transaction: who, of several servers, does a background task now.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait LeaseRepository: Send {
    /// Gives `holder` the lease of `task` until `until`, if nobody else holds it at `now`; answers whether it has it.
    async fn take(
        &mut self,
        task: &'static str,
        holder: Uuid,
        now: UtcDateTime,
        until: UtcDateTime,
    ) -> Result<bool, StoreError>;
}
