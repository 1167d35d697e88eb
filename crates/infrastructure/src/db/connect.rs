use std::fmt;
use std::path::Path;
use std::time::{Duration, Instant};

use domain::StoreError;
use sea_orm::DatabaseConnection;
use sea_orm::sqlx::mysql::{MySqlConnectOptions, MySqlPoolOptions};
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sea_orm::sqlx::{ConnectOptions as _, Executor as _};

use super::error;
use super::pool::{Opener, Pool};
use super::reader::Reader;
use super::session::Session as _;
use super::url::Kind;
use super::{DatabaseConfig, DatabaseUrl};

const MYSQL_CONNECTIONS: u32 = 16;
const SQLITE_READERS: u32 = 8;

/// How long another process may keep an embedded database to itself.
pub(super) const SQLITE_PATIENCE: Duration = Duration::from_secs(5);
/// How long a connection is waited for.
const PATIENCE: Duration = Duration::from_secs(2);

/// What each session on MySQL or MariaDB is set to, so that the settings of the server do not matter. A request can wait
/// for two locks, one after the other, before its deadline. A comment that begins with `!80000` is code for MySQL alone,
/// one that begins with `M!` for MariaDB alone.
const SESSION: &str = "
    SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED;
    SET SESSION
        sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION',
        innodb_lock_wait_timeout = 2
        /*!80000 , max_execution_time = 5000 */
        /*M! , max_statement_time = 5 */";

/// The same for what may take its time.
const PATIENT_SESSION: &str = "
    SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED;
    SET SESSION
        sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION',
        innodb_lock_wait_timeout = 20
        /*!80000 , max_execution_time = 0 */
        /*M! , max_statement_time = 0 */";

/// The connections, by what they are for. On a server reading and writing share a pool.
#[derive(Clone)]
pub(super) struct Pools {
    pub write: Pool,
    pub read: Reader,
    /// For much at once.
    pub patient: Pool,
    /// For the migrations, which want a pool of sqlx.
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
            Kind::MySql(options) => mysql(options, max_connections.unwrap_or(MYSQL_CONNECTIONS)),
        }
    }

    pub async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
        self.patient.close().await;
        // It cannot fail; it only waits.
        self.migrate.close_by_ref().await.ok();
    }
}

/// SQLite lets one transaction write at a time. A pool of one connection makes writers queue in order, where many would
/// poll for the lock.
async fn sqlite(configured: &SqliteConnectOptions, uri: &str, readers: u32) -> Result<Pools, StoreError> {
    let options = configured.clone().busy_timeout(SQLITE_PATIENCE).disable_statement_logging();
    let writer = options.clone().journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full);
    let write = open(Opener::Embedded(uri.to_owned(), false), 1, SQLITE_PATIENCE)?;
    let read = Reader::here(open(Opener::Embedded(uri.to_owned(), true), readers, PATIENCE)?);
    let migrate = SqlitePoolOptions::new().max_connections(1).idle_timeout(PATIENCE).connect_lazy_with(writer).into();
    let pools = Pools { patient: write.clone(), write, read, migrate };
    create(&pools, configured.get_filename()).await?;
    Ok(pools)
}

/// Opens the file, or makes it, which needs it alone for a moment; SQLite itself would not wait for that.
async fn create(pools: &Pools, file: &Path) -> Result<(), StoreError> {
    let deadline = Instant::now() + SQLITE_PATIENCE;
    loop {
        match pools.write.ping().await {
            Err(cause) if error::is_race(&cause) && Instant::now() < deadline => {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            result => return result.map_err(|cause| missing(file).unwrap_or_else(|| error::on_read(cause))),
        }
    }
}

/// What is not there; SQLite only says that it is unable to open the file.
fn missing(file: &Path) -> Option<StoreError> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir());
    let what = match folder {
        Some(folder) => format!("there is no folder {}", folder.display()),
        None if !file.exists() => format!("there is no file {}; `?mode=rwc` in its URL makes it", file.display()),
        None => return None,
    };
    Some(StoreError::Unavailable(what.into()))
}

fn mysql(options: &MySqlConnectOptions, max_connections: u32) -> Result<Pools, StoreError> {
    let options = options
        .clone()
        .charset("utf8mb4")
        .collation("utf8mb4_bin")
        .timezone(String::from("+00:00"))
        .pipes_as_concat(false)
        .no_engine_substitution(false)
        .disable_statement_logging();
    let shared = open(Opener::MySql(Box::new(options.clone()), SESSION), max_connections, PATIENCE)?;
    let patient = open(Opener::MySql(Box::new(options.clone()), PATIENT_SESSION), 2, PATIENCE)?;
    let migrate = MySqlPoolOptions::new()
        // One holds the lock while the other migrates.
        .max_connections(2)
        .acquire_timeout(PATIENCE)
        .idle_timeout(PATIENCE)
        .after_connect(|connection, _| Box::pin(async { connection.execute(PATIENT_SESSION).await.map(drop) }))
        .connect_lazy_with(options)
        .into();
    Ok(Pools { write: shared.clone(), read: Reader::here(shared), patient, migrate })
}

fn open(opener: Opener, size: u32, patience: Duration) -> Result<Pool, StoreError> {
    Pool::open(opener, size, patience).map_err(error::on_read)
}

#[cfg(test)]
mod tests {
    use sea_orm::{ConnectionTrait as _, DbBackend, Statement};

    use super::*;

    #[tokio::test]
    async fn a_file_or_folder_that_is_not_there_is_named_r73() {
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

    fn asked(expression: &str) -> Statement {
        Statement::from_string(DbBackend::MySql, format!("SELECT CAST({expression} AS CHAR)"))
    }

    #[tokio::test]
    async fn every_session_is_set_to_the_same_whatever_the_server_is_set_to_r74() {
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
            for (expression, expected) in [
                (isolation, "READ-COMMITTED"),
                (limit, "5000"),
                ("@@innodb_lock_wait_timeout", "2"),
                ("@@time_zone", "+00:00"),
                ("@@collation_connection", "utf8mb4_bin"),
                ("@@sql_mode LIKE '%STRICT_ALL_TABLES%'", "1"),
            ] {
                let rows = pools.read.run(asked(expression)).await.unwrap().rows;
                assert_eq!(rows[0].at::<String>(0).unwrap(), expected, "{expression}");
            }
            let row = pools.migrate.query_one_raw(asked(limit)).await.unwrap().unwrap();
            assert_eq!(row.try_get_by_index::<String>(0).unwrap(), "0", "migrations may take their time");
            pools.close().await;
        }
    }
}
