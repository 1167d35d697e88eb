use async_trait::async_trait;

use super::{Customer, CustomerFilter, CustomerId};
use crate::{Page, PageRequest, StoreError};

/// Customers within a transaction.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait CustomerRepository: Send {
    /// Inserts a new customer.
    ///
    /// # Errors
    /// `Duplicate(Customer::UNIQUE_EMAIL)` if the address is taken, regardless of case.
    async fn insert(&mut self, customer: &Customer) -> Result<(), StoreError>;

    /// The current customer, locked until the transaction ends.
    async fn lock(&mut self, id: CustomerId) -> Result<Option<Customer>, StoreError>;

    /// Writes a locked customer.
    ///
    /// # Errors
    /// `Duplicate(Customer::UNIQUE_EMAIL)` if the address is taken, regardless of case.
    async fn update(&mut self, customer: &Customer) -> Result<(), StoreError>;

    /// Deletes a locked customer, whose account was deleted before.
    async fn delete(&mut self, id: CustomerId) -> Result<(), StoreError>;
}

/// Reads of customers, outside any transaction.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait CustomerQueries: Send + Sync {
    /// The customer with this id.
    async fn get(&self, id: CustomerId) -> Result<Option<Customer>, StoreError>;

    /// A page of customers, in order of id: oldest first.
    async fn list(&self, filter: &CustomerFilter, page: &PageRequest) -> Result<Page<Customer>, StoreError>;
}
