use async_trait::async_trait;
use domain::webhooks::{Endpoint, EndpointId};

use super::known::change_endpoint;
use crate::{Command, Ctx, Error, Tx};

/// Gives an endpoint a new secret. The one before signs too, for a day.
#[derive(Debug, Clone)]
pub struct RotateSecret(pub EndpointId);

#[async_trait]
impl Command for RotateSecret {
    type Output = Endpoint;
    const NAME: &'static str = "webhook_endpoints.rotate_secret";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Endpoint, Error> {
        change_endpoint::<Self>(tx, ctx, self.0, None, |endpoint| endpoint.rotated(ctx.now)).await
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{endpoint, locking};
    use super::*;
    use crate::testing::{NOW, run};

    #[tokio::test]
    async fn each_rotation_gives_another_secret_r169() {
        let mut tx = locking(endpoint());
        tx.webhooks.expect_update().once().returning(|_| Ok(()));
        let rotated = run(&RotateSecret(endpoint().id), &mut tx).await.unwrap();
        assert_eq!((rotated.generation, rotated.rotated_at), (2, Some(NOW)));
    }
}
