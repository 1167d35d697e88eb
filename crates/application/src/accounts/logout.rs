use async_trait::async_trait;
use domain::accounts::{AccountId, TokenHash};

use crate::{Command, Ctx, Error, Tx};

/// Ends a login of the caller: deletes all its refresh tokens, without which its access tokens are good for nothing.
#[derive(Debug, Clone)]
pub struct Logout {
    /// The caller.
    pub account_id: AccountId,
    /// The hash of the refresh token.
    pub token: TokenHash,
}

#[async_trait]
impl Command for Logout {
    type Output = ();
    const NAME: &'static str = "accounts.logout";

    async fn run(&self, tx: &mut dyn Tx, _: &Ctx<'_>) -> Result<(), Error> {
        let token = tx.refresh_tokens().lock(&self.token).await?;
        if let Some(token) = token.filter(|token| token.account_id == self.account_id) {
            tx.refresh_tokens().revoke_family(token.family_id).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Mocks, NOW, id, run};
    use domain::accounts::{FamilyId, RefreshToken, RefreshTokenId};

    #[tokio::test]
    async fn a_logout_revokes_the_callers_own_login_and_nobody_elses_r3() {
        for (owner, revoked) in [(4, true), (5, false)] {
            let mut tx = Mocks::default();
            let token = RefreshToken {
                id: RefreshTokenId(id(21)),
                family_id: FamilyId(id(22)),
                account_id: AccountId(id(owner)),
                hash: TokenHash([1; 32]),
                created_at: NOW,
                expires_at: NOW,
                spent_at: None,
            };
            tx.refresh_tokens.expect_lock().once().return_once(move |_| Ok(Some(token)));
            tx.refresh_tokens.expect_revoke_family().times(usize::from(revoked)).returning(|_| Ok(()));
            let logout = Logout { account_id: AccountId(id(4)), token: TokenHash([1; 32]) };
            run(&logout, &mut tx).await.unwrap();
        }
    }
}
