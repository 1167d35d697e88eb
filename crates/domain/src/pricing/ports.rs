use async_trait::async_trait;

use super::PricingData;
use crate::StoreError;

/// The version of all that prices are worked out from: zones, shipping methods, tax rates and promotions.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait PricingRepository: Send {
    /// Raises the version by 1 and returns it. The first write of every change of a zone, a shipping method, a tax class,
    /// a tax rate or a promotion: it is locked until the transaction ends, so that such changes follow each other, and
    /// each is checked against those before it. With the commit, servers read anew what they keep in memory.
    async fn raise_version(&mut self) -> Result<i64, StoreError>;

    /// All that prices are worked out from, as one state.
    async fn data(&mut self) -> Result<PricingData, StoreError>;
}

/// Reads of what prices are worked out from, outside any transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait PricingQueries: Send + Sync {
    /// All of it, as one state.
    async fn data(&self) -> Result<PricingData, StoreError>;
}
