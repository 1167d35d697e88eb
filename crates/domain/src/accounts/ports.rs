use async_trait::async_trait;

use super::{
    Access, Account, AccountId, AccountWithCustomer, FailureCount, FamilyId, Network, RefreshToken, ThrottleKey,
    ThrottlePolicy, TokenHash, Username,
};
use crate::customers::{CustomerId, EmailAddress};
use crate::roles::Role;
use crate::{Page, PageRequest, StoreError, UtcDateTime};

/// Accounts within a transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait AccountRepository: Send {
    /// Inserts a new account.
    ///
    /// # Errors
    /// `Duplicate(Account::UNIQUE_USERNAME)` or `Duplicate(Account::UNIQUE_CUSTOMER)` if the user name or the customer
    /// has an account.
    async fn insert(&mut self, account: &Account) -> Result<(), StoreError>;

    /// The current account, locked until the transaction ends.
    async fn lock(&mut self, id: AccountId) -> Result<Option<Account>, StoreError>;

    /// The account of a customer, locked until the transaction ends.
    async fn lock_of_customer(&mut self, id: CustomerId) -> Result<Option<Account>, StoreError>;

    /// Every active administrator, locked until the transaction ends, so that two transactions cannot
    /// each remove the other's last one.
    async fn lock_active_admins(&mut self) -> Result<Vec<AccountId>, StoreError>;

    /// Writes a locked account.
    ///
    /// # Errors
    /// `Duplicate(Account::UNIQUE_USERNAME)` if another account has the name.
    async fn update(&mut self, account: &Account) -> Result<(), StoreError>;

    /// Records that a locked account was used, to the day. It is deferred.
    async fn seen(&mut self, id: AccountId, now: UtcDateTime) -> Result<(), StoreError>;

    /// Deletes a locked account, with its refresh tokens, sessions, idempotency keys and known networks.
    async fn delete(&mut self, id: AccountId) -> Result<(), StoreError>;

    /// Whether any account has this role.
    async fn any_with_role(&mut self, role: Role) -> Result<bool, StoreError>;
}

/// Refresh tokens within a transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait RefreshTokenRepository: Send {
    /// Inserts a token that was just issued.
    async fn insert(&mut self, token: &RefreshToken) -> Result<(), StoreError>;

    /// The token with this hash, locked until the transaction ends. `None` if it is unknown or revoked.
    async fn lock(&mut self, hash: &TokenHash) -> Result<Option<RefreshToken>, StoreError>;

    /// Marks a locked token as spent.
    async fn spend(&mut self, token: &RefreshToken, now: UtcDateTime) -> Result<(), StoreError>;

    /// Deletes all refresh tokens of a login, which ends its access tokens too.
    async fn revoke_family(&mut self, id: FamilyId) -> Result<(), StoreError>;

    /// Deletes all refresh tokens of an account, which ends its access tokens too.
    async fn revoke_all(&mut self, id: AccountId) -> Result<(), StoreError>;

    /// Deletes up to `limit` tokens that expired before `now`. Returns how many.
    async fn purge(&mut self, now: UtcDateTime, limit: u64) -> Result<u64, StoreError>;
}

/// Failed logins within a transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait LoginFailureRepository: Send {
    /// Adds a failure to each of `keys`, and returns the failures of each, in their order. An expired window starts
    /// again at `now`; one in the future is brought back to `now`.
    async fn record(
        &mut self,
        keys: &[ThrottleKey],
        policy: &ThrottlePolicy,
        now: UtcDateTime,
    ) -> Result<Vec<Option<FailureCount>>, StoreError>;

    /// Takes one failure away from each of `keys`.
    async fn forgive(&mut self, keys: &[ThrottleKey]) -> Result<(), StoreError>;

    /// Brings windows of `keys` that start in the future back to `now`, for a clock that was set back.
    async fn bring_back(&mut self, keys: &[ThrottleKey], now: UtcDateTime) -> Result<(), StoreError>;

    /// Resets the failures of `key`.
    async fn forget(&mut self, key: &ThrottleKey) -> Result<(), StoreError>;

    /// Resets the failures with an account, by its user name and from the networks that it knows.
    async fn forget_account(&mut self, account: &Account) -> Result<(), StoreError>;

    /// Deletes up to `limit` windows that opened before `before`. Returns how many.
    async fn purge(&mut self, before: UtcDateTime, limit: u64) -> Result<u64, StoreError>;
}

/// The networks from which accounts were used, within a transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait KnownNetworkRepository: Send {
    /// Records that an account was used from `network` at `now`.
    async fn remember(&mut self, id: AccountId, network: Network, now: UtcDateTime) -> Result<(), StoreError>;

    /// Deletes up to `limit` networks that were last used before `before`. Returns how many.
    async fn purge(&mut self, before: UtcDateTime, limit: u64) -> Result<u64, StoreError>;
}

/// Reads of accounts, outside any transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait AccountQueries: Send + Sync {
    /// The account with this user name.
    async fn by_username(&self, username: &Username) -> Result<Option<Account>, StoreError>;

    /// The account of the customer with this email address.
    async fn by_email(&self, email: &EmailAddress) -> Result<Option<Account>, StoreError>;

    /// The account of a customer; `None` if it has none.
    async fn of_customer(&self, id: CustomerId) -> Result<Option<Account>, StoreError>;

    /// The permissions of an account, at most one second old. `None` if there is no such account, or if `login` is one
    /// that has ended.
    async fn access(&self, id: AccountId, login: Option<FamilyId>) -> Result<Option<Access>, StoreError>;

    /// A page of accounts with their customers, in order of id: oldest first. Of `staff`, everybody with another role
    /// than [`Role::Customer`], or everybody without, if it is said.
    async fn list(&self, staff: Option<bool>, page: &PageRequest) -> Result<Page<AccountWithCustomer>, StoreError>;

    /// An account with its customer; `None` if there is no such account.
    async fn with_customer(&self, id: AccountId) -> Result<Option<AccountWithCustomer>, StoreError>;

    /// The user names of those of these accounts that there are, in any order.
    async fn usernames(&self, ids: &[AccountId]) -> Result<Vec<(AccountId, Username)>, StoreError>;

    /// Whether an account was used from `network` before.
    async fn knows(&self, id: AccountId, network: Network) -> Result<bool, StoreError>;

    /// The failed logins of each of `keys`, in their order.
    async fn login_failures(&self, keys: &[ThrottleKey]) -> Result<Vec<Option<FailureCount>>, StoreError>;
}
