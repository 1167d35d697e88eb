use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use sea_orm::sqlx::error::DatabaseError;
use sea_orm::sqlx::mysql::MySqlDatabaseError;
use sea_orm::{DbErr, RuntimeErr, sqlx};

use super::statement::Assumption;
use crate::db::error_numbers;

/// Why a statement failed, or a connection.
#[derive(Debug, Clone)]
pub(in crate::db) struct Error {
    pub kind: ErrorKind,
    /// The extended result code of SQLite, or the error number of MySQL and MariaDB. `None` if the database did not
    /// answer, or the error is not its own.
    pub code: Option<i32>,
    cause: Arc<dyn StdError + Send + Sync>,
}

/// What can be done about an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::db) enum ErrorKind {
    /// Another row has the same value of a primary or unique key. Holds the key as the database names it.
    Duplicate(String),
    /// A column would be `NULL` and may not. Holds the column as the database names it.
    NotNull(String),
    /// Another transaction was faster. Run the transaction again.
    Conflict,
    /// Another transaction held a lock for too long. Run the transaction again.
    LockTimeout,
    /// What an optimistic statement assumed does not hold. Run the transaction again, without assumptions.
    FailedAssumption,
    /// The database is away, or refuses to work for now.
    Unavailable,
    /// There is no room to write: the disk or a file is full.
    Full,
    /// The answer to a commit was lost.
    CommitUnknown,
    /// There is no such table.
    UnknownTable,
    /// A mistake in the program, in the schema or in the set-up of the database.
    Other,
}

impl Error {
    /// An error that is not an answer of the database.
    pub fn new(kind: ErrorKind, cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { kind, code: None, cause: Arc::from(cause.into()) }
    }

    pub fn unavailable(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::new(ErrorKind::Unavailable, cause)
    }

    /// The database did not answer within this time.
    pub fn timeout(limit: Duration) -> Self {
        Self::unavailable(format!("the database did not answer within {limit:?}"))
    }

    /// The database did not say what became of a statement.
    pub fn no_result() -> Self {
        Self::new(ErrorKind::Other, "the database did not answer a statement")
    }

    pub fn is_duplicate(&self) -> bool {
        matches!(self.kind, ErrorKind::Duplicate(_))
    }

    /// Whether another transaction was in the way.
    pub fn is_conflict(&self) -> bool {
        matches!(self.kind, ErrorKind::Conflict | ErrorKind::LockTimeout)
    }

    /// The same error while a connection is opened. A refused login or a missing database can be put right without a
    /// restart.
    pub fn on_open(self) -> Self {
        if self.kind == ErrorKind::Other { Self { kind: ErrorKind::Unavailable, ..self } } else { self }
    }

    /// The same error outside of a transaction, where there is nothing to run again from its start.
    pub fn outside_transaction(self) -> Self {
        if self.is_conflict() { Self { kind: ErrorKind::Unavailable, ..self } } else { self }
    }

    /// The same error in answer to a `COMMIT`, which may have happened before the connection was lost.
    pub fn on_commit(self) -> Self {
        if self.kind == ErrorKind::Unavailable { Self { kind: ErrorKind::CommitUnknown, ..self } } else { self }
    }

    /// The same error of statements that made these assumptions.
    pub fn of_assumptions(self, mut assumptions: impl Iterator<Item = Assumption>) -> Self {
        if assumptions.any(|assumption| assumption.is_violated_by(&self.kind)) {
            return Self { kind: ErrorKind::FailedAssumption, ..self };
        }
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.cause.fmt(f)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.cause.source()
    }
}

impl From<rusqlite::Error> for Error {
    fn from(cause: rusqlite::Error) -> Self {
        let code = cause.sqlite_error().map(|error| error.extended_code);
        let kind = code.map_or(ErrorKind::Other, |code| error_numbers::sqlite(code, &cause.to_string()));
        Self { code, ..Self::new(kind, cause) }
    }
}

impl From<sqlx::Error> for Error {
    fn from(cause: sqlx::Error) -> Self {
        Arc::new(cause).into()
    }
}

impl From<Arc<sqlx::Error>> for Error {
    fn from(cause: Arc<sqlx::Error>) -> Self {
        use sqlx::Error::{Io, PoolClosed, PoolTimedOut, Tls, WorkerCrashed};
        let (kind, code) = match &*cause {
            sqlx::Error::Database(error) => of_database(&**error),
            Io(_) | Tls(_) | PoolTimedOut | PoolClosed | WorkerCrashed => (ErrorKind::Unavailable, None),
            _ => (ErrorKind::Other, None),
        };
        Self { kind, code, cause }
    }
}

fn of_database(error: &dyn DatabaseError) -> (ErrorKind, Option<i32>) {
    if let Some(error) = error.try_downcast_ref::<MySqlDatabaseError>() {
        return (error_numbers::mysql(error.number(), error.message()), Some(error.number().into()));
    }
    let code = error.code().and_then(|code| code.parse().ok()).unwrap_or_default();
    (error_numbers::sqlite(code, error.message()), Some(code))
}

impl From<DbErr> for Error {
    fn from(cause: DbErr) -> Self {
        match cause {
            DbErr::Conn(RuntimeErr::SqlxError(cause)) => Self::from(cause).on_open(),
            DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) => cause.into(),
            DbErr::Conn(_) | DbErr::ConnectionAcquire(_) => Self::unavailable(cause),
            other => Self::new(ErrorKind::Other, other),
        }
    }
}

#[cfg(test)]
mod tests;
