use std::collections::HashMap;

use async_trait::async_trait;

use super::{Assigned, ShownAttribute};
use crate::products::{Product, ProductId};
use crate::terms::TermId;
use crate::{StoreError, UtcDateTime};

/// What products have of attributes, within a transaction. A product is locked by whoever changes what it has.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait AssignmentRepository: Send {
    /// What a product has of each attribute, what it has from its group included. Nothing is locked.
    async fn of(&mut self, id: ProductId) -> Result<Assigned, StoreError>;

    /// Writes what a locked product has after a change, and its version and the time of the change.
    ///
    /// # Errors
    /// `Raced` if a term or an attribute was deleted meanwhile.
    async fn replace(&mut self, product: &Product, before: &Assigned, after: &Assigned) -> Result<(), StoreError>;

    /// The products that have a term, in order of id.
    async fn having(&mut self, id: TermId) -> Result<Vec<ProductId>, StoreError>;

    /// Takes a term from these products, in order of id, and raises their versions.
    async fn detach(&mut self, id: TermId, products: &[ProductId], now: UtcDateTime) -> Result<(), StoreError>;

    /// What a product has, as it is shown, in order of the attributes' positions.
    async fn shown(&mut self, id: ProductId) -> Result<Vec<ShownAttribute>, StoreError>;
}

/// Reads of what products have, outside any transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait AssignmentQueries: Send + Sync {
    /// What these products have, as it is shown, in order of the attributes' positions. Products without anything are
    /// skipped.
    async fn shown(&self, ids: &[ProductId]) -> Result<HashMap<ProductId, Vec<ShownAttribute>>, StoreError>;
}
