use async_trait::async_trait;

use super::{Attribute, AttributeCode, AttributeId};
use crate::{Page, PageRequest, StoreError};

/// Attributes within a transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait AttributeRepository: Send {
    /// Inserts a new attribute.
    ///
    /// # Errors
    /// `Duplicate(Attribute::UNIQUE_CODE)` if the code is taken.
    async fn insert(&mut self, attribute: &Attribute) -> Result<(), StoreError>;

    /// The current attribute, locked until the transaction ends. Whoever adds, moves or deletes terms locks it first.
    async fn lock(&mut self, code: &AttributeCode) -> Result<Option<Attribute>, StoreError>;

    /// The attribute as it is. Nothing is locked.
    async fn find(&mut self, code: &AttributeCode) -> Result<Option<Attribute>, StoreError>;

    /// The attributes with these codes, in any order. Unknown codes are skipped, and nothing is locked.
    async fn named(&mut self, codes: &[AttributeCode]) -> Result<Vec<Attribute>, StoreError>;

    /// How many there are.
    async fn count(&mut self) -> Result<u64, StoreError>;

    /// Whether any product or group has a term or a value of it, or members of a group differ by it.
    async fn is_used(&mut self, id: AttributeId) -> Result<bool, StoreError>;

    /// Writes a locked attribute.
    async fn update(&mut self, attribute: &Attribute) -> Result<(), StoreError>;

    /// Deletes a locked attribute that is not [used](Self::is_used), with its terms.
    ///
    /// # Errors
    /// `Raced` if a product or a group has begun to use it.
    async fn delete(&mut self, id: AttributeId) -> Result<(), StoreError>;
}

/// Reads of attributes, outside any transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait AttributeQueries: Send + Sync {
    /// The attribute with this code; `None` if there is none.
    async fn get(&self, code: &AttributeCode) -> Result<Option<Attribute>, StoreError>;

    /// The attributes with these codes, in any order. Unknown codes are skipped.
    async fn named(&self, codes: &[AttributeCode]) -> Result<Vec<Attribute>, StoreError>;

    /// A page of attributes, in order of position and creation. With `internal` also those that only staff see.
    async fn list(&self, internal: bool, page: &PageRequest) -> Result<Page<Attribute>, StoreError>;
}
