use async_trait::async_trait;
use domain::webhooks::{Delivery, DeliveryId};

use crate::audit_trail::audit;
use crate::{Command, Ctx, Error, Tx};

/// Has a delivery made once more, whatever became of it.
#[derive(Debug, Clone)]
pub struct Redeliver(pub DeliveryId);

#[async_trait]
impl Command for Redeliver {
    type Output = Delivery;
    const NAME: &'static str = "webhook_deliveries.redeliver";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Delivery, Error> {
        let unknown = Error::NotFound("webhook delivery");
        let Some(delivery) = tx.webhooks().lock_delivery(self.0).await? else { return Err(unknown) };
        let Some(endpoint) = tx.webhooks().find(delivery.endpoint_id).await? else { return Err(unknown) };
        let again = delivery.again(ctx.now);
        tx.webhooks().save(&again).await?;
        audit(tx, ctx, Self::NAME, Some(&endpoint), Some(&endpoint)).await?;
        Ok(again)
    }
}

#[cfg(test)]
mod tests {
    use domain::webhooks::DeliveryStatus;

    use super::super::testing::{delivery, endpoint};
    use super::*;
    use crate::testing::{Mocks, NOW, run};

    #[tokio::test]
    async fn a_dead_delivery_is_made_again_with_the_same_id_r171() {
        for is_known in [true, false] {
            let mut tx = Mocks::default();
            tx.webhooks.expect_lock_delivery().once().returning(|_| Ok(Some(delivery().given_up(NOW))));
            tx.webhooks.expect_find().once().returning(move |_| Ok(is_known.then(endpoint)));
            let pending = |delivery: &Delivery| delivery.status == DeliveryStatus::Pending;
            tx.webhooks.expect_save().times(usize::from(is_known)).withf(pending).returning(|_| Ok(()));
            match run(&Redeliver(delivery().id), &mut tx).await {
                Ok(again) => assert!(is_known && again.id == delivery().id && again.event_id == delivery().event_id),
                Err(refused) => assert!(!is_known && matches!(refused, Error::NotFound(_)), "{refused:?}"),
            }
        }
    }
}
