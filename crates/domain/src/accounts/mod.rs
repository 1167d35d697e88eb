//! Accounts: logins with a role.

mod access;
mod login_name;
mod network;
mod password;
mod ports;
mod refresh_token;
mod throttle;
mod username;

pub use access::{Access, AccessClaims};
pub use login_name::LoginName;
pub use network::Network;
pub use password::{Password, PasswordHash};
pub use ports::*;
pub use refresh_token::{Exchange, FamilyId, RefreshToken, RefreshTokenId, TokenHash, TokenSecret};
pub use throttle::{FailureCount, ThrottleKey, ThrottlePolicy};
pub use username::Username;

use std::time::Duration;

use crate::access::Scopes;
use crate::customers::{Customer, CustomerId};
use crate::roles::Role;
use crate::{UniqueKey, UtcDateTime, Version};

crate::id::id! {
    /// The id of an account.
    AccountId
}

/// A login: user name, password hash and role. A customer has at most one account; staff need no customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// A `UUIDv7`: sorts by time of creation.
    pub id: AccountId,
    /// The customer of the account; `None` for staff without one.
    pub customer_id: Option<CustomerId>,
    /// The user name, unique.
    pub username: Username,
    /// The bcrypt hash of the password.
    pub password_hash: PasswordHash,
    /// Its permissions.
    pub role: Role,
    /// `false` if it is deactivated and cannot log in.
    pub active: bool,
    /// Counts the events that end every token issued before: password change, demotion, deactivation.
    pub token_epoch: i64,
    /// Time of creation.
    pub created_at: UtcDateTime,
    /// Time of the last change.
    pub updated_at: UtcDateTime,
    /// 1 when created, one more with each change.
    pub version: Version,
}

/// The input for a new account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountDetails {
    /// The customer of the account; `None` for staff without one.
    pub customer_id: Option<CustomerId>,
    /// The name to log in with.
    pub username: Username,
    /// The bcrypt hash of the password, with its cost.
    pub password_hash: PasswordHash,
    /// Its permissions.
    pub role: Role,
}

impl Account {
    /// How exactly the last use of an account is known.
    pub const SEEN_PRECISION: Duration = Duration::from_hours(24);
    /// No two accounts share a user name: the field, and what a refusal says of it.
    pub const UNIQUE_USERNAME: UniqueKey = UniqueKey { field: "username", taken: "belongs to another account" };
    /// A customer has one account: the field, and what a refusal says of it.
    pub const UNIQUE_CUSTOMER: UniqueKey = UniqueKey { field: "customer_id", taken: "has an account already" };

    /// A new, active account.
    pub fn new(id: AccountId, details: AccountDetails, now: UtcDateTime) -> Self {
        let AccountDetails { customer_id, username, password_hash, role } = details;
        Self {
            id,
            customer_id,
            username,
            password_hash,
            role,
            active: true,
            token_epoch: 0,
            created_at: now,
            updated_at: now,
            version: Version::FIRST,
        }
    }

    /// The current permissions of the account, whose role allows these scopes.
    pub const fn access(&self, scopes: Scopes) -> Access {
        Access {
            account_id: self.id,
            customer_id: self.customer_id,
            role: self.role,
            scopes,
            active: self.active,
            token_epoch: self.token_epoch,
        }
    }
}

/// A change of an account. `None` keeps the value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccountChange {
    /// The new name to log in with; `None` keeps it.
    pub username: Option<Username>,
    /// The hash of the new password; `None` keeps the old one.
    pub password_hash: Option<PasswordHash>,
    /// Its permissions.
    pub role: Option<Role>,
    /// `false` deactivates the account.
    pub active: Option<bool>,
}

impl Account {
    /// The account after a change, unchanged if the change has no effect. Another password, role or activity ends
    /// every token issued before.
    #[must_use]
    pub fn changed(&self, change: &AccountChange, now: UtcDateTime) -> Self {
        let AccountChange { username, password_hash, role, active } = change.clone();
        let (role, active) = (role.unwrap_or(self.role), active.unwrap_or(self.active));
        let ends_tokens = password_hash.is_some() || role != self.role || active != self.active;
        let after = Self {
            username: username.unwrap_or_else(|| self.username.clone()),
            password_hash: password_hash.unwrap_or_else(|| self.password_hash.clone()),
            role,
            active,
            token_epoch: self.token_epoch + i64::from(ends_tokens),
            ..self.clone()
        };
        if after == *self { after } else { Self { updated_at: now, version: self.version.next(), ..after } }
    }

    /// The account with another hash of the same password. Nothing that anybody sees has changed, so tokens and version
    /// stay.
    #[must_use]
    pub fn rehashed(&self, password_hash: PasswordHash) -> Self {
        Self { password_hash, ..self.clone() }
    }

    /// Whether it is an administrator and active.
    pub fn is_active_admin(&self) -> bool {
        self.active && self.role == Role::Admin
    }
}

/// An account, and the customer that it belongs to, if any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountWithCustomer {
    /// The login, with the hash of its password.
    pub account: Account,
    /// The customer, if it has one.
    pub customer: Option<Customer>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Uuid;

    fn account() -> Account {
        let details = AccountDetails {
            customer_id: None,
            username: Username::parse("ann").unwrap(),
            password_hash: PasswordHash::new("old".into()),
            role: Role::Admin,
        };
        Account::new(AccountId(Uuid::from_u128(1)), details, UtcDateTime::UNIX_EPOCH)
    }

    #[test]
    fn a_new_password_role_or_activity_ends_every_token_and_a_new_name_does_not_r2_r5_r22() {
        let epoch = |change: AccountChange| account().changed(&change, UtcDateTime::UNIX_EPOCH).token_epoch;
        let same = AccountChange { role: Some(Role::Admin), active: Some(true), ..AccountChange::default() };
        assert_eq!(epoch(same), 0);
        assert_eq!(epoch(AccountChange { username: Username::parse("bob").ok(), ..AccountChange::default() }), 0);
        let password_hash = Some(PasswordHash::new("new".into()));
        assert_eq!(epoch(AccountChange { password_hash, ..AccountChange::default() }), 1);
        assert_eq!(epoch(AccountChange { role: Some(Role::Customer), ..AccountChange::default() }), 1);
        assert_eq!(epoch(AccountChange { active: Some(false), ..AccountChange::default() }), 1);
    }
}
