//! Databases for measurements.

use std::str::FromStr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use sqlx::mysql::{MySqlConnectOptions, MySqlPool, MySqlPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Executor as _};

/// SQLite with the settings of the server for writing: one connection, write-ahead log, each commit synced to disk.
pub async fn sqlite(url: &str) -> Result<SqlitePool> {
    let options = SqliteConnectOptions::from_str(url)?
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(5))
        .disable_statement_logging();
    Ok(SqlitePoolOptions::new().max_connections(1).test_before_acquire(false).connect_with(options).await?)
}

/// SQLite with the settings of the server for reading.
pub async fn sqlite_readers(url: &str, connections: u32) -> Result<SqlitePool> {
    let options = SqliteConnectOptions::from_str(url)?.pragma("query_only", "ON").disable_statement_logging();
    Ok(SqlitePoolOptions::new().max_connections(connections).test_before_acquire(false).connect_with(options).await?)
}

/// MySQL or MariaDB with the settings of the server.
pub async fn mysql(url: &str, connections: u32) -> Result<MySqlPool> {
    let options = MySqlConnectOptions::from_str(url)?.disable_statement_logging();
    let settled = MySqlPoolOptions::new()
        .max_connections(connections)
        .test_before_acquire(false)
        .acquire_timeout(Duration::from_secs(30))
        .after_connect(|connection, _| {
            Box::pin(async move {
                connection.execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED").await.map(drop)
            })
        });
    Ok(settled.connect_with(options).await?)
}

/// A temporary database.
pub struct Database {
    pub name: &'static str,
    pub url: String,
    /// The process id of the database server, if it runs on this machine.
    pub process: Option<u32>,
    folder: Option<tempfile::TempDir>,
    server: Option<String>,
}

impl Database {
    pub fn embedded() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("shop.db").display());
        Ok(Self { name: "SQLite", url, process: None, folder: Some(folder), server: None })
    }

    /// Creates a database on a server.
    pub async fn on(name: &'static str, server: &str) -> Result<Self> {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let url = format!("{}/storekeeper_bench_{}_{number}", server.trim_end_matches('/'), std::process::id());
        let made = Self { name, url, process: process_of(server).await, folder: None, server: Some(server.to_owned()) };
        made.ask("CREATE").await?;
        Ok(made)
    }

    /// Whether it is SQLite.
    pub fn is_embedded(&self) -> bool {
        self.folder.is_some()
    }

    /// The version of the database.
    pub async fn version(&self) -> Result<String> {
        use sqlx::query_scalar;
        Ok(match &self.server {
            None => query_scalar("SELECT sqlite_version()").fetch_one(&sqlite(&self.url).await?).await?,
            Some(server) => query_scalar("SELECT VERSION()").fetch_one(&mysql(server, 1).await?).await?,
        })
    }

    async fn ask(&self, verb: &str) -> Result<()> {
        let (Some(server), Some((_, name))) = (&self.server, self.url.rsplit_once('/')) else { return Ok(()) };
        let statement = sqlx::AssertSqlSafe(format!("{verb} DATABASE {name}"));
        mysql(server, 1).await?.execute(statement).await.context("the database server refused")?;
        Ok(())
    }

    /// Deletes the database.
    pub async fn remove(self) -> Result<()> {
        self.ask("DROP").await?;
        self.folder.map_or(Ok(()), |folder| Ok(folder.close()?))
    }
}

/// The process id of a server, if it runs on this machine and its PID file can be read.
async fn process_of(server: &str) -> Option<u32> {
    let query = sqlx::query_scalar("SELECT @@pid_file");
    let file: String = query.fetch_one(&mysql(server, 1).await.ok()?).await.ok()?;
    let id = std::fs::read_to_string(file).ok()?.trim().parse().ok()?;
    crate::process::resident(id).ok().map(|_| id)
}
