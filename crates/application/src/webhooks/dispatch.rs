use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::Uuid;
use domain::webhooks::{DeliveryId, EndpointId, WebhookQueries, WebhookSender};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::{ClaimDelivery, FanOut, RecordTry};
use crate::{Clock, Error, Runner};

/// How many webhooks are under way to one endpoint at once.
const AT_ONCE_EACH: usize = 4;

/// How many are under way from one server at once.
const AT_ONCE: usize = 64;

/// The most events that an endpoint passes in one transaction.
const PASSED: u64 = 200;

/// The most transactions in which one endpoint passes events before it is another one's turn.
const TURNS: u32 = 50;

/// How many deliveries of an endpoint are looked up at once.
const DUE: u64 = 100;

/// What sending webhooks is made of.
#[derive(Clone)]
pub struct WebhooksParts {
    /// Runs the commands.
    pub runner: Runner,
    /// Reads of endpoints and deliveries.
    pub queries: Arc<dyn WebhookQueries>,
    /// Sends them.
    pub sender: Arc<dyn WebhookSender>,
    /// The current time.
    pub clock: Arc<dyn Clock>,
    /// How long a try takes at most.
    pub timeout: Duration,
    /// The id that this server gave itself at its start, under which it holds what it works on.
    pub holder: Uuid,
}

/// Sends events to endpoints. Several servers may do it at once.
#[derive(Clone)]
pub struct Webhooks {
    parts: Arc<WebhooksParts>,
    seats: Arc<Semaphore>,
    served: Arc<Mutex<HashSet<EndpointId>>>,
}

impl Webhooks {
    /// Webhooks of these parts.
    pub fn new(parts: WebhooksParts) -> Self {
        Self { parts: Arc::new(parts), seats: Arc::new(Semaphore::new(AT_ONCE)), served: Arc::default() }
    }

    /// Makes deliveries of what endpoints want of the feed, which is at position `last`, and begins to send what is due.
    /// Only reads if no endpoint is active. It does not wait for receivers. Returns by how many events the endpoint that is
    /// furthest behind was behind.
    ///
    /// # Errors
    /// If the database does not answer.
    pub async fn look(&self, last: i64) -> Result<i64, Error> {
        let mut lag = 0;
        for active in self.parts.queries.active(self.parts.clock.now()).await? {
            let endpoint = active.endpoint;
            lag = lag.max(last - endpoint.position);
            let is_behind = endpoint.position < last || endpoint.replay.is_some();
            if is_behind {
                self.fan_out(endpoint.id).await?;
            }
            if is_behind || active.is_due {
                self.serve(endpoint.id);
            }
        }
        Ok(lag)
    }

    async fn fan_out(&self, id: EndpointId) -> Result<(), Error> {
        for _ in 0..TURNS {
            if !self.parts.runner.run(FanOut { id, limit: PASSED }).await? {
                break;
            }
        }
        Ok(())
    }

    /// Starts a task that sends the due deliveries of an endpoint, unless one runs. A slow receiver delays only its own
    /// deliveries.
    fn serve(&self, id: EndpointId) {
        let is_new = self.served().insert(id);
        if is_new {
            let served = Served { webhooks: self.clone(), id };
            tokio::spawn(async move {
                if let Err(error) = served.webhooks.send_due(id).await {
                    tracing::warn!(%error, endpoint = %id, "webhooks were not sent; will try again");
                }
                drop(served);
            });
        }
    }

    async fn send_due(&self, endpoint: EndpointId) -> Result<(), Error> {
        let places = Arc::new(Semaphore::new(AT_ONCE_EACH));
        loop {
            let due = self.parts.queries.due(endpoint, self.parts.clock.now(), DUE).await?;
            if due.is_empty() {
                return Ok(());
            }
            let mut tries = JoinSet::new();
            for id in due {
                // The semaphores are never closed.
                let (Ok(place), Ok(room)) =
                    (places.clone().acquire_owned().await, self.seats.clone().acquire_owned().await)
                else {
                    return Ok(());
                };
                let webhooks = self.clone();
                tries.spawn(async move {
                    let done = webhooks.deliver(id).await;
                    drop((place, room));
                    done
                });
            }
            while let Some(sent) = tries.join_next().await {
                sent.map_err(|panicked| Error::Internal(panicked.into()))??;
            }
        }
    }

    /// Tries a delivery once, if it is this server's turn. Returns whether it was tried.
    ///
    /// # Errors
    /// A failure of the database. The delivery is tried again when its lease is over.
    pub async fn deliver(&self, id: DeliveryId) -> Result<bool, Error> {
        let WebhooksParts { runner, sender, timeout, holder, .. } = &*self.parts;
        let claim = ClaimDelivery { id, holder: *holder, timeout: *timeout };
        let Some(claimed) = runner.run(claim).await? else { return Ok(false) };
        let answer = sender.send(&claimed.call).await;
        let (endpoint, at) = (claimed.call.endpoint_id, claimed.call.at);
        let recorded = runner.run(RecordTry { delivery: claimed.delivery, holder: *holder, at, answer }).await?;
        if recorded.is_some_and(|recorded| recorded.is_switched_off) {
            tracing::warn!(%endpoint, "a webhook endpoint was switched off: its receiver takes nothing");
        }
        Ok(true)
    }

    fn served(&self) -> std::sync::MutexGuard<'_, HashSet<EndpointId>> {
        self.served.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An endpoint that is being served, until this is dropped.
struct Served {
    webhooks: Webhooks,
    id: EndpointId,
}

impl Drop for Served {
    fn drop(&mut self) {
        self.webhooks.served().remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use async_trait::async_trait;
    use domain::webhooks::{ActiveEndpoint, Answer, Endpoint, MockWebhookQueries, MockWebhookSender, WebhookCall};

    use super::super::testing::{answer, delivery, endpoint, event};
    use super::*;
    use crate::testing::{Mocks, Prepared, Still, id};

    fn webhooks(runner: Runner, queries: MockWebhookQueries, sender: Arc<dyn WebhookSender>) -> Webhooks {
        let timeout = Duration::from_secs(15);
        let (queries, clock): (Arc<dyn WebhookQueries>, Arc<dyn Clock>) = (Arc::new(queries), Arc::new(Still));
        Webhooks::new(WebhooksParts { runner, queries, sender, clock, timeout, holder: id(9) })
    }

    fn claiming() -> Mocks {
        let mut tx = Mocks::default();
        tx.webhooks.expect_lock_delivery().once().returning(|_| Ok(Some(delivery())));
        tx.webhooks.expect_find().once().returning(|_| Ok(Some(endpoint())));
        tx.webhooks.expect_event().once().returning(|_| Ok(Some(event())));
        tx.webhooks.expect_save().once().returning(|_| Ok(()));
        tx
    }

    fn recording() -> Mocks {
        let held = delivery().held_by(id(9), Duration::from_secs(15), crate::testing::NOW);
        let mut tx = Mocks::default();
        tx.webhooks.expect_find().once().returning(|_| Ok(Some(endpoint())));
        tx.webhooks.expect_lock().once().returning(|_| Ok(Some(endpoint())));
        tx.webhooks.expect_lock_delivery().once().return_once(move |_| Ok(Some(held)));
        tx.webhooks.expect_record().once().returning(|_| Ok(()));
        tx.webhooks.expect_save().once().returning(|_| Ok(()));
        tx.webhooks.expect_update().once().returning(|_| Ok(()));
        tx
    }

    #[tokio::test]
    async fn no_transaction_is_open_while_a_receiver_is_called_r170() {
        let (runner, log) = Prepared::runner([claiming(), recording()]);
        let mut sender = MockWebhookSender::new();
        let seen = log.clone();
        sender.expect_send().once().returning(move |_| {
            seen.lock().unwrap().push("sent");
            answer(204)
        });
        let sent = webhooks(runner, MockWebhookQueries::new(), Arc::new(sender)).deliver(delivery().id).await;
        assert!(sent.unwrap());
        assert_eq!(*log.lock().unwrap(), ["begin", "commit", "sent", "begin", "commit"]);
    }

    #[tokio::test]
    async fn a_shop_without_endpoints_pays_one_look_r168() {
        let (runner, log) = Prepared::runner([]);
        let mut queries = MockWebhookQueries::new();
        queries.expect_active().once().returning(|_| Ok(Vec::new()));
        webhooks(runner, queries, Arc::new(MockWebhookSender::new())).look(99).await.unwrap();
        assert!(log.lock().unwrap().is_empty());
    }

    /// Receivers that never answer.
    #[derive(Default)]
    struct Silent(AtomicUsize);

    #[async_trait]
    impl WebhookSender for Silent {
        async fn send(&self, _: &WebhookCall) -> Answer {
            self.0.fetch_add(1, Ordering::Relaxed);
            std::future::pending().await
        }
    }

    #[tokio::test(start_paused = true)]
    async fn four_are_under_way_to_an_endpoint_and_a_slow_one_delays_only_itself_r170() {
        let (runner, _) = Prepared::runner((0..200).map(|_| claiming()));
        let mut queries = MockWebhookQueries::new();
        let active = |n| ActiveEndpoint { endpoint: Endpoint { id: EndpointId(id(n)), ..endpoint() }, is_due: true };
        queries.expect_active().times(2).returning(move |_| Ok((1..=3).map(active).collect()));
        queries.expect_due().times(3).returning(|_, _, _| Ok((1..=9).map(|n| DeliveryId(id(n))).collect()));
        let silent = Arc::new(Silent::default());
        let webhooks = webhooks(runner, queries, silent.clone());
        webhooks.look(0).await.unwrap();
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(silent.0.load(Ordering::Relaxed), 12, "four for each of three");
        webhooks.look(0).await.unwrap();
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(silent.0.load(Ordering::Relaxed), 12, "they are under way");
    }

    #[tokio::test(start_paused = true)]
    async fn sixty_four_are_under_way_from_a_server_r170() {
        let (runner, _) = Prepared::runner((0..200).map(|_| claiming()));
        let mut queries = MockWebhookQueries::new();
        let active = |n| ActiveEndpoint { endpoint: Endpoint { id: EndpointId(id(n)), ..endpoint() }, is_due: true };
        queries.expect_active().once().returning(move |_| Ok((1..=20).map(active).collect()));
        queries.expect_due().returning(|_, _, _| Ok((1..=9).map(|n| DeliveryId(id(n))).collect()));
        let silent = Arc::new(Silent::default());
        webhooks(runner, queries, silent.clone()).look(0).await.unwrap();
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(silent.0.load(Ordering::Relaxed), AT_ONCE);
    }
}
