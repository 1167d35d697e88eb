use async_trait::async_trait;

use crate::StoreError;

/// The version of price rules within a transaction.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait PricingRepository: Send {
    /// Raises the version of price rules.
    async fn raise_version(&mut self) -> Result<i64, StoreError>;
}
