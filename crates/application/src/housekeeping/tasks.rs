use std::time::Duration;

use async_trait::async_trait;
use domain::accounts::Network;

use super::{BATCH, HousekeepingPolicy};
use crate::events::PurgeEvents;
use crate::imports::PurgeImportRows;
use crate::mails::PurgeMails;
use crate::orders::GiveNumbers;
use crate::restocks::ReceiveDueRestocks;
use crate::webhooks::PurgeDeliveries;
use crate::{Command, Ctx, Error, TaskStep, Tx};

/// A recurring task. Each batch is one transaction.
#[derive(Clone)]
pub(super) enum Task {
    ReceiveRestocks(ReceiveDueRestocks),
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
    Terms,
}

/// The most rows that are renewed in one transaction. Each has many words.
const RENEWED: u64 = 100;

/// Rows that are deleted when they have expired.
#[derive(Clone, Copy)]
pub(super) enum Expired {
    Keys(Duration),
    Logins(Duration),
    LoginFailures(Duration),
    Networks,
    Events(Duration),
    ImportRows(Duration),
}

/// Receives restocks that are older than `age`.
pub(super) const fn receive_restocks(age: Duration) -> Task {
    Task::ReceiveRestocks(ReceiveDueRestocks { age, after: None, limit: BATCH })
}

/// The tasks that renew and purge rows.
pub(super) fn of_rows(policy: HousekeepingPolicy) -> impl Iterator<Item = Task> {
    let purges = [
        Expired::Keys(policy.keep_keys),
        Expired::Logins(policy.access_tokens_last),
        Expired::LoginFailures(policy.failure_window),
        Expired::Networks,
        Expired::Events(policy.keep_events),
        Expired::ImportRows(policy.keep_import_rows),
    ];
    let renewals =
        [Renewed::Products, Renewed::Customers, Renewed::Orders, Renewed::Slugs, Renewed::Terms].map(Task::Renew);
    renewals.into_iter().chain(purges.map(Task::Purge))
}

impl Task {
    /// The name in the log and in the table of leases.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::ReceiveRestocks(_) => "receive_restocks",
            Self::Renew(Renewed::Products) => "renew_products",
            Self::Renew(Renewed::Customers) => "renew_customers",
            Self::Renew(Renewed::Orders) => "number_orders",
            Self::Renew(Renewed::Slugs) => "make_slugs",
            Self::Renew(Renewed::Terms) => "renew_terms",
            Self::Purge(Expired::Keys(_)) => "forget_idempotency_keys",
            Self::Purge(Expired::Logins(_)) => "forget_refresh_tokens",
            Self::Purge(Expired::LoginFailures(_)) => "forget_login_failures",
            Self::Purge(Expired::Networks) => "forget_networks",
            Self::Purge(Expired::Events(_)) => "purge_events",
            Self::Purge(Expired::ImportRows(_)) => "forget_import_rows",
        }
    }
}

#[async_trait]
impl Command for Task {
    type Output = TaskStep<Self>;
    const NAME: &'static str = "housekeeping.task";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<TaskStep<Self>, Error> {
        match self {
            Self::ReceiveRestocks(receive) => {
                let batch = receive.run(tx, ctx).await?;
                let next = batch.next.map(|restock| ReceiveDueRestocks { after: Some(restock), ..receive.clone() });
                Ok(TaskStep { done: batch.received, next: next.map(Task::ReceiveRestocks) })
            }
            Self::Renew(renewed) => {
                let done = match renewed {
                    Renewed::Products => tx.products().renew(RENEWED).await?,
                    Renewed::Customers => tx.customers().renew(RENEWED).await?,
                    Renewed::Orders => GiveNumbers { limit: RENEWED }.run(tx, ctx).await?,
                    Renewed::Slugs => tx.slugs().fill(RENEWED).await?,
                    Renewed::Terms => tx.terms().renew(RENEWED).await?,
                };
                Ok(TaskStep { done, next: (done >= RENEWED).then(|| self.clone()) })
            }
            Self::Purge(expired) => {
                let done = expired.purge(tx, ctx).await?;
                // A batch of rows of one import is never full where a row has several lines.
                let is_full = if matches!(expired, Expired::ImportRows(_)) { done > 0 } else { done >= BATCH };
                Ok(TaskStep { done, next: is_full.then(|| self.clone()) })
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
            Self::Networks => tx.known_networks().purge(ctx.now - Network::RETENTION, BATCH).await?,
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

    use super::super::testing::POLICY;
    use super::*;
    use crate::testing::{Mocks, NOW, id, run};

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
        tx.mails.expect_purge().once().withf(move |before, _| *before == NOW - month).returning(|_, _| Ok(0));
        tx.mails.expect_purge_tokens().once().returning(|_, _| Ok(0));
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
