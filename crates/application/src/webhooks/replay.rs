use async_trait::async_trait;
use domain::webhooks::{Endpoint, EndpointId};

use super::known::locked_endpoint;
use crate::audit_trail::audit;
use crate::{Command, Ctx, Error, Tx};

/// Has an endpoint sent once more what happened between two positions.
#[derive(Debug, Clone)]
pub struct ReplayEvents {
    /// The endpoint that gets the events again.
    pub id: EndpointId,
    /// Only what comes after this position.
    pub after: i64,
    /// Only what comes before this position; `None` for up to where the endpoint is.
    pub before: Option<i64>,
}

#[async_trait]
impl Command for ReplayEvents {
    type Output = Endpoint;
    const NAME: &'static str = "webhook_endpoints.replay";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Endpoint, Error> {
        let before = locked_endpoint(tx, self.id, None).await?;
        let endpoint = before.replaying(self.after, self.before);
        if endpoint != before {
            tx.webhooks().update(&endpoint).await?;
            audit(tx, ctx, Self::NAME, Some(&before), Some(&endpoint)).await?;
        }
        Ok(endpoint)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{endpoint, locking};
    use super::*;
    use crate::testing::run;

    #[tokio::test]
    async fn a_replay_is_noted_and_done_afterwards_r171() {
        let mut tx = locking(endpoint());
        tx.webhooks.expect_update().once().withf(|after| after.replay == Some((2, 5))).returning(|_| Ok(()));
        let replay = |after, before| ReplayEvents { id: endpoint().id, after, before };
        run(&replay(2, Some(5)), &mut tx).await.unwrap();
        assert_eq!(run(&replay(99, None), &mut locking(endpoint())).await.unwrap(), endpoint());
    }
}
