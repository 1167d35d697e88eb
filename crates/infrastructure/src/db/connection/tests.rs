use tokio::task::yield_now;

use super::super::pool::{Opener, Pool};
use super::super::session::Session as _;
use super::*;

/// An embedded database with one table, and its folder.
async fn embedded() -> (Pool, String, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let uri = format!("file:{}?mode=rwc", folder.path().join("shop.db").display());
    let pool = Pool::open(Opener::Embedded(uri.clone(), false), 1, SQLITE_PATIENCE).unwrap();
    pool.run(sqlite("CREATE TABLE notes (n INTEGER) STRICT")).await.unwrap();
    (pool, uri, folder)
}

fn sqlite(sql: &str) -> Statement {
    Statement::from_string(DbBackend::Sqlite, sql)
}

/// How often others on this thread have their turn while a statement is done.
async fn turns_of_others(pool: &Pool, sql: &str) -> (Result<Done, DbErr>, u32) {
    let mut work = std::pin::pin!(pool.run(sqlite(sql)));
    let mut turns = 0;
    loop {
        tokio::select! {
            biased;
            done = &mut work => return (done, turns),
            () = yield_now() => turns += 1,
        }
    }
}

#[tokio::test]
async fn a_read_that_takes_sqlite_long_is_done_on_another_thread() {
    let (_, uri, _folder) = embedded().await;
    let reader = Pool::open(Opener::Embedded(uri, true), 1, SQLITE_PATIENCE).unwrap();
    for (count, is_long) in [(10_i64, false), (300_000, true)] {
        let read = format!(
            "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {count}) SELECT COUNT(*) FROM c"
        );
        let (read, turns) = turns_of_others(&reader, &read).await;
        assert_eq!(read.unwrap().rows[0].at::<i64>(0).unwrap(), count);
        assert_eq!(turns > 0, is_long, "{count}: {turns}");
    }
}

#[tokio::test]
async fn while_another_process_writes_the_task_waits_and_not_the_thread_r61() {
    let (pool, uri, _folder) = embedded().await;
    let other = Pool::open(Opener::Embedded(uri, false), 1, SQLITE_PATIENCE).unwrap();
    let mut writing = other.get().await.unwrap();
    writing.run(vec![sqlite("BEGIN IMMEDIATE"), sqlite("INSERT INTO notes VALUES (1)")]).await.unwrap();
    let insert = tokio::spawn(async move { turns_of_others(&pool, "INSERT INTO notes VALUES (2)").await });
    sleep(10 * BUSY).await;
    assert!(!insert.is_finished());
    writing.run(vec![sqlite("COMMIT")]).await.unwrap();
    let (inserted, turns) = insert.await.unwrap();
    assert_eq!(inserted.unwrap().affected, 1);
    assert!(turns > 0);
    let notes = other_notes(&mut writing).await;
    assert_eq!(notes, [1, 2]);
}

async fn other_notes(connection: &mut Connection) -> Vec<i64> {
    let done = connection.run(vec![sqlite("SELECT n FROM notes ORDER BY n")]).await.unwrap();
    done[0].rows.iter().map(|row| row.at(0).unwrap()).collect()
}
