use application::{LastFailure, LastRun, TaskRun};
use std::time::Duration;

use crate::support::{NOW, TestDb};

on_every_database!(the_last_run_of_each_task_is_kept_with_its_last_failure_r245,);

const MINUTE: Duration = Duration::from_mins(1);

async fn record(db: &TestDb, runs: &[TaskRun]) {
    let mut tx = db.begin().await;
    for run in runs {
        tx.task_runs().record(run).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn the_last_run_of_each_task_is_kept_with_its_last_failure_r245(db: TestDb) {
    let queries = db.database.queries().task_runs;
    assert_eq!(queries.last().await.unwrap(), []);
    let took = Duration::from_millis(1500);
    let failed = |minute, reason: &str| LastFailure { at: NOW + MINUTE * minute, reason: reason.to_owned() };
    let run = |task, minute, done, failure| TaskRun { task, ended_at: NOW + MINUTE * minute, took, done, failure };
    record(&db, &[run("purge_events", 0, 7, None), run("forget_networks", 0, 0, Some(failed(0, "away")))]).await;
    // A failure may be of an earlier run than the last one.
    record(&db, &[run("forget_networks", 3, 3, None), run("purge_events", 3, 1, Some(failed(2, "no room")))]).await;
    let last = |task: &str, minute, done, failure| LastRun {
        task: task.to_owned(),
        ended_at: NOW + MINUTE * minute,
        took,
        done,
        failure: Some(failure),
    };
    let expected = [last("forget_networks", 3, 3, failed(0, "away")), last("purge_events", 3, 1, failed(2, "no room"))];
    assert_eq!(queries.last().await.unwrap(), expected);
}
