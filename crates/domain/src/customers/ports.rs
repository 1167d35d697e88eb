use async_trait::async_trait;

use super::{Customer, CustomerFilter, CustomerId, CustomerSummary, Exemption, LastActivity};
use crate::{Page, PageRequest, StoreError, UtcDateTime};

/// Customers within a transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait CustomerRepository: Send {
    /// Inserts a new customer.
    ///
    /// # Errors
    /// `Duplicate(Customer::UNIQUE_EMAIL)` if the address is taken, regardless of case.
    async fn insert(&mut self, customer: &Customer) -> Result<(), StoreError>;

    /// The current customer, locked until the transaction ends.
    async fn lock(&mut self, id: CustomerId) -> Result<Option<Customer>, StoreError>;

    /// Those of `ids` that are customers. Unknown ones are left out.
    async fn known(&mut self, ids: &[CustomerId]) -> Result<Vec<CustomerId>, StoreError>;

    /// When a customer, locked with its account, last did something.
    async fn last_activity(&mut self, id: CustomerId) -> Result<LastActivity, StoreError>;

    /// Writes a locked customer.
    ///
    /// # Errors
    /// `Duplicate(Customer::UNIQUE_EMAIL)` if the address is taken, regardless of case.
    async fn update(&mut self, customer: &Customer) -> Result<(), StoreError>;

    /// Renews up to `limit` customers that were stored before their names had keys and their words were folded: their
    /// texts, keys and words are those of [`renewed`](super::Customer::renewed). Returns how many. A text that would be
    /// a duplicate stays as it is.
    async fn renew(&mut self, limit: u64) -> Result<u64, StoreError>;
}

/// Reads of customers, outside any transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait CustomerQueries: Send + Sync {
    /// The customer with this id; `None` if there is none.
    async fn get(&self, id: CustomerId) -> Result<Option<Customer>, StoreError>;

    /// Up to `limit` customers in order of id, after the one that is named, each with whether it [did
    /// nothing](LastActivity::is_idle) since `before`: it was not changed, did not log in or stay logged in, has no
    /// newer cart or order, and each of its orders is [final](crate::orders::OrderStatus::is_final). Somebody whose
    /// account has another role than [`Role::Customer`](crate::roles::Role::Customer) is never idle.
    async fn idle(
        &self,
        before: UtcDateTime,
        after: Option<CustomerId>,
        limit: u64,
    ) -> Result<Vec<(CustomerId, bool)>, StoreError>;

    /// Why a customer owes no tax; `None` if it does, or is unknown.
    async fn tax_exemption(&self, id: CustomerId) -> Result<Option<Exemption>, StoreError>;

    /// What lists say of these customers. Unknown ids are skipped.
    async fn summaries(&self, ids: &[CustomerId]) -> Result<Vec<CustomerSummary>, StoreError>;

    /// A page of customers, in the order that the filter says.
    async fn list(&self, filter: &CustomerFilter, page: &PageRequest) -> Result<Page<Customer>, StoreError>;
}
