use async_trait::async_trait;
use domain::webhooks::{Endpoint, EndpointId};

use super::known::change_endpoint;
use crate::{Command, Ctx, Error, Tx};

/// Pauses an endpoint. What happens meanwhile is sent when it is resumed.
#[derive(Debug, Clone)]
pub struct PauseEndpoint(pub EndpointId);

#[async_trait]
impl Command for PauseEndpoint {
    type Output = Endpoint;
    const NAME: &'static str = "webhook_endpoints.pause";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Endpoint, Error> {
        change_endpoint::<Self>(tx, ctx, self.0, None, |endpoint| endpoint.paused(ctx.now)).await
    }
}

#[cfg(test)]
mod tests {
    use domain::webhooks::EndpointStatus;

    use super::super::testing::{endpoint, locking};
    use super::*;
    use crate::testing::{NOW, run};

    #[tokio::test]
    async fn an_endpoint_is_paused_once_r168() {
        let mut tx = locking(endpoint());
        tx.webhooks.expect_update().once().returning(|_| Ok(()));
        let paused = run(&PauseEndpoint(endpoint().id), &mut tx).await.unwrap();
        assert_eq!(paused.status, EndpointStatus::Paused);
        let again = run(&PauseEndpoint(endpoint().id), &mut locking(endpoint().paused(NOW))).await.unwrap();
        assert_eq!(again, paused, "nothing is written");
    }
}
