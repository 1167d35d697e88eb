use async_trait::async_trait;

use super::{
    Access, Account, AccountId, AccountWithCustomer, FailureCount, RefreshToken, Role, ThrottleKey, ThrottlePolicy,
    Username,
};
use crate::{StoreError, UtcDateTime};

/// Accounts within a transaction.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait AccountRepository: Send {
    /// Keeps a new account.
    ///
    /// # Errors
    /// `Duplicate(AccountUsername)` or `Duplicate(AccountCustomer)` if one of them is taken.
    async fn insert(&mut self, account: &Account) -> Result<(), StoreError>;

    /// The account as it is now, and locked until the transaction ends.
    async fn lock(&mut self, id: AccountId) -> Result<Option<Account>, StoreError>;

    /// Whether any account has this role.
    async fn any_with_role(&mut self, role: Role) -> Result<bool, StoreError>;
}

/// Refresh tokens within a transaction.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait RefreshTokenRepository: Send {
    /// Keeps a new token.
    async fn insert(&mut self, token: &RefreshToken) -> Result<(), StoreError>;
}

/// Failed logins within a transaction.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait LoginFailureRepository: Send {
    /// Counts one more failure for each of `keys`. A window that has passed starts anew at `now`.
    async fn record(
        &mut self,
        keys: &[ThrottleKey],
        policy: &ThrottlePolicy,
        now: UtcDateTime,
    ) -> Result<(), StoreError>;

    /// Forgets the failures of `key`.
    async fn forget(&mut self, key: &ThrottleKey) -> Result<(), StoreError>;
}

/// Reads of accounts, outside any transaction.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait AccountQueries: Send + Sync {
    /// The account with this user name.
    async fn by_username(&self, username: &Username) -> Result<Option<Account>, StoreError>;

    /// What an account may do; at most one second old.
    async fn access(&self, id: AccountId) -> Result<Option<Access>, StoreError>;

    /// An account with its customer.
    async fn with_customer(&self, id: AccountId) -> Result<Option<AccountWithCustomer>, StoreError>;

    /// The failed logins of each of `keys`, in their order.
    async fn login_failures(&self, keys: &[ThrottleKey]) -> Result<Vec<Option<FailureCount>>, StoreError>;
}
