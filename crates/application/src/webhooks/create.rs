use async_trait::async_trait;
use domain::webhooks::{Endpoint, EndpointDetails, EndpointId, Networks};

use crate::audit_trail::audit;
use crate::{Command, Conflict, Ctx, Error, Tx};

/// Creates an endpoint. It gets what happens from now on.
#[derive(Debug, Clone)]
pub struct CreateEndpoint {
    /// Address and event types of the endpoint.
    pub details: EndpointDetails,
    /// Networks that are reached although they are not public.
    pub networks: Networks,
}

#[async_trait]
impl Command for CreateEndpoint {
    type Output = Endpoint;
    const NAME: &'static str = "webhook_endpoints.create";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Endpoint, Error> {
        self.details.target.check(&self.networks).map_err(|refused| Error::field(EndpointDetails::TARGET, refused))?;
        // Two at once may make one more than that, which harms nobody.
        if tx.webhooks().count().await? >= Endpoint::MOST {
            return Err(Conflict::TooMany { what: "webhook endpoints", most: Endpoint::MOST }.into());
        }
        let last = tx.outbox().sequencer().await?.next - 1;
        let endpoint = Endpoint::new(EndpointId(ctx.ids.next()), self.details.clone(), last, ctx.now);
        tx.webhooks().insert(&endpoint).await?;
        audit(tx, ctx, Self::NAME, None, Some(&endpoint)).await?;
        Ok(endpoint)
    }
}

#[cfg(test)]
mod tests {
    use domain::events::Sequencer;
    use domain::webhooks::Target;

    use super::super::testing::details;
    use super::*;
    use crate::testing::{Mocks, NOW, run};

    fn create() -> CreateEndpoint {
        CreateEndpoint { details: details(), networks: Networks::default() }
    }

    #[tokio::test]
    async fn a_new_endpoint_begins_at_the_end_of_the_feed_r168() {
        let mut tx = Mocks::default();
        tx.webhooks.expect_count().once().returning(|| Ok(49));
        let sequencer = Sequencer { next: 8, holder: None, until: NOW };
        tx.outbox.expect_sequencer().once().returning(move || Ok(sequencer));
        tx.webhooks.expect_insert().once().returning(|_| Ok(()));
        assert_eq!(run(&create(), &mut tx).await.unwrap().position, 7);
    }

    #[tokio::test]
    async fn nothing_is_written_for_an_address_that_is_not_public_r168_r172() {
        let target = Target::parse("https://169.254.169.254/").unwrap();
        let create = CreateEndpoint { details: EndpointDetails { target, ..details() }, networks: Networks::default() };
        let refused = run(&create, &mut Mocks::default()).await.unwrap_err();
        let Error::Invalid(fields) = refused else { panic!("{refused:?}") };
        assert_eq!(fields[0].field, EndpointDetails::TARGET);
    }

    #[tokio::test]
    async fn a_shop_has_50_endpoints_at_most_r168() {
        let mut tx = Mocks::default();
        tx.webhooks.expect_count().once().returning(|| Ok(50));
        let refused = run(&create(), &mut tx).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict(Conflict::TooMany { most: 50, .. })), "{refused:?}");
    }
}
