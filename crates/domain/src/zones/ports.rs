use async_trait::async_trait;

use super::{Zone, ZoneFilter, ZoneName};
use crate::pricing::ZoneId;
use crate::tax_classes::TaxClassCode;
use crate::{Page, PageRequest, StoreError};

/// Zones within a transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait ZoneRepository: Send {
    /// Inserts a new zone.
    ///
    /// # Errors
    /// `Duplicate(Zone::UNIQUE_NAME)` if the name is taken.
    async fn insert(&mut self, zone: &Zone) -> Result<(), StoreError>;

    /// The current zone, locked until the transaction ends.
    async fn lock(&mut self, id: ZoneId) -> Result<Option<Zone>, StoreError>;

    /// The names of the zones in which shipping is taxed by this class, in order.
    async fn with_shipping_class(&mut self, class: &TaxClassCode) -> Result<Vec<ZoneName>, StoreError>;

    /// Writes a locked zone.
    ///
    /// # Errors
    /// `Duplicate(Zone::UNIQUE_NAME)` if the name is taken.
    async fn update(&mut self, zone: &Zone) -> Result<(), StoreError>;

    /// Deletes a locked zone.
    async fn delete(&mut self, id: ZoneId) -> Result<(), StoreError>;
}

/// Reads of zones, outside any transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait ZoneQueries: Send + Sync {
    /// The zone with this id; `None` if there is none.
    async fn get(&self, id: ZoneId) -> Result<Option<Zone>, StoreError>;

    /// A page of zones, in order of id: oldest first.
    async fn list(&self, filter: &ZoneFilter, page: &PageRequest) -> Result<Page<Zone>, StoreError>;
}
