use async_trait::async_trait;
use domain::Version;
use domain::webhooks::{Endpoint, EndpointId};

use super::known::locked_endpoint;
use crate::audit_trail::audit;
use crate::{Command, Ctx, Error, Tx};

/// Deletes an endpoint. What waits for it is not sent any more.
#[derive(Debug, Clone)]
pub struct DeleteEndpoint {
    /// The endpoint. Housekeeping deletes its deliveries later.
    pub id: EndpointId,
    /// The version that the caller expects; `None` for any.
    pub expected: Option<Version>,
}

#[async_trait]
impl Command for DeleteEndpoint {
    type Output = ();
    const NAME: &'static str = "webhook_endpoints.delete";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<(), Error> {
        let endpoint = locked_endpoint(tx, self.id, self.expected).await?;
        tx.webhooks().delete(self.id).await?;
        audit(tx, ctx, Self::NAME, Some(&endpoint), None::<&Endpoint>).await
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{endpoint, locking};
    use super::*;
    use crate::testing::{Mocks, run};

    #[tokio::test]
    async fn an_endpoint_is_deleted_at_the_version_that_the_caller_saw_r168() {
        let delete = |expected| DeleteEndpoint { id: endpoint().id, expected: Some(Version(expected)) };
        let mut tx = locking(endpoint());
        tx.webhooks.expect_delete().once().returning(|_| Ok(()));
        run(&delete(1), &mut tx).await.unwrap();
        let refused = run(&delete(2), &mut locking(endpoint())).await.unwrap_err();
        assert!(matches!(refused, Error::Stale(Version(1))), "{refused:?}");
        let mut unknown = Mocks::default();
        unknown.webhooks.expect_lock().once().returning(|_| Ok(None));
        let refused = run(&delete(1), &mut unknown).await.unwrap_err();
        assert!(matches!(refused, Error::NotFound("webhook endpoint")), "{refused:?}");
    }
}
