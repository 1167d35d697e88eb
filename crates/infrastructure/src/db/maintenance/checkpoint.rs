//! Copies SQLite's write-ahead log into the file while others write. <https://www.sqlite.org/wal.html#ckpt>
//!
//! A commit that copies a long log itself holds up everybody who writes after it. So this copies most of the log beside
//! them, then takes its turn among those who write, and copies the rest. After that the log begins anew.

use std::sync::Arc;
use std::time::Duration;

use rusqlite::Connection;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use crate::db::engine::Error;
use crate::db::open_file::open_flags;
use crate::db::pools::Pools;
use crate::db::repositories::DbTransactions;

/// How many pages may be in the log alone: 64 MB. Most orders write to the same pages as those before, and a page is
/// copied once (docs/performance-history.md).
const PAGES: u64 = 16_000;
/// How often the length of the log is looked at.
const PAUSE: Duration = Duration::from_millis(100);

/// Keeps the log of SQLite short, for ever. When a copy fails, the commit that finds the log twice as long makes it.
pub(in crate::db) async fn copy_log(pools: Pools, transactions: Arc<DbTransactions>) {
    let Some(uri) = pools.sqlite_uri else { return };
    let mut connection = None;
    loop {
        sleep(PAUSE).await;
        connection = copy_if_long(connection, &uri, PAGES, &transactions).await.ok();
    }
}

/// Copies the log if so many pages are in it alone. Returns the connection, which is opened if there is none yet.
async fn copy_if_long(
    open: Option<Connection>,
    uri: &str,
    pages: u64,
    transactions: &DbTransactions,
) -> Result<Connection, Error> {
    let connection = match open {
        Some(connection) => connection,
        None => Connection::open_with_flags(uri, open_flags(uri))?,
    };
    let (connection, left) = checkpoint(connection, "NOOP").await?;
    if left < pages {
        return Ok(connection);
    }
    let (connection, _) = checkpoint(connection, "PASSIVE").await?;
    let turn = transactions.pause().await?;
    let copied = checkpoint(connection, "PASSIVE").await;
    drop(turn);
    Ok(copied?.0)
}

/// Runs a checkpoint of this mode, and counts the pages that are in the log alone after it.
async fn checkpoint(connection: Connection, mode: &'static str) -> Result<(Connection, u64), Error> {
    let run = move || {
        let sql = format!("PRAGMA wal_checkpoint({mode})");
        let (logged, copied): (i64, i64) = connection.query_row(&sql, (), |row| Ok((row.get(1)?, row.get(2)?)))?;
        Ok((connection, u64::try_from(logged - copied).unwrap_or_default()))
    };
    spawn_blocking(run).await.map_err(Error::unavailable)?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::engine::Executor as _;
    use crate::db::{DatabaseConfig, DatabaseUrl};

    async fn open(folder: &tempfile::TempDir) -> (Pools, Arc<DbTransactions>) {
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("shop.db").display());
        let url = DatabaseUrl::parse(&url).unwrap();
        let config = DatabaseConfig { url, max_connections: None, statement_timeout: None };
        let pools = Pools::open(&config).await.unwrap();
        let transactions = DbTransactions::new(pools.write.clone(), Arc::default()).unwrap();
        (pools, Arc::new(transactions))
    }

    /// How many pages the log has, copied or not.
    async fn logged(pools: &Pools) -> i64 {
        pools.write.run("PRAGMA wal_checkpoint(NOOP)").await.unwrap().rows[0].at(1).unwrap()
    }

    #[tokio::test]
    async fn a_long_log_is_copied_between_two_transactions_and_begins_anew() {
        let folder = tempfile::tempdir().unwrap();
        let (pools, transactions) = open(&folder).await;
        pools.write.run("CREATE TABLE pictures (content BLOB)").await.unwrap();
        pools.write.run("INSERT INTO pictures VALUES (zeroblob(400000))").await.unwrap();
        let uri = pools.sqlite_uri.clone().unwrap();

        let open = copy_if_long(None, &uri, 1_000, &transactions).await.unwrap();
        let (open, left) = checkpoint(open, "NOOP").await.unwrap();
        assert!((98..1_000).contains(&left), "{left}");

        let turn = transactions.pause().await.unwrap();
        let copying = tokio::spawn({
            let (transactions, uri) = (transactions.clone(), uri.clone());
            async move { copy_if_long(Some(open), &uri, 90, &transactions).await }
        });
        sleep(Duration::from_millis(50)).await;
        assert!(!copying.is_finished(), "somebody writes");
        drop(turn);
        let open = copying.await.unwrap().unwrap();
        assert_eq!(checkpoint(open, "NOOP").await.unwrap().1, 0);
        pools.write.run("INSERT INTO pictures VALUES (NULL)").await.unwrap();
        assert!(logged(&pools).await < 10, "{}", logged(&pools).await);
    }

    #[tokio::test]
    async fn a_log_that_cannot_be_copied_is_an_error_and_not_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let (_pools, transactions) = open(&folder).await;
        assert!(copy_if_long(None, "file:/nowhere/shop.db", 1, &transactions).await.is_err());
    }
}
