use async_trait::async_trait;

use super::{MethodFilter, ShippingMethod, ShippingMethodId};
use crate::pricing::{self, MethodCode, ZoneId};
use crate::tax_classes::TaxClassCode;
use crate::{Page, PageRequest, StoreError};

/// Shipping methods within a transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait ShippingMethodRepository: Send {
    /// Inserts a new shipping method.
    ///
    /// # Errors
    /// `Duplicate(ShippingMethod::UNIQUE_CODE)` if the code is taken.
    async fn insert(&mut self, method: &ShippingMethod) -> Result<(), StoreError>;

    /// The current shipping method, locked until the transaction ends.
    async fn lock(&mut self, id: ShippingMethodId) -> Result<Option<ShippingMethod>, StoreError>;

    /// The codes of the methods of a zone, in order.
    async fn in_zone(&mut self, id: ZoneId) -> Result<Vec<MethodCode>, StoreError>;

    /// The codes of the methods of a tax class, in order.
    async fn of_class(&mut self, class: &TaxClassCode) -> Result<Vec<MethodCode>, StoreError>;

    /// Writes a locked shipping method.
    ///
    /// # Errors
    /// `Duplicate(ShippingMethod::UNIQUE_CODE)` if the code is taken.
    async fn update(&mut self, method: &ShippingMethod) -> Result<(), StoreError>;

    /// Deletes a locked shipping method.
    async fn delete(&mut self, id: ShippingMethodId) -> Result<(), StoreError>;
}

/// Reads of shipping methods, outside any transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait ShippingMethodQueries: Send + Sync {
    /// The shipping method with this id; `None` if there is none.
    async fn get(&self, id: ShippingMethodId) -> Result<Option<ShippingMethod>, StoreError>;

    /// A page of shipping methods, in order of id: oldest first.
    async fn list(&self, filter: &MethodFilter, page: &PageRequest) -> Result<Page<ShippingMethod>, StoreError>;

    /// All active methods with their zones, in order of id.
    async fn active(&self) -> Result<Vec<pricing::ShippingMethod>, StoreError>;
}
