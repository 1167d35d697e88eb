//! Migrations, applied by one server at a time.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use domain::StoreError;
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

pub(in crate::db) async fn status(db: &DatabaseConnection) -> Result<Vec<MigrationStatus>, MigrateError> {
    let applied = known(migrations::applied(db).await?)?;
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
    let lock = lock(db).await?;
    migrate(db, direction).await?;
    Ok(lock.rollback().await?)
}

async fn migrate<'c>(db: impl IntoDatabaseExecutor<'c> + Copy, direction: Direction) -> Result<(), MigrateError> {
    known(migrations::applied(db).await?)?;
    match direction {
        Direction::Up => migrations::up(db).await?,
        Direction::Down(steps) => migrations::down(db, steps).await?,
    }
    Ok(())
}

/// Checks that this program knows all applied migrations.
fn known(applied: BTreeSet<String>) -> Result<BTreeSet<String>, MigrateError> {
    let names = migrations::names();
    let newer: Vec<_> = applied.iter().filter(|name| !names.contains(name)).cloned().collect();
    if newer.is_empty() { Ok(applied) } else { Err(MigrateError::Newer(newer)) }
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
