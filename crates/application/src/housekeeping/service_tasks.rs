use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::customers::CustomerId;
use domain::payments::{Overdue, PaymentId};

use super::reads::PlaceInCarts;
use super::{BATCH, HousekeepingReads};
use crate::carts::PurgeCarts;
use crate::customers::EraseIdle;
use crate::media::{ForgetRemoved, Pictures};
use crate::payments::{Payments, PurgeNotices};
use crate::{Error, Runner, TaskStep};

/// How often providers are asked for payments that customers may have paid, at most.
const ASK_EVERY: Duration = Duration::from_mins(1);

/// How often providers are asked for what else did not come by itself, at most.
const RECONCILE_EVERY: Duration = Duration::from_mins(15);

/// How often files that no picture has are looked for, at most.
const SWEEP_EVERY: Duration = Duration::from_hours(24);

/// How often idle customers are looked for, at most. That reads all of them.
const IDLE_EVERY: Duration = Duration::from_hours(1);

/// The most customers that one transaction erases.
const ERASURES: usize = 20;

/// How many customers are looked at in one step.
const CUSTOMERS: u64 = 500;

/// How many carts are looked at in one step.
const CARTS: u64 = 2_000;

/// How many empty carts one transaction deletes.
const PURGED_CARTS: usize = 500;

/// A recurring task that reads outside of transactions, or asks other servers, and has short transactions of its own.
#[derive(Clone)]
pub(super) enum ServiceTask {
    ExpireOrders(Payments, Option<Overdue>),
    AskForUndecided(Payments, Option<PaymentId>),
    Reconcile(Payments, Option<PaymentId>),
    PurgeNotices,
    PurgeCarts(HousekeepingReads, Duration, Arc<Mutex<PlaceInCarts>>),
    EraseIdle(HousekeepingReads, Duration, Option<CustomerId>),
    /// After a key.
    SweepMedia(Pictures, String),
}

impl ServiceTask {
    /// The tasks of a shop that takes payments.
    pub(super) fn of_payments(payments: &Payments) -> [Self; 4] {
        let payments = || payments.clone();
        [
            Self::ExpireOrders(payments(), None),
            Self::AskForUndecided(payments(), None),
            Self::Reconcile(payments(), None),
            Self::PurgeNotices,
        ]
    }

    /// The name in the log and in the table of leases.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::ExpireOrders(..) => "expire_unpaid_orders",
            Self::AskForUndecided(..) => "ask_for_undecided_payments",
            Self::Reconcile(..) => "reconcile_payments",
            Self::PurgeNotices => "forget_payment_notices",
            Self::PurgeCarts(..) => "forget_empty_carts",
            Self::EraseIdle(..) => "erase_idle_customers",
            Self::SweepMedia(..) => "sweep_media",
        }
    }

    /// The shortest time between two runs, given the configured interval `every`. The lease lasts so long.
    pub(super) fn rests_for(&self, every: Duration) -> Duration {
        match self {
            Self::AskForUndecided(..) => every.max(ASK_EVERY),
            Self::Reconcile(..) => every.max(RECONCILE_EVERY),
            Self::SweepMedia(..) => every.max(SWEEP_EVERY),
            Self::EraseIdle(..) => every.max(IDLE_EVERY),
            Self::ExpireOrders(..) | Self::PurgeNotices | Self::PurgeCarts(..) => every,
        }
    }

    /// Does a step.
    pub(super) async fn step(self, runner: &Runner) -> Result<TaskStep<Self>, Error> {
        match self {
            Self::ExpireOrders(payments, after) => {
                let step = payments.expire_orders(after).await?;
                Ok(step.map(|after| Self::ExpireOrders(payments, Some(after))))
            }
            Self::AskForUndecided(payments, after) => {
                let step = payments.ask_for_undecided(after).await?;
                Ok(step.map(|after| Self::AskForUndecided(payments, Some(after))))
            }
            Self::Reconcile(payments, after) => {
                let step = payments.reconcile(after).await?;
                Ok(step.map(|after| Self::Reconcile(payments, Some(after))))
            }
            Self::PurgeNotices => {
                let done = runner.run(PurgeNotices { limit: BATCH }).await?;
                Ok(TaskStep { done, next: (done >= BATCH).then_some(Self::PurgeNotices) })
            }
            Self::PurgeCarts(reads, keep_for, place) => {
                let step = purge_carts(runner, &reads, keep_for, &place).await?;
                Ok(step.map(|()| Self::PurgeCarts(reads, keep_for, place)))
            }
            Self::EraseIdle(reads, idle_for, after) => {
                let step = erase_idle(runner, &reads, idle_for, after).await?;
                Ok(step.map(|after| Self::EraseIdle(reads, idle_for, Some(after))))
            }
            Self::SweepMedia(pictures, after) => {
                let step = pictures.sweep(&after).await?;
                if step.next.is_none() {
                    runner.run(ForgetRemoved).await?;
                }
                Ok(step.map(|after| Self::SweepMedia(pictures, after)))
            }
        }
    }
}

/// Looks at the next carts that have not changed for long, and deletes those that are empty.
async fn purge_carts(
    runner: &Runner,
    reads: &HousekeepingReads,
    keep_for: Duration,
    place: &Mutex<PlaceInCarts>,
) -> Result<TaskStep<()>, Error> {
    let now = reads.clock.now();
    let here = place.lock().unwrap_or_else(PoisonError::into_inner).at(now);
    let carts = reads.carts.unchanged(now - keep_for, here.after, CARTS).await?;
    let empty: Vec<_> = carts.iter().filter(|cart| cart.is_empty).map(|cart| cart.age.customer_id).collect();
    let mut done = 0;
    for some in empty.chunks(PURGED_CARTS) {
        done += runner.run(PurgeCarts { customer_ids: some.to_vec(), keep_for }).await?;
    }
    let after = carts.last().map(|cart| cart.age).or(here.after);
    *place.lock().unwrap_or_else(PoisonError::into_inner) = PlaceInCarts { after, ..here };
    Ok(TaskStep::of_batch(done, carts.len(), CARTS, Some(())))
}

/// Looks at the next customers, and erases those that are idle.
async fn erase_idle(
    runner: &Runner,
    reads: &HousekeepingReads,
    idle_for: Duration,
    after: Option<CustomerId>,
) -> Result<TaskStep<CustomerId>, Error> {
    let customers = reads.customers.idle(reads.clock.now() - idle_for, after, CUSTOMERS).await?;
    let idle: Vec<_> = customers.iter().filter(|(_, is_idle)| *is_idle).map(|(id, _)| *id).collect();
    let mut done = 0;
    for some in idle.chunks(ERASURES) {
        done += runner.run(EraseIdle { ids: some.to_vec(), idle_for }).await?;
    }
    let last = customers.last().map(|(id, _)| *id);
    Ok(TaskStep::of_batch(done, customers.len(), CUSTOMERS, last))
}

#[cfg(test)]
mod tests {
    use domain::carts::{CartAge, MockCartQueries, OldCart};
    use domain::customers::MockCustomerQueries;
    use domain::payments::MockPaymentQueries;

    use super::super::testing::reads;
    use super::*;
    use crate::payments::testing::{provider, service};
    use crate::testing::{Mocks, NOW, Prepared, id};

    const DAY: Duration = Duration::from_hours(24);

    #[tokio::test]
    async fn undecided_payments_are_asked_for_every_minute_and_the_rest_every_quarter_of_an_hour_r98() {
        let (runner, _) = Prepared::runner([]);
        let payments = service(runner, provider(), MockPaymentQueries::new());
        let second = Duration::from_secs(1);
        let rests = |task: ServiceTask| [second, DAY].map(|every| task.rests_for(every));
        assert_eq!(rests(ServiceTask::AskForUndecided(payments.clone(), None)), [Duration::from_mins(1), DAY]);
        assert_eq!(rests(ServiceTask::Reconcile(payments, None)), [Duration::from_mins(15), DAY]);
    }

    #[tokio::test]
    async fn notices_are_kept_for_30_days_r88() {
        let mut tx = Mocks::default();
        let before = NOW - DAY * 30;
        tx.payments.expect_purge_notices().once().withf(move |at, _| *at == before).returning(|_, _| Ok(3));
        let (runner, _) = Prepared::runner([tx]);
        let step = ServiceTask::PurgeNotices.step(&runner).await.unwrap();
        assert!(step.done == 3 && step.next.is_none());
    }

    fn cart(n: u128, is_empty: bool) -> OldCart {
        OldCart { age: CartAge { updated_at: NOW - DAY * 2, customer_id: CustomerId(id(n)) }, is_empty }
    }

    #[tokio::test]
    async fn carts_with_lines_are_passed_over_once_a_day_and_empty_ones_deleted_r54() {
        let mut carts = MockCartQueries::new();
        let mut asked = mockall::Sequence::new();
        carts
            .expect_unchanged()
            .once()
            .in_sequence(&mut asked)
            .withf(|before, after, _| *before == NOW - DAY && after.is_none())
            .returning(|_, _, _| Ok(vec![cart(1, false), cart(2, true)]));
        let place = cart(2, true).age;
        carts
            .expect_unchanged()
            .once()
            .in_sequence(&mut asked)
            .withf(move |_, after, _| *after == Some(place))
            .returning(|_, _, _| Ok(Vec::new()));
        let mut tx = Mocks::default();
        let of = [CustomerId(id(2))];
        tx.carts
            .expect_purge()
            .once()
            .withf(move |ids, before| ids == of && *before == NOW - DAY)
            .returning(|_, _| Ok(1));
        let (runner, _) = Prepared::runner([tx]);
        let reads = reads(carts, MockCustomerQueries::new());
        let task = ServiceTask::PurgeCarts(reads, DAY, Arc::default());
        let first = task.clone().step(&runner).await.unwrap();
        assert!(first.done == 1 && first.next.is_none());
        assert_eq!(task.step(&runner).await.unwrap().done, 0, "the next round goes on after them");
        let begun = PlaceInCarts::default().at(NOW);
        let later = PlaceInCarts { after: Some(place), ..begun };
        assert_eq!(later.at(NOW + DAY / 2), later);
        assert_eq!(later.at(NOW + DAY), PlaceInCarts::default().at(NOW + DAY), "and a day later at the beginning");
    }

    #[tokio::test]
    async fn idle_customers_are_looked_for_outside_of_transactions_r275() {
        let mut customers = MockCustomerQueries::new();
        let many: Vec<_> = (1..=500).map(|n| (CustomerId(id(n)), n == 7)).collect();
        customers.expect_idle().once().return_once(move |_, _, _| Ok(many));
        let mut tx = Mocks::default();
        tx.customers.expect_lock().once().withf(|of| of.0 == id(7)).returning(|_| Ok(None));
        let (runner, log) = Prepared::runner([tx]);
        let task = ServiceTask::EraseIdle(reads(MockCartQueries::new(), customers), DAY, None);
        let step = task.step(&runner).await.unwrap();
        assert!(matches!(step.next, Some(ServiceTask::EraseIdle(_, _, Some(last))) if last.0 == id(500)));
        assert_eq!(*log.lock().unwrap(), ["begin", "commit"]);
    }
}
