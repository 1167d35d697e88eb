//! Accounts: who may log in, as what.

mod access;
mod password;
mod ports;
mod refresh_token;
mod role;
mod throttle;
mod username;

pub use access::{Access, AccessClaims};
pub use password::{Password, PasswordHash};
pub use ports::*;
pub use refresh_token::{FamilyId, RefreshToken, RefreshTokenId, RefreshTokenSecret, TokenHash};
pub use role::Role;
pub use throttle::{FailureCount, ThrottleKey, ThrottlePolicy};
pub use username::Username;

use crate::customers::{Customer, CustomerId};
use crate::{UtcDateTime, Version};

crate::id::id! {
    /// Names an account.
    AccountId
}

/// A login: a user name, a password and a role. A customer has at most one; an administrator's may have no customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The id.
    pub id: AccountId,
    /// Whose account it is.
    pub customer_id: Option<CustomerId>,
    /// The user name, unique.
    pub username: Username,
    /// The bcrypt hash of the password.
    pub password_hash: PasswordHash,
    /// What it may do.
    pub role: Role,
    /// Whether it may log in at all.
    pub active: bool,
    /// Counts the events that end every token issued before: password change, demotion, deactivation.
    pub token_epoch: i64,
    /// When it was made.
    pub created_at: UtcDateTime,
    /// When it last changed.
    pub updated_at: UtcDateTime,
    /// The version.
    pub version: Version,
}

/// What is needed to make an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountDetails {
    /// Whose account it is.
    pub customer_id: Option<CustomerId>,
    /// The user name.
    pub username: Username,
    /// The hash of the password.
    pub password_hash: PasswordHash,
    /// What it may do.
    pub role: Role,
}

impl Account {
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

    /// What the account may do now.
    pub const fn access(&self) -> Access {
        Access {
            account_id: self.id,
            customer_id: self.customer_id,
            role: self.role,
            active: self.active,
            token_epoch: self.token_epoch,
        }
    }
}

/// An account with the customer whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountWithCustomer {
    /// The account.
    pub account: Account,
    /// The customer, if it has one.
    pub customer: Option<Customer>,
}
