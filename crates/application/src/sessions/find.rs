use std::sync::Arc;

use async_trait::async_trait;
use domain::accounts::{Access, AccountQueries, TokenSecret};
use domain::sessions::{Session, SessionQueries};

use crate::{Clock, Command, Ctx, Error, Runner, Secrets, Tx};

/// Finds the sessions of requests.
#[derive(Clone)]
pub struct Sessions {
    /// Reads sessions.
    pub sessions: Arc<dyn SessionQueries>,
    /// Reads the rights of accounts.
    pub accounts: Arc<dyn AccountQueries>,
    /// Hashes secrets.
    pub secrets: Arc<dyn Secrets>,
    /// Records uses.
    pub runner: Runner,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

/// A session that is good, and what its account may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// The session that the secret opens.
    pub session: Session,
    /// The rights of its account.
    pub access: Access,
}

impl Sessions {
    /// The session with this secret, if it is good now.
    ///
    /// # Errors
    /// If the database cannot be asked.
    pub async fn find(&self, secret: &TokenSecret) -> Result<Option<Visit>, Error> {
        let Some(session) = self.sessions.by_hash(&self.secrets.hash(secret)).await? else { return Ok(None) };
        let access = self.accounts.access(session.account_id, None).await?;
        let access = access.filter(|access| session.is_good(access, self.clock.now()));
        Ok(access.map(|access| Visit { session, access }))
    }

    /// Records that a session is used. That it cannot be recorded is logged, and ends no request.
    pub async fn record_use(&self, session: &Session) {
        let Some(used) = session.used(self.clock.now()) else { return };
        if let Err(error) = self.runner.run(RecordUse(used)).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "the use of a session was not recorded");
        }
    }
}

struct RecordUse(Session);

#[async_trait]
impl Command for RecordUse {
    type Output = ();
    const NAME: &'static str = "sessions.record_use";

    async fn run(&self, tx: &mut dyn Tx, _: &Ctx<'_>) -> Result<(), Error> {
        Ok(tx.sessions().used(&self.0).await?)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::MockSecrets;
    use crate::testing::{Mocks, NOW, Prepared, Still, account, id};
    use domain::access::Scopes;
    use domain::accounts::{MockAccountQueries, TokenHash};
    use domain::sessions::{Agent, MockSessionQueries, SessionId};

    fn session(epoch: i64, seconds_ago: u64) -> Session {
        let begun = NOW - Duration::from_secs(seconds_ago);
        let (agent, network) = (Agent::of("browser"), "192.0.2.1".to_owned());
        let begun = Session::begin(SessionId(id(9)), &account(4), TokenHash([1; 32]), agent, network, begun);
        Session { token_epoch: epoch, ..begun }
    }

    fn sessions(found: Option<Session>, tx: impl IntoIterator<Item = Mocks>) -> Sessions {
        let (mut queries, mut accounts, mut secrets) =
            (MockSessionQueries::new(), MockAccountQueries::new(), MockSecrets::new());
        queries.expect_by_hash().withf(|hash| hash.0 == [1; 32]).returning(move |_| Ok(found.clone()));
        accounts.expect_access().returning(|_, _| Ok(Some(account(4).access(Scopes::EVERYTHING))));
        secrets.expect_hash().returning(|_| TokenHash([1; 32]));
        Sessions {
            sessions: Arc::new(queries),
            accounts: Arc::new(accounts),
            secrets: Arc::new(secrets),
            runner: Prepared::runner(tx).0,
            clock: Arc::new(Still),
        }
    }

    #[tokio::test]
    async fn a_session_is_found_by_its_secret_while_it_is_good_r236() {
        let found = async |session| sessions(session, []).find(&TokenSecret("secret".into())).await.unwrap();
        assert!(found(Some(session(0, 60))).await.is_some());
        assert!(found(None).await.is_none(), "unknown");
        assert!(found(Some(session(1, 60))).await.is_none(), "the password was changed");
        assert!(found(Some(session(0, 12 * 3600))).await.is_none(), "not used for 12 hours");
    }

    #[tokio::test]
    async fn a_use_is_written_if_the_last_one_is_old_r236() {
        sessions(None, []).record_use(&session(0, 60)).await;
        let mut tx = Mocks::default();
        tx.sessions.expect_used().once().withf(|session| session.seen_at == NOW).returning(|_| Ok(()));
        sessions(None, [tx]).record_use(&session(0, 301)).await;
    }
}
