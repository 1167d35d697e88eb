use async_trait::async_trait;
use domain::events::Event;
use domain::webhooks::{Endpoint, EndpointId};

use super::known::locked_endpoint;
use crate::audit_trail::audit;
use crate::events::append_event;
use crate::{Command, Conflict, Ctx, Error, Tx};

/// Sends an endpoint a `webhook.test`, by the way that every event takes.
#[derive(Debug, Clone)]
pub struct TestEndpoint(pub EndpointId);

#[async_trait]
impl Command for TestEndpoint {
    type Output = Endpoint;
    const NAME: &'static str = "webhook_endpoints.test";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Endpoint, Error> {
        let endpoint = locked_endpoint(tx, self.0, None).await?;
        if !endpoint.is_active() {
            return Err(Conflict::EndpointStill(endpoint.status).into());
        }
        append_event(tx, ctx, Event::webhook_test(&endpoint)).await?;
        audit(tx, ctx, Self::NAME, Some(&endpoint), Some(&endpoint)).await?;
        Ok(endpoint)
    }
}

#[cfg(test)]
mod tests {
    use domain::events::EventType;
    use domain::webhooks::EndpointStatus;

    use super::super::testing::{endpoint, locking};
    use super::*;
    use crate::testing::{NOW, run};

    #[tokio::test]
    async fn a_test_is_an_event_and_an_endpoint_that_is_sent_nothing_refuses_it_r168() {
        let mut tx = locking(endpoint());
        tx.expect_events([EventType::WebhookTest]);
        run(&TestEndpoint(endpoint().id), &mut tx).await.unwrap();
        let refused = run(&TestEndpoint(endpoint().id), &mut locking(endpoint().paused(NOW))).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict(Conflict::EndpointStill(EndpointStatus::Paused))), "{refused:?}");
    }
}
