use async_trait::async_trait;
use domain::accounts::AccountId;
use domain::sessions::SessionId;

use crate::{Command, Ctx, Error, Tx};

/// Ends a session of the caller: a logout here, or of a browser elsewhere.
#[derive(Debug, Clone)]
pub struct EndSession {
    /// The session. It must be one of `account_id`.
    pub id: SessionId,
    /// The caller.
    pub account_id: AccountId,
}

#[async_trait]
impl Command for EndSession {
    type Output = ();
    const NAME: &'static str = "sessions.end";

    async fn run(&self, tx: &mut dyn Tx, _: &Ctx<'_>) -> Result<(), Error> {
        if tx.sessions().end(self.id, self.account_id).await? { Ok(()) } else { Err(Error::NotFound("session")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Mocks, id, run};

    #[tokio::test]
    async fn only_a_session_of_the_caller_is_ended_r236() {
        for is_own in [true, false] {
            let mut tx = Mocks::default();
            let own = |session: &SessionId, of: &AccountId| session.0 == id(1) && of.0 == id(2);
            tx.sessions.expect_end().once().withf(own).returning(move |_, _| Ok(is_own));
            let ended = run(&EndSession { id: SessionId(id(1)), account_id: AccountId(id(2)) }, &mut tx).await;
            assert_eq!(ended.is_ok(), is_own);
        }
    }
}
