use async_trait::async_trait;

use super::{TaxClass, TaxClassCode, TaxClassId};
use crate::{Page, PageRequest, StoreError};

/// Tax classes within a transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait TaxClassRepository: Send {
    /// Inserts a new tax class.
    ///
    /// # Errors
    /// `Duplicate(TaxClass::UNIQUE_CODE)` if the code is taken.
    async fn insert(&mut self, class: &TaxClass) -> Result<(), StoreError>;

    /// The current tax class, locked until the transaction ends.
    async fn lock(&mut self, id: TaxClassId) -> Result<Option<TaxClass>, StoreError>;

    /// Whether there is a class with this code.
    async fn has(&mut self, code: &TaxClassCode) -> Result<bool, StoreError>;

    /// Writes a locked tax class.
    async fn update(&mut self, class: &TaxClass) -> Result<(), StoreError>;

    /// Deletes a locked tax class.
    async fn delete(&mut self, id: TaxClassId) -> Result<(), StoreError>;
}

/// Reads of tax classes, outside any transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait TaxClassQueries: Send + Sync {
    /// The tax class with this id; `None` if there is none.
    async fn get(&self, id: TaxClassId) -> Result<Option<TaxClass>, StoreError>;

    /// The codes of all tax classes.
    async fn codes(&self) -> Result<Vec<TaxClassCode>, StoreError>;

    /// A page of tax classes, in order of id: `standard`, then the oldest first.
    async fn list(&self, page: &PageRequest) -> Result<Page<TaxClass>, StoreError>;
}
