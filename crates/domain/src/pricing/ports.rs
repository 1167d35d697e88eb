use async_trait::async_trait;

use crate::StoreError;

/// The price rules within a transaction.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait PricingRepository: Send {
    /// Counts a change of the price rules, and locks the count until the transaction ends.
    async fn raise_version(&mut self) -> Result<i64, StoreError>;
}
