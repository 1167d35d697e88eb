use async_trait::async_trait;

use super::{RatedZone, TaxRate, TaxRateFilter};
use crate::pricing::{TaxRateId, TaxZone};
use crate::{Page, PageRequest, StoreError};

/// Tax rates within a transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait TaxRateRepository: Send {
    /// Inserts a new tax rate. Whether its days are free was checked before.
    async fn insert(&mut self, rate: &TaxRate) -> Result<(), StoreError>;

    /// The current tax rate, locked until the transaction ends.
    async fn lock(&mut self, id: TaxRateId) -> Result<Option<TaxRate>, StoreError>;

    /// All zones that have rates, of any day, or say how shipping is taxed; in order of id.
    async fn zones(&mut self) -> Result<Vec<RatedZone>, StoreError>;

    /// Writes a locked tax rate.
    async fn update(&mut self, rate: &TaxRate) -> Result<(), StoreError>;

    /// Deletes a locked tax rate.
    async fn delete(&mut self, id: TaxRateId) -> Result<(), StoreError>;
}

/// Reads of tax rates, outside any transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait TaxRateQueries: Send + Sync {
    /// The tax rate with this id; `None` if there is none.
    async fn get(&self, id: TaxRateId) -> Result<Option<TaxRate>, StoreError>;

    /// A page of tax rates, in order of id: oldest first.
    async fn list(&self, filter: &TaxRateFilter, page: &PageRequest) -> Result<Page<TaxRate>, StoreError>;

    /// What taxes are worked out with: all zones that have rates or say how shipping is taxed, in order of id. Rates that
    /// have ended are among them, so that a shop whose rates have all ended still knows that it has some.
    async fn tax_zones(&self) -> Result<Vec<TaxZone>, StoreError>;
}
