use std::fmt;
use std::fs::{OpenOptions, Permissions};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
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
use super::open_file::OpenFile;
use super::url::Kind;
use super::{DatabaseConfig, DatabaseUrl};

const SERVER_CONNECTIONS: u32 = 16;
const SQLITE_READERS: u32 = 8;
const BULK_CONNECTIONS: u32 = 2;
/// How long a statement of bulk work may take: longer than any does on millions of rows.
const BULK_TIMEOUT: Duration = Duration::from_mins(15);

/// How long one waits for a connection of the pool for migrations. It keeps its connections: the task by which a pool of
/// sqlx 0.9.0 closes idle ones can spin for ever, because its count of them may fall below 0.
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

/// The same without a time limit on the server, for bulk work and migrations.
const BULK_SESSION: &str = "
    SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED;
    SET SESSION
        sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION',
        innodb_lock_wait_timeout = 20
        /*!80000 , max_execution_time = 0 */
        /*M! , max_statement_time = 0 */";

/// Settings of the connection that writes to SQLite: a commit is on disk when it returns, what is deleted or replaced is
/// overwritten with zeros, 8 MB of pages are cached. A commit copies the write-ahead log itself only when it is twice as
/// long as `maintenance::copy_log` lets it become.
pub(super) const WRITER_SETTINGS: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA secure_delete = ON;
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -8192;
    PRAGMA wal_autocheckpoint = 32000";

/// Settings of a connection that reads SQLite.
pub(super) const READER_SETTINGS: &str = "PRAGMA query_only = ON; PRAGMA temp_store = MEMORY";

impl Default for PoolOptions {
    fn default() -> Self {
        Self {
            size: 1,
            acquire_timeout: Duration::from_secs(2),
            statement_timeout: Duration::from_secs(10),
            ping_after: Duration::from_secs(1),
            idle_timeout: Duration::from_mins(1),
            max_lifetime: Duration::from_mins(5),
        }
    }
}

/// The connections by purpose. On a server `read` and `write` are the same pool; on SQLite `write` and `bulk` are.
///
/// Searches and filtered lists may take long, so they have connections of their own, a third of all. However many
/// clients ask for them, orders, carts, logins and health checks find a connection.
#[derive(Clone)]
pub(super) struct Pools {
    pub write: Pool,
    pub read: Pool,
    pub lists: Pool,
    pub bulk: Pool,
    /// Migrations want a pool of sqlx.
    pub migrate: DatabaseConnection,
    /// The URI of the file, if it is SQLite.
    pub sqlite_uri: Option<String>,
}

impl fmt::Debug for Pools {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pools({:?})", self.write.backend())
    }
}

impl Pools {
    pub async fn open(config: &DatabaseConfig) -> Result<Self, StoreError> {
        let DatabaseConfig { url: DatabaseUrl(kind), max_connections, statement_timeout } = config;
        match kind {
            Kind::Sqlite(options, uri) => sqlite(options, uri, max_connections.unwrap_or(SQLITE_READERS)).await,
            Kind::MySql(options) => {
                let size = max_connections.unwrap_or(SERVER_CONNECTIONS);
                let statement_timeout = statement_timeout.unwrap_or(PoolOptions::default().statement_timeout);
                server(options, PoolOptions { size, statement_timeout, ..PoolOptions::default() })
            }
        }
    }

    pub async fn close(&self) {
        self.lists.close().await;
        self.read.close().await;
        self.write.close().await;
        self.bulk.close().await;
        // It cannot fail; it only waits.
        self.migrate.close_by_ref().await.ok();
    }
}

/// How many of these connections are for lists.
fn for_lists(connections: u32) -> u32 {
    connections / 3
}

/// SQLite lets one transaction write at a time, so one connection writes.
async fn sqlite(configured: &SqliteConnectOptions, uri: &str, readers: u32) -> Result<Pools, StoreError> {
    let file = OpenFile::default();
    let target = |read_only, settings| Target::Sqlite { uri: uri.to_owned(), settings, read_only, file: file.clone() };
    let write = Pool::new(
        target(false, WRITER_SETTINGS),
        PoolOptions { acquire_timeout: BUSY_TIMEOUT, ..PoolOptions::default() },
    )?;
    let reader = |size| Pool::new(target(true, READER_SETTINGS), PoolOptions { size, ..PoolOptions::default() });
    let read = reader(readers - for_lists(readers))?;
    let lists = if for_lists(readers) > 0 { reader(for_lists(readers))? } else { read.clone() };
    let options = configured
        .clone()
        .busy_timeout(BUSY_TIMEOUT)
        .disable_statement_logging()
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let migrate = SqlitePoolOptions::new()
        .max_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_lazy_with(options)
        .into();
    keep_private(configured.get_filename(), uri.contains("mode=rwc"));
    open_file(&write, configured.get_filename(), uri).await?;
    Ok(Pools { bulk: write.clone(), write, read, lists, migrate, sqlite_uri: Some(uri.to_owned()) })
}

/// Keeps the file from other users of the machine. The files beside it get its mode from SQLite. Whoever chose another
/// mode than the usual one, for a group that makes backups, keeps it. What cannot be done is left to SQLite, which says
/// what is wrong.
fn keep_private(file: &Path, create: bool) {
    /// The mode of a file that SQLite makes.
    const USUAL: u32 = 0o644;
    if create {
        OpenOptions::new().write(true).create_new(true).mode(PRIVATE).open(file).ok();
    }
    for suffix in ["", "-wal", "-shm"] {
        let mut name = file.as_os_str().to_owned();
        name.push(suffix);
        let mode = std::fs::metadata(&name).map(|metadata| metadata.permissions().mode() & 0o777);
        if mode.is_ok_and(|mode| mode == USUAL) {
            std::fs::set_permissions(&name, Permissions::from_mode(PRIVATE)).ok();
        }
    }
}

/// The mode of a file that only its owner can read and write.
const PRIVATE: u32 = 0o600;

/// Opens the file, or creates it. To create it takes an exclusive lock, for which SQLite itself does not wait.
async fn open_file(pool: &Pool, file: &Path, uri: &str) -> Result<(), StoreError> {
    let deadline = Instant::now() + BUSY_TIMEOUT;
    loop {
        match pool.ping().await {
            Err(cause) if cause.code.is_some_and(|code| code & 0xff == SQLITE_BUSY) && Instant::now() < deadline => {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            result => return result.map_err(|error| cannot_open(file, uri, &error)),
        }
    }
}

fn server(options: &MySqlConnectOptions, requests: PoolOptions) -> Result<Pools, StoreError> {
    let options = options
        .clone()
        .charset("utf8mb4")
        .collation("utf8mb4_bin")
        .timezone(String::from("+00:00"))
        .pipes_as_concat(false)
        .no_engine_substitution(false)
        .disable_statement_logging();
    let target = |settings| Target::Server { options: Box::new(options.clone()), settings };
    let request = |size| Pool::new(target(REQUEST_SESSION), PoolOptions { size, ..requests });
    let of_lists = for_lists(requests.size);
    let read = request(requests.size - of_lists)?;
    let lists = if of_lists > 0 { request(of_lists)? } else { read.clone() };
    let bulk = PoolOptions { size: BULK_CONNECTIONS, statement_timeout: BULK_TIMEOUT, ..requests };
    let bulk = Pool::new(target(BULK_SESSION), bulk)?;
    let migrate = MySqlPoolOptions::new()
        // One holds the lock while the other migrates.
        .max_connections(2)
        .acquire_timeout(MIGRATION_TIMEOUT)
        .idle_timeout(None)
        .max_lifetime(None)
        .after_connect(|connection, _| Box::pin(async { connection.execute(BULK_SESSION).await.map(drop) }))
        .connect_lazy_with(options)
        .into();
    Ok(Pools { write: read.clone(), read, lists, bulk, migrate, sqlite_uri: None })
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
            let config = DatabaseConfig {
                url: DatabaseUrl::parse(&url).unwrap(),
                max_connections: None,
                statement_timeout: None,
            };
            Pools::open(&config).await.map_err(|error| format!("{error:?}"))
        };
        let refused = opened("shop.db").await.unwrap_err();
        assert!(refused.contains("there is no file") && refused.contains("?mode=rwc"), "{refused}");
        let refused = opened("none/shop.db?mode=rwc").await.unwrap_err();
        assert!(refused.contains("there is no folder") && refused.contains("/none"), "{refused}");
        assert!(opened("shop.db?mode=rwc").await.is_ok());
    }

    #[tokio::test]
    async fn lists_have_a_third_of_the_connections_and_take_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("shop.db").display());
        let url = DatabaseUrl::parse(&url).unwrap();
        let config = DatabaseConfig { url, max_connections: Some(8), statement_timeout: None };
        let pools = Pools::open(&config).await.unwrap();
        let mut lists = Vec::new();
        while let Ok(connection) = pools.lists.get().await {
            lists.push(connection);
        }
        assert_eq!(lists.len(), 2, "and then a caller waits no longer than the timeout");
        pools.read.ping().await.unwrap();
        pools.write.ping().await.unwrap();
        drop(lists);
        pools.lists.ping().await.unwrap();
        pools.close().await;
    }

    #[tokio::test]
    async fn the_files_of_a_database_are_for_their_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let mode = |name: &str| std::fs::metadata(folder.path().join(name)).unwrap().permissions().mode() & 0o777;
        let open = async |name: &str| {
            let url = format!("sqlite://{}/{name}?mode=rwc", folder.path().display());
            let url = DatabaseUrl::parse(&url).unwrap();
            let config = DatabaseConfig { url, max_connections: None, statement_timeout: None };
            let pools = Pools::open(&config).await.unwrap();
            pools.write.run("CREATE TABLE IF NOT EXISTS t (a INTEGER)").await.unwrap();
            pools
        };
        for (name, before, after) in
            [("new.db", None, 0o600), ("old.db", Some(0o644), 0o600), ("own.db", Some(0o640), 0o640)]
        {
            if let Some(before) = before {
                let path = folder.path().join(name);
                std::fs::write(&path, "").unwrap();
                std::fs::set_permissions(path, Permissions::from_mode(before)).unwrap();
            }
            let pools = open(name).await;
            for suffix in ["", "-wal", "-shm"] {
                assert_eq!(mode(&format!("{name}{suffix}")), after, "{name}{suffix}");
            }
            pools.close().await;
        }
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
            let pools =
                Pools::open(&DatabaseConfig { url, max_connections: Some(3), statement_timeout: None }).await.unwrap();
            for (pool, time_limit, lock_timeout) in
                [(&pools.read, "5000", "2"), (&pools.lists, "5000", "2"), (&pools.bulk, "0", "20")]
            {
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
