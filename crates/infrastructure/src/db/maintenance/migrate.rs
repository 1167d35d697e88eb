//! Migrations, applied by one server at a time.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use domain::StoreError;
use migrations::Contents;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, IntoDatabaseExecutor,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};

use crate::db::engine::{Error, ErrorKind};

/// Time limit for waiting for another server that migrates.
const LOCK_TIMEOUT: Duration = Duration::from_mins(10);

/// A migration and whether it is applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationStatus {
    /// The name of the migration.
    pub name: String,
    /// Whether it is applied.
    pub applied: bool,
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
    /// The database is not available, or refuses a migration.
    #[error(transparent)]
    Store(StoreError),
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
    known(migrations::contents(db).await?)?;
    match direction {
        Direction::Up => migrations::up(db).await?,
        Direction::Down(steps) => migrations::down(db, steps).await?,
    }
    Ok(())
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
