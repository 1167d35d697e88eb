use async_trait::async_trait;
use domain::Version;
use domain::webhooks::{Endpoint, EndpointChange, EndpointDetails, EndpointId, Networks};

use super::known::change_endpoint;
use crate::{Command, Ctx, Error, Tx};

/// Changes an endpoint.
#[derive(Debug, Clone)]
pub struct UpdateEndpoint {
    /// The endpoint to change.
    pub id: EndpointId,
    /// The fields to change.
    pub change: EndpointChange,
    /// The version that the caller expects; `None` for any.
    pub expected: Option<Version>,
    /// Networks that are reached although they are not public.
    pub networks: Networks,
}

#[async_trait]
impl Command for UpdateEndpoint {
    type Output = Endpoint;
    const NAME: &'static str = "webhook_endpoints.update";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Endpoint, Error> {
        if let Some(target) = &self.change.target {
            target.check(&self.networks).map_err(|refused| Error::field(EndpointDetails::TARGET, refused))?;
        }
        let change = |endpoint: &Endpoint| endpoint.changed(&self.change, ctx.now);
        change_endpoint::<Self>(tx, ctx, self.id, self.expected, change).await
    }
}

#[cfg(test)]
mod tests {
    use domain::webhooks::Target;

    use super::super::testing::{endpoint, locking};
    use super::*;
    use crate::testing::{Mocks, run};

    fn update(target: &str, expected: i64) -> UpdateEndpoint {
        let change = EndpointChange { target: Target::parse(target).ok(), ..EndpointChange::default() };
        let networks = Networks::default();
        UpdateEndpoint { id: endpoint().id, change, expected: Some(Version(expected)), networks }
    }

    #[tokio::test]
    async fn an_endpoint_is_changed_at_the_version_that_the_caller_saw_r168() {
        let mut tx = locking(endpoint());
        tx.webhooks.expect_update().once().withf(|after| after.version == Version(2)).returning(|_| Ok(()));
        assert!(run(&update("https://new.example/", 1), &mut tx).await.is_ok());
        let refused = run(&update("https://new.example/", 2), &mut locking(endpoint())).await.unwrap_err();
        assert!(matches!(refused, Error::Stale(Version(1))), "{refused:?}");
        let same = run(&update(endpoint().target.as_str(), 1), &mut locking(endpoint())).await.unwrap();
        assert_eq!(same, endpoint());
    }

    #[tokio::test]
    async fn an_endpoint_does_not_move_to_an_address_that_is_not_public_r172() {
        let refused = run(&update("https://[fd00::1]/", 1), &mut Mocks::default()).await.unwrap_err();
        assert!(matches!(refused, Error::Invalid(_)), "{refused:?}");
    }
}
