use super::super::statement::{Assumption, affected_rows};
use super::super::{ErrorKind, Pool, tests};
use super::*;

async fn notes() -> (Pool, tempfile::TempDir) {
    let (pool, folder) = tests::sqlite();
    pool.run("CREATE TABLE notes (n INTEGER NOT NULL) STRICT").await.unwrap();
    (pool, folder)
}

async fn written(pool: &Pool) -> Vec<i64> {
    let rows = pool.run("SELECT n FROM notes ORDER BY rowid").await.unwrap().rows;
    rows.iter().map(|row| row.at(0).unwrap()).collect()
}

#[tokio::test]
async fn contended_rows_are_written_last_r61() {
    let (pool, _folder) = notes().await;
    let transaction = Transaction::new(pool.get().await.unwrap());
    transaction.defer(Statement::from("INSERT INTO notes VALUES (2)").contended());
    transaction.defer(Statement::from("INSERT INTO notes VALUES (3)").contended());
    transaction.defer("INSERT INTO notes VALUES (1)");
    transaction.commit().await.unwrap();
    assert_eq!(written(&pool).await, [1, 2, 3]);
}

#[tokio::test]
async fn a_statement_can_assume_how_many_rows_the_previous_one_changed_r61() {
    let (sqlite, _folder) = tests::sqlite();
    for pool in tests::servers().into_iter().chain([sqlite]) {
        for (rows, holds) in [(1, false), (2, true)] {
            let transaction = Transaction::new(pool.get().await.unwrap());
            for sql in ["DROP TABLE IF EXISTS notes", "CREATE TEMPORARY TABLE notes (n INTEGER NOT NULL)"] {
                transaction.run(sql).await.unwrap();
            }
            transaction.run("INSERT INTO notes VALUES (1), (2)").await.unwrap();
            transaction.defer("UPDATE notes SET n = n + 1");
            let n = affected_rows(pool.backend());
            let check = format!("INSERT INTO notes SELECT CASE WHEN {n} = ? THEN 9 END");
            let assumption = Assumption::NotNull { table: "notes", column: "n" };
            let check = Statement::new(check, [rows.into()]).depending_on_previous().assuming(assumption);
            transaction.defer(check);
            let outcome = transaction.commit().await;
            assert_eq!(
                outcome.map_err(|error| error.kind),
                if holds { Ok(()) } else { Err(ErrorKind::FailedAssumption) }
            );
        }
        pool.close().await;
    }
}

#[tokio::test]
async fn a_transaction_without_statements_sends_none_r61() {
    let (pool, _folder) = notes().await;
    Transaction::new(pool.get().await.unwrap()).commit().await.unwrap();
    Transaction::new(pool.get().await.unwrap()).rollback().await.unwrap();
    let transaction = Transaction::new(pool.get().await.unwrap());
    transaction.run("INSERT INTO notes VALUES (1)").await.unwrap();
    drop(transaction);
    assert_eq!(written(&pool).await, [0; 0]);
}
