use std::time::Duration;

use super::BATCH;
use crate::media::Pictures;
use crate::payments::{Payments, PurgeNotices};
use crate::{Error, Runner};

/// How often providers are asked for payments that customers may have paid, at most.
const ASK_EVERY: Duration = Duration::from_mins(1);

/// How often providers are asked for what else did not come by itself, at most.
const RECONCILE_EVERY: Duration = Duration::from_mins(15);

/// How often files that no picture has are looked for, at most.
const SWEEP_EVERY: Duration = Duration::from_hours(24);

/// A recurring task that a service does in transactions of its own, asking other servers in between.
#[derive(Clone)]
pub(super) enum ServiceTask {
    ExpireOrders(Payments),
    AskForUndecided(Payments),
    Reconcile(Payments),
    PurgeNotices,
    SweepMedia(Pictures),
}

impl ServiceTask {
    /// All such tasks of a shop that takes payments.
    pub(super) fn all(payments: &Payments) -> [Self; 4] {
        let payments = || payments.clone();
        [
            Self::ExpireOrders(payments()),
            Self::AskForUndecided(payments()),
            Self::Reconcile(payments()),
            Self::PurgeNotices,
        ]
    }

    /// The name in the log and in the table of leases.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::ExpireOrders(_) => "expire_unpaid_orders",
            Self::AskForUndecided(_) => "ask_for_undecided_payments",
            Self::Reconcile(_) => "reconcile_payments",
            Self::PurgeNotices => "forget_payment_notices",
            Self::SweepMedia(_) => "sweep_media",
        }
    }

    /// How long it is not done again.
    pub(super) fn rests_for(&self, every: Duration) -> Duration {
        match self {
            Self::AskForUndecided(_) => every.max(ASK_EVERY),
            Self::Reconcile(_) => every.max(RECONCILE_EVERY),
            Self::SweepMedia(_) => every.max(SWEEP_EVERY),
            Self::ExpireOrders(_) | Self::PurgeNotices => every,
        }
    }

    /// Does it. Returns how much was done.
    pub(super) async fn run(&self, runner: &Runner) -> Result<u64, Error> {
        match self {
            Self::ExpireOrders(payments) => payments.expire_orders().await,
            Self::AskForUndecided(payments) => payments.ask_for_undecided().await,
            Self::Reconcile(payments) => payments.reconcile().await,
            Self::PurgeNotices => runner.run(PurgeNotices { limit: BATCH }).await,
            Self::SweepMedia(pictures) => pictures.sweep().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::payments::MockPaymentQueries;

    use super::super::Housekeeping;
    use super::super::testing::POLICY;
    use super::*;
    use crate::payments::testing::{provider, service};
    use crate::testing::{Mocks, Prepared, id};

    #[tokio::test]
    async fn a_shop_that_takes_payments_has_four_tasks_more_each_on_one_server_r91_r98() {
        let leases = |count: usize| {
            (0..count).map(|_| {
                let mut tx = Mocks::default();
                tx.leases.expect_take().once().returning(|_, _, _, _| Ok(false));
                tx
            })
        };
        let (runner, without) = Prepared::runner(leases(9));
        Housekeeping::new(runner, POLICY, id(1)).round().await;
        let (runner, with) = Prepared::runner(leases(13));
        let payments = service(runner.clone(), provider(), MockPaymentQueries::new());
        Housekeeping::new(runner, POLICY, id(1)).paid_by(payments).round().await;
        let commits = |log: &crate::testing::Log| log.lock().unwrap().iter().filter(|end| **end == "commit").count();
        assert_eq!((commits(&without), commits(&with)), (9, 13));
    }

    #[tokio::test]
    async fn undecided_payments_are_asked_for_every_minute_and_the_rest_every_quarter_of_an_hour_r98() {
        let (runner, _) = Prepared::runner([]);
        let payments = service(runner, provider(), MockPaymentQueries::new());
        let (second, day) = (Duration::from_secs(1), Duration::from_hours(24));
        let rests = |task: ServiceTask| [second, day].map(|every| task.rests_for(every));
        assert_eq!(rests(ServiceTask::AskForUndecided(payments.clone())), [Duration::from_mins(1), day]);
        assert_eq!(rests(ServiceTask::Reconcile(payments)), [Duration::from_mins(15), day]);
    }

    #[tokio::test]
    async fn notices_are_kept_for_30_days_r88() {
        let mut tx = Mocks::default();
        let month = Duration::from_hours(30 * 24);
        let before = crate::testing::NOW - month;
        tx.payments.expect_purge_notices().once().withf(move |at, _| *at == before).returning(|_, _| Ok(3));
        let (runner, _) = Prepared::runner([tx]);
        assert_eq!(ServiceTask::PurgeNotices.run(&runner).await.unwrap(), 3);
    }
}
