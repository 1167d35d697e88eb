use std::time::Duration;

use async_trait::async_trait;
use domain::accounts::{Account, Exchange, FamilyId, TokenHash, TokenSecret};

use super::session::refresh_token;
use super::{Issuer, TokenPair};
use crate::{Command, Ctx, Error, Runner, Tx};

/// Exchanges a refresh token for a new pair.
#[derive(Clone)]
pub struct Refresh {
    /// Issues the tokens.
    pub issuer: Issuer,
    /// Runs the command.
    pub runner: Runner,
    /// How long a spent token still gives a new pair; zero for never.
    pub grace: Duration,
}

impl Refresh {
    /// Exchanges a refresh token, once, and again within the grace. A token that was exchanged before that may have been
    /// stolen, so its reuse ends all tokens of its login.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] if the token is unknown, has expired, or was exchanged longer ago than the grace.
    pub async fn run(&self, token: &TokenSecret) -> Result<TokenPair, Error> {
        let secret = self.issuer.secrets.token();
        let rotate = Rotate {
            spent: self.issuer.secrets.hash(token),
            fresh: self.issuer.secrets.hash(&secret),
            ttl: self.issuer.ttl.refresh,
            grace: self.grace,
        };
        match self.runner.run(rotate).await? {
            Rotated::To(account, login) => self.issuer.pair(&account, login, secret),
            Rotated::Refused => Err(Error::Unauthenticated("the refresh token is not valid; log in again")),
        }
    }
}

struct Rotate {
    spent: TokenHash,
    fresh: TokenHash,
    ttl: Duration,
    grace: Duration,
}

/// The outcome of the command. A refusal is an output and not an error, because its revocation must be committed.
enum Rotated {
    To(Box<Account>, FamilyId),
    Refused,
}

#[async_trait]
impl Command for Rotate {
    type Output = Rotated;
    const NAME: &'static str = "accounts.refresh";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Rotated, Error> {
        let Some(token) = tx.refresh_tokens().lock(&self.spent).await? else { return Ok(Rotated::Refused) };
        let exchange = token.exchange(self.grace, ctx.now);
        match exchange {
            Exchange::First | Exchange::Again => {}
            Exchange::Expired => return Ok(Rotated::Refused),
            Exchange::Reused => {
                tx.refresh_tokens().revoke_family(token.family_id).await?;
                return Ok(Rotated::Refused);
            }
        }
        let account = tx.accounts().lock(token.account_id).await?.filter(|account| account.active);
        let Some(account) = account else { return Ok(Rotated::Refused) };
        if exchange == Exchange::First {
            tx.refresh_tokens().spend(&token, ctx.now).await?;
        }
        tx.accounts().seen(account.id, ctx.now).await?;
        let fresh = refresh_token(ctx, &account, token.family_id, self.fresh, self.ttl);
        tx.refresh_tokens().insert(&fresh).await?;
        Ok(Rotated::To(Box::new(account), token.family_id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Mocks, NOW, account, id, run};
    use domain::accounts::{AccountId, RefreshToken, RefreshTokenId};

    const ROTATE: Rotate = Rotate {
        spent: TokenHash([1; 32]),
        fresh: TokenHash([2; 32]),
        ttl: Duration::from_hours(24),
        grace: Duration::from_secs(10),
    };

    fn token() -> RefreshToken {
        RefreshToken {
            id: RefreshTokenId(id(21)),
            family_id: FamilyId(id(22)),
            account_id: AccountId(id(4)),
            hash: ROTATE.spent,
            created_at: NOW,
            expires_at: NOW + Duration::from_mins(1),
            spent_at: None,
        }
    }

    fn holding(token: Option<RefreshToken>) -> Mocks {
        let mut tx = Mocks::default();
        tx.refresh_tokens.expect_lock().once().return_once(move |_| Ok(token));
        tx
    }

    #[tokio::test]
    async fn a_refresh_token_is_exchanged_for_another_of_its_family_r3() {
        let mut tx = holding(Some(token()));
        tx.accounts.expect_lock().once().returning(|_| Ok(Some(account(4))));
        tx.accounts.expect_seen().once().returning(|_, _| Ok(()));
        tx.refresh_tokens.expect_spend().once().returning(|_, _| Ok(()));
        let fresh =
            |t: &RefreshToken| t.family_id == token().family_id && t.hash == ROTATE.fresh && t.spent_at.is_none();
        tx.refresh_tokens.expect_insert().once().withf(fresh).returning(|_| Ok(()));
        assert!(matches!(run(&ROTATE, &mut tx).await.unwrap(), Rotated::To(..)));
    }

    #[tokio::test]
    async fn a_spent_refresh_token_revokes_its_whole_family_r3() {
        let spent_at = Some(NOW - ROTATE.grace);
        let mut tx = holding(Some(RefreshToken { spent_at, ..token() }));
        tx.refresh_tokens.expect_revoke_family().once().withf(|f| f.0 == id(22)).returning(|_| Ok(()));
        assert!(matches!(run(&ROTATE, &mut tx).await.unwrap(), Rotated::Refused));
    }

    #[tokio::test]
    async fn a_token_that_was_spent_a_moment_ago_gives_another_pair_of_its_family() {
        let spent_at = Some(NOW - Duration::from_secs(9));
        let mut tx = holding(Some(RefreshToken { spent_at, ..token() }));
        tx.accounts.expect_lock().once().returning(|_| Ok(Some(account(4))));
        tx.accounts.expect_seen().once().returning(|_, _| Ok(()));
        let fresh = |t: &RefreshToken| t.family_id == token().family_id && t.hash == ROTATE.fresh;
        tx.refresh_tokens.expect_insert().once().withf(fresh).returning(|_| Ok(()));
        assert!(matches!(run(&ROTATE, &mut tx).await.unwrap(), Rotated::To(..)));
    }

    #[tokio::test]
    async fn nothing_is_written_for_an_unknown_or_ended_token_or_an_inactive_account_r3() {
        let ended = RefreshToken { expires_at: NOW, ..token() };
        for (known, active) in [(None, true), (Some(ended), true), (Some(token()), false)] {
            let mut tx = holding(known);
            tx.accounts.expect_lock().returning(move |_| Ok(Some(Account { active, ..account(4) })));
            assert!(matches!(run(&ROTATE, &mut tx).await.unwrap(), Rotated::Refused));
        }
    }
}
