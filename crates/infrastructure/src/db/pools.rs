use std::fmt;
use std::path::Path;
use std::time::{Duration, Instant};

use domain::StoreError;
use rusqlite::ffi::SQLITE_BUSY;
use sea_orm::DatabaseConnection;
use sea_orm::sqlx::mysql::{MySqlConnectOptions, MySqlPoolOptions};
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sea_orm::sqlx::{ConnectOptions as _, Executor as _};

use super::cannot_open::cannot_open;
use super::engine::{BUSY_TIMEOUT, Executor as _, Pool, PoolOptions, Target};
use super::url::Kind;
use super::{DatabaseConfig, DatabaseUrl};

const SERVER_CONNECTIONS: u32 = 16;
const SQLITE_READERS: u32 = 8;
const BULK_CONNECTIONS: u32 = 2;

/// How long the pool for migrations keeps a connection that nobody uses, and how long one waits for it.
const MIGRATION_TIMEOUT: Duration = Duration::from_secs(2);

/// Each session on MySQL or MariaDB is set up like this, so that the settings of the server do not matter. A request can
/// wait for two locks, one after the other, before its deadline. MySQL alone runs a comment that begins with `!80000`,
/// MariaDB alone one that begins with `M!`.
const REQUEST_SESSION: &str = "
    SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED;
    SET SESSION
        sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION',
        innodb_lock_wait_timeout = 2
        /*!80000 , max_execution_time = 5000 */
        /*M! , max_statement_time = 5 */";

/// The same without a limit of time, for bulk work and migrations.
const BULK_SESSION: &str = "
    SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED;
    SET SESSION
        sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION',
        innodb_lock_wait_timeout = 20
        /*!80000 , max_execution_time = 0 */
        /*M! , max_statement_time = 0 */";

/// The connections by purpose. On a server `read` and `write` are the same pool; on SQLite `write` and `bulk` are.
#[derive(Clone)]
pub(super) struct Pools {
    pub write: Pool,
    pub read: Pool,
    pub bulk: Pool,
    /// Migrations want a pool of sqlx.
    pub migrate: DatabaseConnection,
}

impl fmt::Debug for Pools {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pools({:?})", self.write.backend())
    }
}

impl Pools {
    pub async fn open(config: &DatabaseConfig) -> Result<Self, StoreError> {
        let DatabaseConfig { url: DatabaseUrl(kind), max_connections } = config;
        match kind {
            Kind::Sqlite(options, uri) => sqlite(options, uri, max_connections.unwrap_or(SQLITE_READERS)).await,
            Kind::MySql(options) => server(options, max_connections.unwrap_or(SERVER_CONNECTIONS)),
        }
    }

    pub async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
        self.bulk.close().await;
        // It cannot fail; it only waits.
        self.migrate.close_by_ref().await.ok();
    }
}

/// SQLite lets one transaction write at a time, so one connection writes.
async fn sqlite(configured: &SqliteConnectOptions, uri: &str, readers: u32) -> Result<Pools, StoreError> {
    let target = |read_only| Target::Sqlite { uri: uri.to_owned(), read_only };
    let write = Pool::new(target(false), PoolOptions { acquire_timeout: BUSY_TIMEOUT, ..PoolOptions::default() })?;
    let read = Pool::new(target(true), PoolOptions { size: readers, ..PoolOptions::default() })?;
    let options = configured
        .clone()
        .busy_timeout(BUSY_TIMEOUT)
        .disable_statement_logging()
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let migrate =
        SqlitePoolOptions::new().max_connections(1).idle_timeout(MIGRATION_TIMEOUT).connect_lazy_with(options).into();
    open_file(&write, configured.get_filename(), uri).await?;
    Ok(Pools { bulk: write.clone(), write, read, migrate })
}

/// Opens the file, or creates it. To create it takes an exclusive lock, for which SQLite itself does not wait.
async fn open_file(pool: &Pool, file: &Path, uri: &str) -> Result<(), StoreError> {
    let deadline = Instant::now() + BUSY_TIMEOUT;
    loop {
        match pool.ping().await {
            Err(cause) if cause.code.is_some_and(|code| code & 0xff == SQLITE_BUSY) && Instant::now() < deadline => {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            result => return result.map_err(|error| cannot_open(file, uri, error)),
        }
    }
}

fn server(options: &MySqlConnectOptions, max_connections: u32) -> Result<Pools, StoreError> {
    let options = options
        .clone()
        .charset("utf8mb4")
        .collation("utf8mb4_bin")
        .timezone(String::from("+00:00"))
        .pipes_as_concat(false)
        .no_engine_substitution(false)
        .disable_statement_logging();
    let pool = |settings, size| {
        let target = Target::Server { options: Box::new(options.clone()), settings };
        Pool::new(target, PoolOptions { size, ..PoolOptions::default() })
    };
    let read = pool(REQUEST_SESSION, max_connections)?;
    let bulk = pool(BULK_SESSION, BULK_CONNECTIONS)?;
    let migrate = MySqlPoolOptions::new()
        // One holds the lock while the other migrates.
        .max_connections(2)
        .acquire_timeout(MIGRATION_TIMEOUT)
        .idle_timeout(MIGRATION_TIMEOUT)
        .after_connect(|connection, _| Box::pin(async { connection.execute(BULK_SESSION).await.map(drop) }))
        .connect_lazy_with(options)
        .into();
    Ok(Pools { write: read.clone(), read, bulk, migrate })
}

#[cfg(test)]
mod tests {
    use sea_orm::{ConnectionTrait as _, DbBackend, Statement};

    use super::*;

    #[tokio::test]
    async fn a_missing_file_or_folder_is_named_r73() {
        let folder = tempfile::tempdir().unwrap();
        let opened = async |path: &str| {
            let url = format!("sqlite://{}/{path}", folder.path().display());
            let config = DatabaseConfig { url: DatabaseUrl::parse(&url).unwrap(), max_connections: None };
            Pools::open(&config).await.map_err(|error| format!("{error:?}"))
        };
        let refused = opened("shop.db").await.unwrap_err();
        assert!(refused.contains("there is no file") && refused.contains("?mode=rwc"), "{refused}");
        let refused = opened("none/shop.db?mode=rwc").await.unwrap_err();
        assert!(refused.contains("there is no folder") && refused.contains("/none"), "{refused}");
        assert!(opened("shop.db?mode=rwc").await.is_ok());
    }

    fn select(expression: &str) -> Statement {
        Statement::from_string(DbBackend::MySql, format!("SELECT CAST({expression} AS CHAR)"))
    }

    async fn value(pool: &Pool, expression: &str) -> String {
        pool.run(select(expression)).await.unwrap().rows[0].at(0).unwrap()
    }

    #[tokio::test]
    async fn every_session_has_the_same_settings_on_any_server_r74() {
        for (variable, isolation, limit) in [
            ("TEST_MYSQL_URL", "@@transaction_isolation", "@@max_execution_time"),
            ("TEST_MARIADB_URL", "@@tx_isolation", "FLOOR(1000 * @@max_statement_time)"),
        ] {
            let Ok(url) = std::env::var(variable) else {
                assert!(std::env::var_os("CI").is_none(), "{variable} must be set in CI");
                eprintln!("not run: {variable} is not set");
                continue;
            };
            let url = DatabaseUrl::parse(&format!("{url}/mysql?charset=latin1&timezone=%2B05:00")).unwrap();
            let pools = Pools::open(&DatabaseConfig { url, max_connections: Some(2) }).await.unwrap();
            for (pool, time_limit, lock_timeout) in [(&pools.read, "5000", "2"), (&pools.bulk, "0", "20")] {
                for (expression, expected) in [
                    (isolation, "READ-COMMITTED"),
                    (limit, time_limit),
                    ("@@innodb_lock_wait_timeout", lock_timeout),
                    ("@@time_zone", "+00:00"),
                    ("@@collation_connection", "utf8mb4_bin"),
                    ("@@sql_mode LIKE '%STRICT_ALL_TABLES%'", "1"),
                ] {
                    assert_eq!(value(pool, expression).await, expected, "{expression}");
                }
            }
            let row = pools.migrate.query_one_raw(select(limit)).await.unwrap().unwrap();
            assert_eq!(row.try_get_by_index::<String>(0).unwrap(), "0", "migrations have no limit of time");
            pools.close().await;
        }
    }

    #[tokio::test]
    async fn sqlite_is_built_to_prepare_a_statement_once() {
        let pool = sea_orm::Database::connect("sqlite::memory:").await.unwrap();
        for (option, used) in
            [("ENABLE_QPSG", true), ("DEFAULT_MEMSTATUS=0", true), ("ENABLE_MEMORY_MANAGEMENT", false)]
        {
            let sql = format!("SELECT sqlite_compileoption_used('{option}')");
            let row = pool.query_one_raw(Statement::from_string(DbBackend::Sqlite, sql)).await.unwrap().unwrap();
            assert_eq!(row.try_get_by_index::<bool>(0).unwrap(), used, "{option}; see .cargo/config.toml");
        }
    }
}
