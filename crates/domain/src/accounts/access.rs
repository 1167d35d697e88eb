use super::{AccountId, FamilyId};
use crate::UtcDateTime;
use crate::access::Scopes;
use crate::customers::CustomerId;
use crate::roles::Role;

/// The claims of an access token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccessClaims {
    /// The account that has logged in.
    pub account_id: AccountId,
    /// The login that the token came from; `None` in a token of a version that did not say so.
    pub login: Option<FamilyId>,
    /// Its role when the token was issued.
    pub role: Role,
    /// Its token epoch when the token was issued.
    pub token_epoch: i64,
    /// Expiry of the token.
    pub expires_at: UtcDateTime,
}

/// The current permissions of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Access {
    /// Whose permissions these are.
    pub account_id: AccountId,
    /// The customer of the account; `None` for staff without one.
    pub customer_id: Option<CustomerId>,
    /// The role that the account has now. A token that was issued with another one is refused.
    pub role: Role,
    /// What the role allows now.
    pub scopes: Scopes,
    /// `false` if the account is deactivated.
    pub active: bool,
    /// The epoch that valid tokens have.
    pub token_epoch: i64,
}

impl Access {
    /// Whether a token with these claims is valid: the account is active, and neither its role nor its epoch has
    /// changed since the token was issued.
    pub fn honours(&self, claims: &AccessClaims) -> bool {
        self.active
            && self.account_id == claims.account_id
            && self.role == claims.role
            && self.token_epoch == claims.token_epoch
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Uuid;

    #[test]
    fn a_token_is_valid_only_while_account_role_and_epoch_are_unchanged_r2() {
        let account_id = AccountId(Uuid::from_u128(1));
        let now = Access {
            account_id,
            customer_id: None,
            role: Role::Admin,
            scopes: Scopes::EVERYTHING,
            active: true,
            token_epoch: 3,
        };
        let expires_at = UtcDateTime::UNIX_EPOCH;
        let claims = AccessClaims { account_id, login: None, role: Role::Admin, token_epoch: 3, expires_at };
        assert!(now.honours(&claims));
        assert!(!Access { active: false, ..now }.honours(&claims), "deactivated");
        assert!(!Access { role: Role::Customer, ..now }.honours(&claims), "demoted");
        assert!(!Access { token_epoch: 4, ..now }.honours(&claims), "password changed");
        assert!(!Access { account_id: AccountId(Uuid::from_u128(2)), ..now }.honours(&claims), "somebody else");
    }
}
