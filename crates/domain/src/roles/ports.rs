use async_trait::async_trait;

use super::{CustomRole, Role, RoleName};
use crate::StoreError;

/// Custom roles within a transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait RoleRepository: Send {
    /// Inserts a new role.
    ///
    /// # Errors
    /// `Duplicate(CustomRole::UNIQUE_NAME)` if another role has the name.
    async fn insert(&mut self, role: &CustomRole) -> Result<(), StoreError>;

    /// The current role, locked until the transaction ends.
    async fn lock(&mut self, name: &RoleName) -> Result<Option<CustomRole>, StoreError>;

    /// Writes a locked role.
    async fn update(&mut self, role: &CustomRole) -> Result<(), StoreError>;

    /// Deletes a locked role.
    async fn delete(&mut self, role: &CustomRole) -> Result<(), StoreError>;

    /// How many there are.
    async fn count(&mut self) -> Result<u64, StoreError>;
}

/// Reads of custom roles, outside any transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait RoleQueries: Send + Sync {
    /// The custom role of this name; `None` if there is none.
    async fn get(&self, name: &RoleName) -> Result<Option<CustomRole>, StoreError>;

    /// All custom roles, in order of their names.
    async fn all(&self) -> Result<Vec<CustomRole>, StoreError>;

    /// How many accounts have each of these roles, in their order.
    async fn accounts(&self, roles: &[Role]) -> Result<Vec<u64>, StoreError>;
}
