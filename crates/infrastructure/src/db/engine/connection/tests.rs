use tokio::task::yield_now;
use tokio::time::sleep;

use super::super::{Executor as _, Pool, sqlite::BUSY_PAUSE, tests};
use super::*;

async fn notes() -> (Pool, String, tempfile::TempDir) {
    let (pool, folder) = tests::sqlite();
    pool.run("CREATE TABLE notes (n INTEGER) STRICT").await.unwrap();
    let uri = format!("file:{}", folder.path().join("shop.db").display());
    (pool, uri, folder)
}

/// Runs a statement and counts how often other tasks of this thread run meanwhile.
async fn count_turns(pool: &Pool, sql: &str) -> (Result<StatementResult, Error>, u32) {
    let mut work = std::pin::pin!(pool.run(sql));
    let mut turns = 0;
    loop {
        tokio::select! {
            biased;
            result = &mut work => return (result, turns),
            () = yield_now() => turns += 1,
        }
    }
}

#[tokio::test]
async fn a_long_read_of_sqlite_runs_on_another_thread() {
    let (_, uri, _folder) = notes().await;
    let reader = tests::sqlite_pool(&uri, true);
    for (count, is_long) in [(10_i64, false), (300_000, true)] {
        let read = format!(
            "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {count}) SELECT COUNT(*) FROM c"
        );
        let (read, turns) = count_turns(&reader, &read).await;
        assert_eq!(read.unwrap().rows[0].at::<i64>(0).unwrap(), count);
        assert_eq!(turns > 0, is_long, "{count}: {turns}");
    }
}

#[tokio::test]
async fn waiting_for_another_process_does_not_block_the_thread_r61() {
    let (pool, uri, _folder) = notes().await;
    let other = tests::sqlite_pool(&uri, false);
    let mut writing = other.get().await.unwrap();
    writing.run(vec!["BEGIN IMMEDIATE".into(), "INSERT INTO notes VALUES (1)".into()]).await.unwrap();
    let insert = tokio::spawn(async move { count_turns(&pool, "INSERT INTO notes VALUES (2)").await });
    sleep(10 * BUSY_PAUSE).await;
    assert!(!insert.is_finished());
    writing.run(vec!["COMMIT".into()]).await.unwrap();
    let (inserted, turns) = insert.await.unwrap();
    assert_eq!(inserted.unwrap().affected_rows, 1);
    assert!(turns > 0);
    let results = writing.run(vec!["SELECT n FROM notes ORDER BY n".into()]).await.unwrap();
    let notes: Vec<i64> = results[0].rows.iter().map(|row| row.at(0).unwrap()).collect();
    assert_eq!(notes, [1, 2]);
}
