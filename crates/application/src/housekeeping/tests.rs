use domain::StoreError;
use domain::carts::MockCartQueries;
use domain::customers::{CustomerId, MockCustomerQueries};
use domain::payments::MockPaymentQueries;

use super::testing::{POLICY, reads};
use super::*;
use crate::payments::testing::{provider, service};
use crate::testing::{Mocks, NOW, Prepared, id};
use crate::{LastFailure, TaskRun};

fn lease(free: bool) -> Mocks {
    let mut tx = Mocks::default();
    tx.leases.expect_take().once().returning(move |_, _, _, _| Ok(free));
    tx
}

fn taken(count: usize) -> impl Iterator<Item = Mocks> {
    (0..count).map(|_| lease(false))
}

/// A batch of the task that forgets idempotency keys.
fn keys(found: u64) -> Mocks {
    let mut tx = Mocks::default();
    tx.idempotency.expect_purge().once().returning(move |_, _| Ok(found));
    tx
}

/// The end of a round in which only that task ran.
fn recorded(done: u64) -> Mocks {
    let mut tx = Mocks::default();
    let is_it = move |run: &TaskRun| run.task == "forget_idempotency_keys" && run.done == done && run.failure.is_none();
    tx.task_runs.expect_record().once().withf(is_it).returning(|_| Ok(()));
    tx
}

fn housekeeping(runner: Runner, policy: HousekeepingPolicy) -> Housekeeping {
    let reads = reads(MockCartQueries::new(), MockCustomerQueries::new());
    Housekeeping::new(runner, policy, id(1), reads)
}

#[tokio::test]
async fn a_task_runs_batches_until_one_is_not_full_and_its_run_is_written_down_r245() {
    let purge = vec![lease(true), keys(BATCH), keys(3)];
    let all = taken(5).chain(purge).chain(taken(6)).chain([recorded(BATCH + 3)]);
    let (runner, log) = Prepared::runner(all);
    housekeeping(runner, POLICY).round().await;
    assert_eq!(log.lock().unwrap().iter().filter(|end| **end == "commit").count(), 15);
}

#[tokio::test]
async fn a_task_with_a_backlog_keeps_no_other_waiting_and_goes_on_in_the_next_round() {
    let backlog = (0..10).map(|_| keys(BATCH));
    let first = taken(5).chain([lease(true)]).chain(backlog).chain(taken(6)).chain([recorded(BATCH * 10)]);
    let second = taken(5).chain([lease(true), keys(3)]).chain(taken(6));
    let (runner, log) = Prepared::runner(first.chain(second));
    // A round that has no time has one turn for each task.
    let housekeeping = housekeeping(runner, HousekeepingPolicy { every: Duration::ZERO, ..POLICY });
    housekeeping.round().await;
    assert!(housekeeping.unfinished().contains_key("forget_idempotency_keys"));
    housekeeping.round().await;
    assert!(housekeeping.unfinished().is_empty());
    assert_eq!(log.lock().unwrap().iter().filter(|end| **end == "commit").count(), 23 + 13);
}

#[tokio::test]
async fn a_task_that_rests_for_an_hour_goes_on_in_the_next_round_under_its_lease_r275() {
    let mut customers = MockCustomerQueries::new();
    let full: Vec<_> = (1..=500).map(|n| (CustomerId(id(n)), false)).collect();
    customers.expect_idle().times(10).returning(move |_, _, _| Ok(full.clone()));
    customers.expect_idle().once().returning(|_, _, _| Ok(Vec::new()));
    let mut recorded = Mocks::default();
    recorded.task_runs.expect_record().once().returning(|_| Ok(()));
    // The second round asks for the leases of the others alone.
    let (runner, log) = Prepared::runner(taken(12).chain([lease(true), recorded]).chain(taken(12)));
    let year = Some(Duration::from_hours(365 * 24));
    let policy = HousekeepingPolicy { every: Duration::ZERO, erase_idle_after: year, ..POLICY };
    let housekeeping = Housekeeping::new(runner, policy, id(1), reads(MockCartQueries::new(), customers));
    housekeeping.round().await;
    assert!(housekeeping.unfinished().contains_key("erase_idle_customers"));
    housekeeping.round().await;
    assert!(housekeeping.unfinished().is_empty());
    assert_eq!(log.lock().unwrap().iter().filter(|end| **end == "commit").count(), 12 + 2 + 12);
}

#[tokio::test]
async fn while_the_round_lasts_tasks_have_turns_until_nothing_is_left() {
    let backlog = |batches| (0..batches).map(|_| keys(BATCH));
    let all = taken(5).chain([lease(true)]).chain(backlog(10)).chain(taken(6));
    let (runner, _) = Prepared::runner(all.chain(backlog(15)).chain([keys(0), recorded(BATCH * 25)]));
    let housekeeping = housekeeping(runner, POLICY);
    housekeeping.round().await;
    assert!(housekeeping.unfinished().is_empty());
}

#[tokio::test]
async fn a_task_is_skipped_while_another_server_holds_its_lease() {
    let (runner, log) = Prepared::runner(taken(13));
    let policy = HousekeepingPolicy { auto_receive_after: Some(Duration::ZERO), ..POLICY };
    housekeeping(runner, policy).round().await;
    assert_eq!(log.lock().unwrap().len(), 26, "thirteen leases asked for, nothing else");
}

#[tokio::test]
async fn what_customers_wait_for_comes_first_r45_r91_r98() {
    let (runner, _) = Prepared::runner([]);
    let year = Some(Duration::from_hours(365 * 24));
    let policy = HousekeepingPolicy { auto_receive_after: Some(Duration::ZERO), erase_idle_after: year, ..POLICY };
    let names = |housekeeping: &Housekeeping| housekeeping.tasks().iter().map(Work::name).collect::<Vec<_>>();
    let payments = service(runner.clone(), provider(), MockPaymentQueries::new());
    let paid = names(&housekeeping(runner.clone(), policy).paid_by(payments));
    let first = [
        "receive_restocks",
        "expire_unpaid_orders",
        "ask_for_undecided_payments",
        "reconcile_payments",
        "forget_payment_notices",
    ];
    assert_eq!((&paid[..5], paid.last(), paid.len()), (&first[..], Some(&"erase_idle_customers"), 18));
    assert_eq!(names(&housekeeping(runner, POLICY)).len(), 12);
}

#[tokio::test]
async fn a_failure_is_written_down_and_the_task_begins_anew_r245() {
    let mut failing = Mocks::default();
    failing.idempotency.expect_purge().once().returning(|_, _| Err(StoreError::Full("no room".into())));
    let mut end = Mocks::default();
    let has_failed = |run: &TaskRun| {
        run.ended_at == NOW && run.failure.as_ref().is_some_and(|why| why.at == NOW && why.reason.contains("room"))
    };
    end.task_runs.expect_record().once().withf(has_failed).returning(|_| Ok(()));
    let all = taken(5).chain([lease(true), failing]).chain(taken(6)).chain([end]);
    let (runner, _) = Prepared::runner(all);
    let housekeeping = housekeeping(runner, POLICY);
    housekeeping.round().await;
    assert!(housekeeping.unfinished().is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_runs_of_a_task_are_written_down_once_a_minute_with_the_failure_of_any_r245() {
    let runs = Runs::default();
    let run = |done, failure: Option<(i64, &str)>| {
        let failure = failure.map(|(minutes, reason)| {
            let at = NOW + Duration::from_mins(minutes.unsigned_abs());
            LastFailure { at, reason: reason.to_owned() }
        });
        TaskRun { task: "schedule_products", ended_at: NOW, took: Duration::ZERO, done, failure }
    };
    runs.add(run(1, None));
    assert_eq!(runs.due(), [run(1, None)]);
    assert_eq!(runs.due(), [run(1, None)], "as long as the database has not taken it");
    runs.forget(&runs.due());
    runs.add(run(2, Some((1, &"é".repeat(300)))));
    assert!(runs.due().is_empty());
    runs.add(run(3, None));
    tokio::time::advance(Duration::from_mins(1)).await;
    let kept = "é".repeat(200);
    let due = runs.due();
    assert_eq!(due, [run(3, Some((1, &kept)))], "a failure keeps its time");
    runs.add(run(4, None));
    runs.forget(&due);
    assert!(runs.due().is_empty());
    tokio::time::advance(Duration::from_mins(1)).await;
    assert_eq!(runs.due(), [run(4, Some((1, &kept)))], "one that has come meanwhile");
}
