use async_trait::async_trait;
use domain::webhooks::{Endpoint, EndpointId};

use super::known::change_endpoint;
use crate::{Command, Ctx, Error, Tx};

/// Resumes an endpoint that was paused or switched off. It goes on where it was.
#[derive(Debug, Clone)]
pub struct ResumeEndpoint(pub EndpointId);

#[async_trait]
impl Command for ResumeEndpoint {
    type Output = Endpoint;
    const NAME: &'static str = "webhook_endpoints.resume";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Endpoint, Error> {
        change_endpoint::<Self>(tx, ctx, self.0, None, |endpoint| endpoint.resumed(ctx.now)).await
    }
}

#[cfg(test)]
mod tests {
    use domain::webhooks::EndpointStatus;

    use super::super::testing::{endpoint, locking};
    use super::*;
    use crate::testing::{NOW, run};

    #[tokio::test]
    async fn an_endpoint_is_resumed_once_r168_r171() {
        let mut tx = locking(endpoint().paused(NOW));
        tx.webhooks.expect_update().once().returning(|_| Ok(()));
        let resumed = run(&ResumeEndpoint(endpoint().id), &mut tx).await.unwrap();
        assert_eq!((resumed.status, resumed.position), (EndpointStatus::Active, endpoint().position));
        let again = run(&ResumeEndpoint(endpoint().id), &mut locking(resumed.clone())).await.unwrap();
        assert_eq!(again, resumed, "nothing is written");
    }
}
