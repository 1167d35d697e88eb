use std::sync::Arc;

use async_trait::async_trait;
use domain::accounts::{
    Access, Account, AccountId, AccountQueries, AccountWithCustomer, FailureCount, FamilyId, Network, ThrottleKey,
    Username,
};
use domain::customers::{CustomerId, EmailAddress};
use domain::{Page, PageRequest, StoreError};
use quick_cache::UnitWeighter;

use super::single_flight::SingleFlight;
use super::topic::State;
use super::{Changes, Subject};

/// How many logins are kept.
const CAPACITY: u32 = 100_000;

/// Keeps what accounts may do, for each of their logins: every request with a token asks for it.
///
/// An answer belongs to the state of all accounts that was known before it was asked for. Accounts change and logins end seldom, and one
/// statement brings each of them back. Many that ask at once for the same account wait for one answer. Errors are not kept.
pub struct CachedAccounts {
    queries: Arc<dyn AccountQueries>,
    changes: Arc<Changes>,
    cache: SingleFlight<Key, Option<Access>>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Key(State, AccountId, Option<FamilyId>);

impl CachedAccounts {
    /// A cache before `queries`.
    pub fn new(queries: Arc<dyn AccountQueries>, changes: Arc<Changes>) -> Self {
        Self { queries, changes, cache: SingleFlight::new(CAPACITY as usize, CAPACITY.into(), UnitWeighter) }
    }
}

#[async_trait]
impl AccountQueries for CachedAccounts {
    async fn by_username(&self, username: &Username) -> Result<Option<Account>, StoreError> {
        self.queries.by_username(username).await
    }

    async fn by_email(&self, email: &EmailAddress) -> Result<Option<Account>, StoreError> {
        self.queries.by_email(email).await
    }

    async fn of_customer(&self, id: CustomerId) -> Result<Option<Account>, StoreError> {
        self.queries.of_customer(id).await
    }

    async fn access(&self, id: AccountId, login: Option<FamilyId>) -> Result<Option<Access>, StoreError> {
        let key = Key(self.changes.of(Subject::Access).state(), id, login);
        if let Some(access) = self.cache.find(&key) {
            return Ok(access);
        }
        // Boxed: it is large, and seldom needed.
        Box::pin(self.cache.get_or_read(key, self.queries.access(id, login))).await
    }

    async fn list(&self, staff: Option<bool>, page: &PageRequest) -> Result<Page<AccountWithCustomer>, StoreError> {
        self.queries.list(staff, page).await
    }

    async fn with_customer(&self, id: AccountId) -> Result<Option<AccountWithCustomer>, StoreError> {
        self.queries.with_customer(id).await
    }

    async fn usernames(&self, ids: &[AccountId]) -> Result<Vec<(AccountId, Username)>, StoreError> {
        self.queries.usernames(ids).await
    }

    async fn knows(&self, id: AccountId, network: Network) -> Result<bool, StoreError> {
        self.queries.knows(id, network).await
    }

    async fn login_failures(&self, keys: &[ThrottleKey]) -> Result<Vec<Option<FailureCount>>, StoreError> {
        self.queries.login_failures(keys).await
    }
}

#[cfg(test)]
mod tests;
