//! Migrations, applied by one server at a time.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use application::Clock as _;
use domain::StoreError;
use migrations::{Contents, Loss};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, IntoDatabaseExecutor,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};

use super::servers::{self, RunningServer};
use crate::db::engine::{Error, ErrorKind};
use crate::system::SystemClock;

/// The migration that makes the table in which servers keep their heartbeats.
const LEASES: &str = "m0030_leases";

/// Time limit for waiting for another server that migrates.
const LOCK_TIMEOUT: Duration = Duration::from_mins(10);

/// A migration and whether it is applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationStatus {
    /// The name under which the database knows it.
    pub name: String,
    /// Whether it is applied.
    pub applied: bool,
}

/// What reverting a migration deletes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deleted {
    /// A table, or a column as `table.column`.
    pub what: String,
    /// The number of its rows, or of its values.
    pub rows: i64,
}

/// The error of a migration.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The schema was migrated by a newer version of this program.
    #[error("the database is newer than this program, which does not know: {}", .0.join(", "))]
    Newer(Vec<String>),
    /// The database belongs to another program. Has what it holds.
    #[error("this database holds {0}, which is not Storekeeper's: name another database in database.url")]
    Foreign(String),
    /// Servers work on the schema that would be reverted.
    #[error("servers run on this database: {}", running(.0))]
    InUse(Vec<RunningServer>),
    /// The database is not available, or refuses a migration.
    #[error(transparent)]
    Store(StoreError),
}

/// Running servers in a sentence.
fn running(servers: &[RunningServer]) -> String {
    let one = |server: &RunningServer| {
        let left = (server.until - SystemClock.now()).whole_seconds().max(1);
        format!("{} (if it was killed, it counts as stopped in {left} s)", server.name)
    };
    servers.iter().map(one).collect::<Vec<_>>().join(", ")
}

impl From<DbErr> for MigrateError {
    fn from(cause: DbErr) -> Self {
        Error::from(cause).into()
    }
}

impl From<Error> for MigrateError {
    fn from(cause: Error) -> Self {
        Self::Store(cause.outside_transaction().into())
    }
}

#[derive(Clone, Copy)]
enum Direction {
    Up,
    Down(u32),
}

pub(in crate::db) async fn up(db: &DatabaseConnection) -> Result<(), MigrateError> {
    alone(db, Direction::Up).await
}

pub(in crate::db) async fn down(db: &DatabaseConnection, steps: u32) -> Result<(), MigrateError> {
    alone(db, Direction::Down(steps)).await
}

/// The names of all migrations, in order.
pub fn migration_names() -> Vec<String> {
    migrations::names()
}

pub(in crate::db) async fn status(db: &DatabaseConnection) -> Result<Vec<MigrationStatus>, MigrateError> {
    let applied = known(migrations::contents(db).await?)?;
    let status = |name: String| MigrationStatus { applied: applied.contains(&name), name };
    Ok(migrations::names().into_iter().map(status).collect())
}

/// Migrates under a lock. SQLite runs all migrations in one transaction. MySQL and MariaDB commit after each DDL
/// statement, so there a second connection holds the lock, which the server releases if this program dies.
async fn alone(db: &DatabaseConnection, direction: Direction) -> Result<(), MigrateError> {
    if db.get_database_backend() == DbBackend::Sqlite {
        let mode = Some(SqliteTransactionMode::Immediate);
        let options = TransactionOptions { sqlite_transaction_mode: mode, ..Default::default() };
        let transaction = db.begin_with_options(options).await?;
        migrate(&transaction, direction).await?;
        return Ok(transaction.commit().await?);
    }
    // First of all, so that nothing is written into the database of another program, not even the lock.
    known(migrations::contents(db).await?)?;
    let lock = lock(db).await?;
    migrate(db, direction).await?;
    Ok(lock.rollback().await?)
}

async fn migrate<'c>(db: impl IntoDatabaseExecutor<'c> + Copy, direction: Direction) -> Result<(), MigrateError> {
    let applied = known(migrations::contents(db).await?)?;
    match direction {
        Direction::Up => migrations::up(db).await?,
        Direction::Down(steps) => {
            refuse_while_servers_run(db, &applied).await?;
            migrations::down(db, steps).await?;
        }
    }
    Ok(())
}

async fn refuse_while_servers_run<'c>(
    db: impl IntoDatabaseExecutor<'c>,
    applied: &BTreeSet<String>,
) -> Result<(), MigrateError> {
    if !applied.contains(LEASES) {
        return Ok(());
    }
    let running = servers::running(&db.into_database_executor()).await?;
    if running.is_empty() { Ok(()) } else { Err(MigrateError::InUse(running)) }
}

/// What reverting the last `steps` migrations would delete.
pub(in crate::db) async fn losses(db: &DatabaseConnection, steps: u32) -> Result<Vec<Deleted>, MigrateError> {
    let applied = known(migrations::contents(db).await?)?;
    refuse_while_servers_run(db, &applied).await?;
    let mut deleted = Vec::new();
    for loss in migrations::losses(applied.len(), steps).await? {
        let (what, sql) = match loss {
            Loss::Table(table) => {
                let sql = format!("SELECT COUNT(*) FROM {table}");
                (table, sql)
            }
            Loss::Column { table, column } => {
                (format!("{table}.{column}"), format!("SELECT COUNT({column}) FROM {table}"))
            }
        };
        let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
        let rows = row.map_or(Ok(0), |row| row.try_get_by_index(0))?;
        deleted.push(Deleted { what, rows });
    }
    Ok(deleted)
}

/// Checks that the schema is Storekeeper's, and that this program knows all applied migrations.
fn known(Contents { applied, strangers }: Contents) -> Result<BTreeSet<String>, MigrateError> {
    if !strangers.is_empty() {
        return Err(MigrateError::Foreign(some("the table", "the tables", &strangers)));
    }
    let names = migrations::names();
    let unknown: Vec<_> = applied.iter().filter(|name| !names.contains(name)).cloned().collect();
    if unknown.is_empty() {
        return Ok(applied);
    }
    // Every version of Storekeeper has the first one.
    if names.first().is_some_and(|first| applied.contains(first)) {
        return Err(MigrateError::Newer(unknown));
    }
    Err(MigrateError::Foreign(some("the migration", "the migrations", &unknown)))
}

/// The first names of a list in a sentence.
fn some(one: &str, more: &str, names: &[String]) -> String {
    const MAX: usize = 5;
    let listed = names.iter().take(MAX).map(String::as_str).collect::<Vec<_>>().join(", ");
    match names.len() {
        1 => format!("{one} {listed}"),
        ..=MAX => format!("{more} {listed}"),
        all => format!("{more} {listed} and {} more", all - MAX),
    }
}

/// Waits for the lock, which is held until the end of the transaction.
async fn lock(db: &DatabaseConnection) -> Result<DatabaseTransaction, Error> {
    let deadline = Instant::now() + LOCK_TIMEOUT;
    loop {
        let transaction = db.begin().await?;
        let select = Statement::from_string(DbBackend::MySql, "SELECT id FROM migration_lock FOR UPDATE");
        match transaction.query_one_raw(select).await.map_err(Error::from) {
            Ok(Some(_)) => return Ok(transaction),
            Ok(None) => make_lock(db).await?,
            Err(cause) if cause.kind == ErrorKind::UnknownTable => make_lock(db).await?,
            // Another server migrates. The statement has already waited for the lock timeout.
            Err(cause) if cause.is_conflict() && Instant::now() < deadline => {}
            Err(cause) => return Err(cause),
        }
    }
}

/// Creates the row that is locked.
async fn make_lock(db: &DatabaseConnection) -> Result<(), Error> {
    db.execute_unprepared("CREATE TABLE IF NOT EXISTS migration_lock (id INT NOT NULL PRIMARY KEY) ENGINE=InnoDB")
        .await?;
    match db.execute_unprepared("INSERT IGNORE INTO migration_lock (id) VALUES (1)").await.map_err(Error::from) {
        // Another server has created it.
        Err(cause) if cause.is_conflict() => Ok(()),
        result => result.map(drop),
    }
}
