use async_trait::async_trait;

use super::Customer;
use crate::StoreError;

/// Customers within a transaction.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait CustomerRepository: Send {
    /// Keeps a new customer.
    ///
    /// # Errors
    /// `Duplicate(CustomerEmail)` if the address is taken, regardless of case.
    async fn insert(&mut self, customer: &Customer) -> Result<(), StoreError>;
}
