use async_trait::async_trait;
use domain::Uuid;
use domain::webhooks::{Delivery, DeliveryId, Endpoint, EndpointId, Passing};

use crate::{Command, Ctx, Error, Tx};

/// Makes deliveries of what an endpoint wants: first of what is replayed, then of what is new. The output is whether there
/// may be more.
#[derive(Debug, Clone, Copy)]
pub struct FanOut {
    /// The endpoint that gets the events.
    pub id: EndpointId,
    /// The most events that it passes.
    pub limit: u64,
}

#[async_trait]
impl Command for FanOut {
    type Output = bool;
    const NAME: &'static str = "webhook_endpoints.fan_out";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<bool, Error> {
        let endpoint = tx.webhooks().lock(self.id).await?.filter(Endpoint::is_active);
        let Some(endpoint) = endpoint else { return Ok(false) };
        match endpoint.replay {
            Some((after, before)) => self.replay(tx, ctx, endpoint, (after, before)).await,
            None => self.advance(tx, ctx, endpoint).await,
        }
    }
}

impl FanOut {
    async fn advance(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>, endpoint: Endpoint) -> Result<bool, Error> {
        let passed = tx.webhooks().events(endpoint.position, self.limit).await?;
        let Some(last) = passed.last() else { return Ok(false) };
        let position = last.position;
        let events: Vec<_> = wanted(&endpoint, &passed).collect();
        add(tx, ctx, endpoint.id, &events).await?;
        tx.webhooks().update(&Endpoint { position, ..endpoint }).await?;
        Ok(self.is_full(&passed))
    }

    async fn replay(
        &self,
        tx: &mut dyn Tx,
        ctx: &Ctx<'_>,
        endpoint: Endpoint,
        (after, before): (i64, i64),
    ) -> Result<bool, Error> {
        let mut passed = tx.webhooks().events(after, self.limit).await?;
        let is_full = self.is_full(&passed);
        passed.retain(|event| event.position < before);
        let events: Vec<_> = wanted(&endpoint, &passed).collect();
        let known = tx.webhooks().deliveries_of(endpoint.id, &events).await?;
        for delivery in &known {
            tx.webhooks().save(&delivery.again(ctx.now)).await?;
        }
        let is_new = |event: &Uuid| !known.iter().any(|delivery| delivery.event_id == *event);
        let new: Vec<_> = events.into_iter().filter(is_new).collect();
        add(tx, ctx, endpoint.id, &new).await?;
        let next = passed.last().map(|last| last.position).filter(|last| is_full && last + 1 < before);
        let replay = next.map(|last| (last, before));
        tx.webhooks().update(&Endpoint { replay, ..endpoint }).await?;
        Ok(true)
    }

    fn is_full(&self, passed: &[Passing]) -> bool {
        u64::try_from(passed.len()).is_ok_and(|passed| passed >= self.limit)
    }
}

fn wanted<'a>(endpoint: &'a Endpoint, passed: &'a [Passing]) -> impl Iterator<Item = Uuid> + 'a {
    let wants = |event: &&Passing| event.event_type.is_some_and(|one| endpoint.wants(one, event.stream));
    passed.iter().filter(wants).map(|event| event.id)
}

async fn add(tx: &mut dyn Tx, ctx: &Ctx<'_>, endpoint: EndpointId, events: &[Uuid]) -> Result<(), Error> {
    let new = |event: &Uuid| Delivery::new(DeliveryId(ctx.ids.next()), endpoint, *event, ctx.now);
    let deliveries: Vec<_> = events.iter().map(new).collect();
    if deliveries.is_empty() { Ok(()) } else { Ok(tx.webhooks().add(&deliveries).await?) }
}

#[cfg(test)]
mod tests {
    use domain::events::EventType;
    use domain::webhooks::DeliveryStatus;

    use super::super::testing::{delivery, endpoint, locking};
    use super::*;
    use crate::testing::{Mocks, NOW, id, run};

    const FAN_OUT: FanOut = FanOut { id: EndpointId(Uuid::from_u128(1)), limit: 3 };

    fn passing(position: i64, event_type: EventType) -> Passing {
        let n = u128::try_from(position).unwrap();
        Passing { position, id: id(100 + n), event_type: Some(event_type), stream: id(5) }
    }

    fn feed(mut tx: Mocks, after: i64, events: Vec<Passing>) -> Mocks {
        let read = tx.webhooks.expect_events().once().withf(move |from, limit| (*from, *limit) == (after, 3));
        read.return_once(move |_, _| Ok(events));
        tx
    }

    #[tokio::test]
    async fn wanted_events_become_deliveries_together_with_the_new_position_r168_r170() {
        let unknown = Passing { event_type: None, ..passing(9, EventType::OrderPaid) };
        let events = vec![passing(8, EventType::OrderPaid), unknown, passing(10, EventType::RefundCreated)];
        let mut tx = feed(locking(endpoint()), 7, events);
        let one = |added: &[Delivery]| added.len() == 1 && added[0].event_id == id(108);
        tx.webhooks.expect_add().once().withf(one).returning(|_| Ok(()));
        tx.webhooks.expect_update().once().withf(|after| after.position == 10).returning(|_| Ok(()));
        assert!(run(&FAN_OUT, &mut tx).await.unwrap(), "there may be more");
    }

    #[tokio::test]
    async fn nothing_is_written_at_the_end_of_the_feed_or_for_an_endpoint_that_is_not_active_r168() {
        let mut tx = feed(locking(endpoint()), 7, Vec::new());
        assert!(!run(&FAN_OUT, &mut tx).await.unwrap());
        assert!(!run(&FAN_OUT, &mut locking(endpoint().paused(NOW))).await.unwrap());
    }

    #[tokio::test]
    async fn a_replay_makes_deliveries_again_and_those_that_are_missing_r171() {
        let replaying = Endpoint { replay: Some((2, 5)), ..endpoint() };
        let events = [3, 4, 5].map(|position| passing(position, EventType::OrderPaid)).to_vec();
        let mut tx = feed(locking(replaying), 2, events);
        let done = Delivery { event_id: id(103), ..delivery().given_up(NOW) };
        let between = |_: &_, events: &[Uuid]| *events == [id(103), id(104)];
        tx.webhooks.expect_deliveries_of().once().withf(between).return_once(move |_, _| Ok(vec![done]));
        let again = |saved: &Delivery| saved.status == DeliveryStatus::Pending && saved.event_id == id(103);
        tx.webhooks.expect_save().once().withf(again).returning(|_| Ok(()));
        let new = |added: &[Delivery]| added.len() == 1 && added[0].event_id == id(104);
        tx.webhooks.expect_add().once().withf(new).returning(|_| Ok(()));
        let over = |after: &Endpoint| after.replay.is_none() && after.position == 7;
        tx.webhooks.expect_update().once().withf(over).returning(|_| Ok(()));
        assert!(run(&FAN_OUT, &mut tx).await.unwrap());
    }

    #[tokio::test]
    async fn a_long_replay_goes_on_in_the_next_batch_r171() {
        let replaying = Endpoint { replay: Some((0, 8)), ..endpoint() };
        let events = [1, 2, 3].map(|position| passing(position, EventType::RefundCreated)).to_vec();
        let mut tx = feed(locking(replaying), 0, events);
        tx.webhooks.expect_deliveries_of().once().returning(|_, _| Ok(Vec::new()));
        tx.webhooks.expect_update().once().withf(|after| after.replay == Some((3, 8))).returning(|_| Ok(()));
        assert!(run(&FAN_OUT, &mut tx).await.unwrap());
    }
}
