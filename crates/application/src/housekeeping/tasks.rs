use std::time::Duration;

use async_trait::async_trait;

use super::{BATCH, HousekeepingPolicy};
use crate::customers::EraseIdle;
use crate::events::PurgeEvents;
use crate::imports::PurgeImportRows;
use crate::mail::PurgeMails;
use crate::orders::GiveNumbers;
use crate::restocks::ReceiveDueRestocks;
use crate::webhooks::PurgeDeliveries;
use crate::{Command, Ctx, Error, Tx};

/// How long a network stays known after its last use.
const NETWORK_RETENTION: Duration = Duration::from_hours(90 * 24);

/// The most customers that one transaction erases.
const ERASURES: u64 = 20;

/// How often idle customers are looked for at most.
const IDLE_INTERVAL: Duration = Duration::from_hours(1);

/// A recurring task. Each batch is one transaction.
#[derive(Clone)]
pub(super) enum Task {
    ReceiveRestocks(ReceiveDueRestocks),
    EraseIdle(EraseIdle),
    Renew(Renewed),
    Purge(Expired),
}

/// Rows that are renewed if an older version of the program stored them.
#[derive(Clone, Copy)]
pub(super) enum Renewed {
    Products,
    Customers,
    Orders,
    Slugs,
}

/// The most rows that are renewed in one transaction. Each has many words.
const RENEWED: u64 = 100;

/// Rows that are deleted when they have expired.
#[derive(Clone, Copy)]
pub(super) enum Expired {
    Keys(Duration),
    Logins(Duration),
    LoginFailures(Duration),
    EmptyCarts(Duration),
    Networks,
    Events(Duration),
    ImportRows(Duration),
}

/// The result of a batch.
pub(super) struct Batch {
    /// Number of changed rows.
    pub done: u64,
    /// The next batch; `None` if this was the last.
    pub next: Option<Task>,
}

/// The tasks that the policy enables.
pub(super) fn tasks(policy: HousekeepingPolicy) -> impl Iterator<Item = Task> {
    let receive = |age| Task::ReceiveRestocks(ReceiveDueRestocks { age, after: None, limit: BATCH });
    let purges = [
        Expired::Keys(policy.keep_keys),
        Expired::Logins(policy.access_tokens_last),
        Expired::LoginFailures(policy.failure_window),
        Expired::EmptyCarts(policy.keep_empty_carts),
        Expired::Networks,
        Expired::Events(policy.keep_events),
        Expired::ImportRows(policy.keep_import_rows),
    ];
    let renewals = [Renewed::Products, Renewed::Customers, Renewed::Orders, Renewed::Slugs].map(Task::Renew);
    let erase = |idle_for| Task::EraseIdle(EraseIdle { idle_for, after: None, limit: ERASURES });
    let configured = policy.auto_receive_after.map(receive).into_iter().chain(policy.erase_idle_after.map(erase));
    configured.chain(renewals).chain(purges.map(Task::Purge))
}

impl Task {
    /// The name in the log and in the table of leases.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::ReceiveRestocks(_) => "receive_restocks",
            Self::EraseIdle(_) => "erase_idle_customers",
            Self::Renew(Renewed::Products) => "renew_products",
            Self::Renew(Renewed::Customers) => "renew_customers",
            Self::Renew(Renewed::Orders) => "number_orders",
            Self::Renew(Renewed::Slugs) => "make_slugs",
            Self::Purge(Expired::Keys(_)) => "forget_idempotency_keys",
            Self::Purge(Expired::Logins(_)) => "forget_refresh_tokens",
            Self::Purge(Expired::LoginFailures(_)) => "forget_login_failures",
            Self::Purge(Expired::EmptyCarts(_)) => "forget_empty_carts",
            Self::Purge(Expired::Networks) => "forget_networks",
            Self::Purge(Expired::Events(_)) => "purge_events",
            Self::Purge(Expired::ImportRows(_)) => "forget_import_rows",
        }
    }
}

impl Task {
    /// How long it is not done again. To look for idle customers reads all of them.
    pub(super) fn rests_for(&self, every: Duration) -> Duration {
        match self {
            Self::EraseIdle(_) => every.max(IDLE_INTERVAL),
            Self::ReceiveRestocks(_) | Self::Renew(_) | Self::Purge(_) => every,
        }
    }
}

#[async_trait]
impl Command for Task {
    type Output = Batch;
    const NAME: &'static str = "housekeeping.task";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Batch, Error> {
        match self {
            Self::ReceiveRestocks(receive) => {
                let batch = receive.run(tx, ctx).await?;
                let next = batch.next.map(|restock| ReceiveDueRestocks { after: Some(restock), ..receive.clone() });
                Ok(Batch { done: batch.received, next: next.map(Task::ReceiveRestocks) })
            }
            Self::EraseIdle(erase) => {
                let batch = erase.run(tx, ctx).await?;
                let next = batch.next.map(|customer| EraseIdle { after: Some(customer), ..erase.clone() });
                Ok(Batch { done: batch.erased, next: next.map(Task::EraseIdle) })
            }
            Self::Renew(renewed) => {
                let done = match renewed {
                    Renewed::Products => tx.products().renew(RENEWED).await?,
                    Renewed::Customers => tx.customers().renew(RENEWED).await?,
                    Renewed::Orders => GiveNumbers { limit: RENEWED }.run(tx, ctx).await?,
                    Renewed::Slugs => tx.slugs().fill(RENEWED).await?,
                };
                Ok(Batch { done, next: (done >= RENEWED).then(|| self.clone()) })
            }
            Self::Purge(expired) => {
                let done = expired.purge(tx, ctx).await?;
                // A batch of rows of one import is never full where a row has several lines.
                let is_full = if matches!(expired, Expired::ImportRows(_)) { done > 0 } else { done >= BATCH };
                Ok(Batch { done, next: is_full.then(|| self.clone()) })
            }
        }
    }
}

impl Expired {
    async fn purge(self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<u64, Error> {
        let purged = match self {
            Self::Keys(kept) => tx.idempotency().purge(ctx.now - kept, BATCH).await?,
            Self::Logins(kept) => {
                let tokens = tx.refresh_tokens().purge(ctx.now - kept, BATCH).await?;
                tokens.max(tx.sessions().purge(ctx.now, BATCH).await?)
            }
            Self::LoginFailures(window) => tx.login_failures().purge(ctx.now - window, BATCH).await?,
            Self::EmptyCarts(kept) => tx.carts().purge(ctx.now - kept, BATCH).await?,
            Self::Networks => tx.known_networks().purge(ctx.now - NETWORK_RETENTION, BATCH).await?,
            Self::ImportRows(keep_for) => PurgeImportRows { keep_for, limit: BATCH }.run(tx, ctx).await?,
            Self::Events(keep_for) => {
                let events = PurgeEvents { keep_for, limit: BATCH }.run(tx, ctx).await?;
                let deliveries = PurgeDeliveries { limit: BATCH }.run(tx, ctx).await?;
                events.max(deliveries).max(PurgeMails { limit: BATCH }.run(tx, ctx).await?)
            }
        };
        Ok(purged)
    }
}

#[cfg(test)]
mod tests {
    use domain::imports::{Import, ImportId, ImportOptions};

    use super::super::Housekeeping;
    use super::super::testing::POLICY;
    use super::*;
    use crate::testing::{Mocks, NOW, Prepared, id, run};

    fn lease(free: bool) -> Mocks {
        let mut tx = Mocks::default();
        tx.leases.expect_take().once().returning(move |_, _, _, _| Ok(free));
        tx
    }

    #[tokio::test]
    async fn a_task_runs_batches_until_one_is_not_full() {
        let keys = |found| {
            let mut tx = Mocks::default();
            tx.idempotency.expect_purge().once().returning(move |_, _| Ok(found));
            tx
        };
        let renewals = (0..4).map(|_| lease(false));
        let others = (0..6).map(|_| lease(false));
        let purge = vec![lease(true), keys(BATCH), keys(3)];
        let (runner, log) = Prepared::runner(renewals.chain(purge).chain(others));
        Housekeeping::new(runner, POLICY, id(1)).round().await;
        assert_eq!(log.lock().unwrap().iter().filter(|end| **end == "commit").count(), 13);
    }

    #[tokio::test]
    async fn a_task_is_skipped_while_another_server_holds_its_lease() {
        let (runner, log) = Prepared::runner((0..12).map(|_| lease(false)));
        let policy = HousekeepingPolicy { auto_receive_after: Some(Duration::ZERO), ..POLICY };
        Housekeeping::new(runner, policy, id(1)).round().await;
        assert_eq!(log.lock().unwrap().len(), 24, "twelve leases asked for, nothing else");
    }

    #[tokio::test]
    async fn rows_of_an_older_version_are_renewed_until_a_batch_is_not_full_r217_r224_r226() {
        let mut tx = Mocks::default();
        let found = [RENEWED, 7];
        let mut products = found.into_iter();
        tx.products.expect_renew().times(2).returning(move |limit| Ok(products.next().unwrap().min(limit)));
        tx.customers.expect_renew().once().returning(|_| Ok(0));
        let first = run(&Task::Renew(Renewed::Products), &mut tx).await.unwrap();
        let second = run(&first.next.unwrap(), &mut tx).await.unwrap();
        assert!(second.done == 7 && second.next.is_none());
        assert!(run(&Task::Renew(Renewed::Customers), &mut tx).await.unwrap().next.is_none());
        tx.slugs.expect_fill().once().returning(Ok);
        let batch = run(&Task::Renew(Renewed::Slugs), &mut tx).await.unwrap();
        assert!(batch.done == RENEWED && batch.next.is_some(), "there may be more");
    }

    #[tokio::test]
    async fn events_are_kept_as_long_as_the_policy_says_and_deliveries_and_mails_a_month_r151_r174() {
        let mut tx = Mocks::default();
        let kept = POLICY.keep_events;
        tx.outbox.expect_purge().once().withf(move |before, _| *before == NOW - kept).returning(|_, _| Ok(1));
        let month = Duration::from_hours(30 * 24);
        tx.webhooks.expect_purge().once().withf(move |before, _| *before == NOW - month).returning(|_, _| Ok(0));
        tx.mail.expect_purge().once().withf(move |before, _| *before == NOW - month).returning(|_, _| Ok(0));
        tx.mail.expect_purge_tokens().once().returning(|_, _| Ok(0));
        let batch = run(&Task::Purge(Expired::Events(POLICY.keep_events)), &mut tx).await.unwrap();
        assert!(batch.done == 1 && batch.next.is_none());
    }

    #[tokio::test]
    async fn rows_of_imports_are_forgotten_until_none_is_left_r231() {
        let mut tx = Mocks::default();
        tx.imports.expect_lock_at_rest().once().returning(|_| Ok(None));
        let forget = Task::Purge(Expired::ImportRows(POLICY.keep_import_rows));
        let batch = run(&forget, &mut tx).await.unwrap();
        assert!(batch.done == 0 && batch.next.is_none());
        let ended = Import::new(ImportId(id(1)), ImportOptions::default(), Vec::new(), None, NOW).without_rows(NOW);
        let mut tx = Mocks::default();
        tx.imports.expect_lock_at_rest().once().return_once(|_| Ok(Some(ended)));
        tx.imports.expect_remove_rows().once().returning(|_, _| Ok(3));
        assert!(run(&forget, &mut tx).await.unwrap().next.is_some(), "there may be more");
    }
}
