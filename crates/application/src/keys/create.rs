use async_trait::async_trait;
use domain::keys::{ApiKey, KeyClaim, KeyDetails};

use crate::access::expect_grantable;
use crate::audit_trail::audit;
use crate::{Command, Conflict, Ctx, Error, Tx};

/// Makes an API key.
#[derive(Debug, Clone)]
pub struct CreateKey {
    /// Name, scopes and options of the key.
    pub details: KeyDetails,
    /// What is kept of its secret.
    pub claim: KeyClaim,
}

#[async_trait]
impl Command for CreateKey {
    type Output = ApiKey;
    const NAME: &'static str = "keys.create";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<ApiKey, Error> {
        let made_by = ctx.actor.ok_or(Error::Forbidden)?.who;
        let end = |invalid| Error::field(KeyDetails::EXPIRES_AT, invalid);
        let key = ApiKey::new(ctx.ids.next(), self.details.clone(), self.claim.clone(), made_by, ctx.now);
        let key = key.map_err(end)?;
        expect_grantable(tx, ctx, key.scopes).await?;
        // Two at once may make one more than that, which harms nobody.
        if tx.keys().count_live(ctx.now).await? >= ApiKey::MOST {
            return Err(Conflict::TooMany { what: "live API keys", most: ApiKey::MOST }.into());
        }
        tx.keys().insert(&key).await?;
        audit(tx, ctx, Self::NAME, None, Some(&key)).await?;
        Ok(key)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use domain::access::{Noun, Scope, Scopes};
    use domain::accounts::{Account, AccountId};
    use domain::keys::{KeyHash, KeyId, KeyName, KeyPrefix, Principal};
    use domain::roles::Role;

    use super::*;
    use crate::Actor;
    use crate::testing::{Mocks, NOW, account, id, run_as};

    pub fn claim(of: u8) -> KeyClaim {
        KeyClaim { prefix: KeyPrefix::from_trusted("abcdefgh".into()), hash: KeyHash([of; 32]) }
    }

    fn details(scope: Scope) -> KeyDetails {
        KeyDetails { name: KeyName::parse("ERP").unwrap(), scopes: Scopes::of(scope), expires_at: None }
    }

    /// A key that may do this.
    pub fn key(scope: Scope) -> ApiKey {
        ApiKey::new(id(7), details(scope), claim(1), Principal::Account(AccountId(id(5))), NOW).unwrap()
    }

    /// A transaction in which a clerk acts, and that clerk.
    pub fn clerk() -> (Mocks, Actor) {
        let mut tx = Mocks::default();
        let clerk = Account { role: Role::Clerk, ..account(5) };
        tx.accounts.expect_lock().returning(move |_| Ok(Some(clerk.clone())));
        (tx, Actor { who: Principal::Account(AccountId(id(5))), request_id: "r".into() })
    }

    #[tokio::test]
    async fn a_key_knows_who_made_it_r258() {
        let (mut tx, actor) = clerk();
        tx.keys.expect_count_live().once().returning(|_| Ok(99));
        tx.keys.expect_insert().once().returning(|_| Ok(()));
        tx.audit.expect_append().once().returning(|entry| {
            assert!(!format!("{:?}", entry.after).contains("hash"), "{entry:?}");
            Ok(())
        });
        let create = CreateKey { details: details(Scope::Write(Noun::Orders)), claim: claim(1) };
        assert_eq!(run_as(&create, &mut tx, &actor).await.unwrap().made_by, actor.who);
    }

    #[tokio::test]
    async fn the_101st_live_key_is_refused_r258() {
        let (mut tx, actor) = clerk();
        tx.keys.expect_count_live().once().returning(|_| Ok(100));
        let create = CreateKey { details: details(Scope::Read(Noun::Orders)), claim: claim(1) };
        let refused = run_as(&create, &mut tx, &actor).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict(Conflict::TooMany { most: 100, .. })), "{refused:?}");
    }

    #[tokio::test]
    async fn a_key_makes_keys_only_within_its_own_scopes_r261() {
        let actor = Actor { who: Principal::Key(KeyId(id(7))), request_id: "r".into() };
        for (scope, made) in [(Scope::Read(Noun::Keys), true), (Scope::Read(Noun::Orders), false)] {
            let mut tx = Mocks::default();
            tx.keys.expect_lock().once().returning(|_| Ok(Some(key(Scope::Write(Noun::Keys)))));
            tx.keys.expect_count_live().returning(|_| Ok(1));
            tx.keys.expect_insert().times(usize::from(made)).returning(|_| Ok(()));
            tx.audit.expect_append().times(usize::from(made)).returning(|_| Ok(()));
            let create = CreateKey { details: details(scope), claim: claim(2) };
            assert_eq!(run_as(&create, &mut tx, &actor).await.is_ok(), made, "{scope}");
        }
    }
}
