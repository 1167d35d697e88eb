use std::time::Duration;

use application::housekeeping::{LastFailure, LastRun, TaskRun};

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
    let run = |task, minute, done, failure: Option<&str>| TaskRun {
        task,
        ended_at: NOW + MINUTE * minute,
        took,
        done,
        failure: failure.map(ToOwned::to_owned),
    };
    record(&db, &[run("purge_events", 0, 7, None), run("forget_networks", 0, 0, Some("away"))]).await;
    record(&db, &[run("forget_networks", 1, 3, None), run("purge_events", 2, 1, Some("no room"))]).await;
    let last = |task: &str, minute, done, at, reason: &str| LastRun {
        task: task.to_owned(),
        ended_at: NOW + MINUTE * minute,
        took,
        done,
        failure: Some(LastFailure { at, reason: reason.to_owned() }),
    };
    let expected =
        [last("forget_networks", 1, 3, NOW, "away"), last("purge_events", 2, 1, NOW + MINUTE * 2, "no room")];
    assert_eq!(queries.last().await.unwrap(), expected);
}
