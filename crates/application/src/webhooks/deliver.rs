use std::time::Duration;

use async_trait::async_trait;
use domain::webhooks::{Answer, Delivery, DeliveryId, DeliveryStatus, Endpoint, EndpointStatus, WebhookCall};
use domain::{UtcDateTime, Uuid};

use crate::{Command, Ctx, Error, Tx};

/// Takes the lease of a delivery that is due. The output is `None` if it is not, or if somebody else has it.
#[derive(Debug, Clone, Copy)]
pub struct ClaimDelivery {
    /// The delivery that this server wants to try.
    pub id: DeliveryId,
    /// The id that this server gave itself at its start, under which it holds what it works on.
    pub holder: Uuid,
    /// How long a try takes at most.
    pub timeout: Duration,
}

/// What a server that holds a delivery needs to try it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedDelivery {
    /// The delivery, which this server holds until its lease ends.
    pub delivery: Delivery,
    /// What is sent, and where to.
    pub call: WebhookCall,
}

#[async_trait]
impl Command for ClaimDelivery {
    type Output = Option<ClaimedDelivery>;
    const NAME: &'static str = "webhook_deliveries.claim";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Option<ClaimedDelivery>, Error> {
        let found = tx.webhooks().lock_delivery(self.id).await?.filter(|delivery| delivery.is_due(ctx.now));
        let Some(delivery) = found else { return Ok(None) };
        let endpoint = tx.webhooks().find(delivery.endpoint_id).await?.filter(Endpoint::is_active);
        let Some(endpoint) = endpoint else { return Ok(None) };
        let Some(event) = tx.webhooks().event(delivery.event_id).await? else {
            tx.webhooks().save(&delivery.given_up(ctx.now)).await?;
            return Ok(None);
        };
        let delivery = delivery.held_by(self.holder, self.timeout, ctx.now);
        tx.webhooks().save(&delivery).await?;
        let generations = endpoint.signing(ctx.now);
        let call = WebhookCall { endpoint_id: endpoint.id, target: endpoint.target, generations, event, at: ctx.now };
        Ok(Some(ClaimedDelivery { delivery, call }))
    }
}

/// Writes down what came of a try.
#[derive(Debug, Clone)]
pub struct RecordTry {
    /// The delivery as it was claimed.
    pub delivery: Delivery,
    /// The id that this server gave itself at its start, under which it holds what it works on.
    pub holder: Uuid,
    /// When the try began.
    pub at: UtcDateTime,
    /// The response of the receiver, or the failure.
    pub answer: Answer,
}

/// What became of a delivery and its endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recorded {
    /// What became of the delivery: it succeeded, will be tried again, or is dead.
    pub status: DeliveryStatus,
    /// Whether this try has switched the endpoint off.
    pub is_switched_off: bool,
}

#[async_trait]
impl Command for RecordTry {
    type Output = Option<Recorded>;
    const NAME: &'static str = "webhook_deliveries.record";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Option<Recorded>, Error> {
        // Locked only if the try says something of it that is not known, and before the delivery.
        let news =
            |endpoint: Endpoint| endpoint.after_try(self.answer.verdict(), ctx.now).map(|after| (endpoint, after));
        let mut endpoint = tx.webhooks().find(self.delivery.endpoint_id).await?.and_then(news);
        if endpoint.is_some() {
            endpoint = tx.webhooks().lock(self.delivery.endpoint_id).await?.and_then(news);
        }
        let Some(delivery) = tx.webhooks().lock_delivery(self.delivery.id).await? else { return Ok(None) };
        let tried = delivery.after_try(self.holder, self.at, &self.answer, ctx.now);
        let Some((delivery, attempt)) = tried else { return Ok(None) };
        tx.webhooks().record(&attempt).await?;
        tx.webhooks().save(&delivery).await?;
        let mut is_switched_off = false;
        if let Some((before, after)) = endpoint {
            is_switched_off = before.is_active() && after.status == EndpointStatus::Off;
            tx.webhooks().update(&after).await?;
        }
        Ok(Some(Recorded { status: delivery.status, is_switched_off }))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{answer, delivery, endpoint, event};
    use super::*;
    use crate::testing::{Mocks, NOW, id, run};

    const SERVER: Uuid = Uuid::from_u128(9);
    const TIMEOUT: Duration = Duration::from_secs(15);

    fn claim() -> ClaimDelivery {
        ClaimDelivery { id: delivery().id, holder: SERVER, timeout: TIMEOUT }
    }

    fn with_delivery(delivery: Delivery) -> Mocks {
        let mut tx = Mocks::default();
        tx.webhooks.expect_lock_delivery().once().return_once(move |_| Ok(Some(delivery)));
        tx
    }

    #[tokio::test]
    async fn a_due_delivery_is_held_before_it_is_sent_r170() {
        let mut tx = with_delivery(delivery());
        tx.webhooks.expect_find().once().returning(|_| Ok(Some(endpoint().rotated(NOW))));
        tx.webhooks.expect_event().once().returning(|_| Ok(Some(event())));
        tx.webhooks.expect_save().once().withf(|held| held.lease.is_some()).returning(|_| Ok(()));
        let claimed = run(&claim(), &mut tx).await.unwrap().unwrap();
        assert_eq!((claimed.call.generations, claimed.call.event.id), (vec![2, 1], id(3)));
    }

    #[tokio::test]
    async fn deliveries_leased_by_another_server_or_delayed_by_an_endpoint_are_not_sent_r170() {
        let held = delivery().held_by(id(8), TIMEOUT, NOW);
        assert_eq!(run(&claim(), &mut with_delivery(held)).await.unwrap(), None);
        let mut tx = with_delivery(delivery());
        tx.webhooks.expect_find().once().returning(|_| Ok(Some(endpoint().paused(NOW))));
        assert_eq!(run(&claim(), &mut tx).await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_delivery_whose_event_is_not_kept_is_dead_r174() {
        let mut tx = with_delivery(delivery());
        tx.webhooks.expect_find().once().returning(|_| Ok(Some(endpoint())));
        tx.webhooks.expect_event().once().returning(|_| Ok(None));
        tx.webhooks.expect_save().once().withf(|dead| dead.status == DeliveryStatus::Dead).returning(|_| Ok(()));
        assert_eq!(run(&claim(), &mut tx).await.unwrap(), None);
    }

    fn record(code: u16) -> RecordTry {
        let delivery = delivery().held_by(SERVER, TIMEOUT, NOW);
        RecordTry { delivery, holder: SERVER, at: NOW, answer: answer(code) }
    }

    #[tokio::test]
    async fn a_try_is_written_down_with_what_became_of_delivery_and_endpoint_r170_r171() {
        for (status, expected, is_switched_off) in [
            (204, DeliveryStatus::Succeeded, false),
            (500, DeliveryStatus::Pending, false),
            (410, DeliveryStatus::Pending, true),
        ] {
            let record = record(status);
            let mut tx = with_delivery(record.delivery.clone());
            tx.webhooks.expect_find().once().returning(|_| Ok(Some(endpoint())));
            tx.webhooks.expect_lock().once().returning(|_| Ok(Some(endpoint())));
            tx.webhooks.expect_record().once().withf(|attempt| attempt.no == 1).returning(|_| Ok(()));
            tx.webhooks.expect_save().once().withf(move |after| after.status == expected).returning(|_| Ok(()));
            tx.webhooks.expect_update().once().returning(|_| Ok(()));
            let recorded = run(&record, &mut tx).await.unwrap();
            assert_eq!(recorded, Some(Recorded { status: expected, is_switched_off }));
        }
    }

    #[tokio::test]
    async fn an_endpoint_that_is_well_is_not_written_with_every_success_r170() {
        let record = record(200);
        let mut tx = with_delivery(record.delivery.clone());
        let well = Endpoint { last_success_at: Some(NOW), ..endpoint() };
        tx.webhooks.expect_find().once().return_once(move |_| Ok(Some(well)));
        tx.webhooks.expect_record().once().returning(|_| Ok(()));
        tx.webhooks.expect_save().once().returning(|_| Ok(()));
        assert!(run(&record, &mut tx).await.unwrap().is_some());
    }

    #[tokio::test]
    async fn a_failure_after_the_lease_is_over_changes_nothing_r170() {
        let theirs = delivery().held_by(id(8), TIMEOUT, NOW);
        let mut tx = with_delivery(theirs);
        tx.webhooks.expect_find().once().returning(|_| Ok(Some(endpoint())));
        tx.webhooks.expect_lock().once().returning(|_| Ok(Some(endpoint())));
        assert_eq!(run(&record(500), &mut tx).await.unwrap(), None);
    }
}
