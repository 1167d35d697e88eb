use std::error::Error as StdError;
use std::fmt;
use std::io::ErrorKind as ErrorOfIo;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::ffi;
use sea_orm::sqlx::error::DatabaseError;
use sea_orm::sqlx::mysql::MySqlDatabaseError;
use sea_orm::{DbErr, RuntimeErr, sqlx};

use super::statement::Assumption;

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

/// What an error number of MySQL or MariaDB means.
/// <https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html>
fn mysql_kind(number: u16, message: &str) -> ErrorKind {
    match number {
        1022 | 1062 | 1169 | 1586 | 1859 => ErrorKind::Duplicate(quoted(message.trim_end_matches('\'').rsplit('\''))),
        1048 => ErrorKind::NotNull(quoted(message.split('\'').skip(1))),
        1146 => ErrorKind::UnknownTable,
        1205 => ErrorKind::LockTimeout,
        20 | 28 | 1021 | 1114 | 3675 // the disk, a table or a tablespace is full
            => ErrorKind::Full,
        // A file or a storage engine failed. The number that it names is that of the operating system.
        3 | 1026 | 1030 if names_full_disk(message) => ErrorKind::Full,
        1213 // deadlock, and on Galera a commit that other nodes do not certify
        | 1020 // MariaDB: the row has changed since the snapshot
        | 3101 // Group Replication rolled the transaction back
            => ErrorKind::Conflict,
        1040 | 1129 | 1203 // too many connections; the host is blocked; too many connections of this user
        | 1047 | 1053 | 1927 // the node is not ready (Galera); shutting down; connection killed
        | 1290 | 1792 | 1836 // read-only
        | 1969 | 3024 | 1317 | 3170 // the statement took too long, was killed, or ran out of memory while it was planned
        | ..1000 // of files and storage engines, such as 13, 28 and 188, which MariaDB gives for a search that is cut off
        | 1026 | 1030 | 1878 // a file cannot be written
        | 1037 | 1038 | 1041 | 1135 | 1206 | 3950 // out of memory, threads or locks
        | 1158..=1161 // the network between client and server
        | 1180 | 1181 | 1297 | 1598 // commit or rollback failed; a temporary failure; the binary log cannot be written
        | 3169 // the session was killed
        | 2003 | 2006 | 2013 | 4031 // not reached; gone; lost; idle for too long
        | 3032 | 3100 // offline; the hook of the group failed, such as without a majority
        | 3797..=3799 | 4094 // the group waits for older transactions, stops, or gives itself another primary
            => ErrorKind::Unavailable,
        _ => ErrorKind::Other,
    }
}

/// Whether one of the numbers in a message is `ENOSPC` of Linux.
fn names_full_disk(message: &str) -> bool {
    message.split(|c: char| !c.is_ascii_digit()).any(|number| number == "28")
}

/// What an extended result code of SQLite means. <https://www.sqlite.org/rescode.html>
fn sqlite_kind(code: i32, message: &str) -> ErrorKind {
    let constraint = || message.rsplit("failed: ").next().unwrap_or_default().to_owned();
    match code {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY => ErrorKind::Duplicate(constraint()),
        ffi::SQLITE_CONSTRAINT_NOTNULL => ErrorKind::NotNull(constraint()),
        ffi::SQLITE_ERROR if message.contains("no such table") => ErrorKind::UnknownTable,
        // The low byte is the primary code: 517, SQLITE_BUSY_SNAPSHOT, is a SQLITE_BUSY.
        code if matches!(code & 0xff, ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED) => ErrorKind::Conflict,
        // The log, or its index in memory that is shared with other processes, cannot grow.
        ffi::SQLITE_FULL | ffi::SQLITE_IOERR_WRITE | ffi::SQLITE_IOERR_SHMSIZE => ErrorKind::Full,
        // Among them other SQLITE_IOERR, SQLITE_READONLY and SQLITE_CORRUPT, which want an operator.
        _ => ErrorKind::Other,
    }
}

/// The first of these parts. Everything before the key of a duplicate may be anybody's text, also quotation marks.
fn quoted<'a>(mut parts: impl Iterator<Item = &'a str>) -> String {
    parts.next().unwrap_or_default().to_owned()
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

    /// The same error while a connection to a server is opened: it says where the server is and what is wrong.
    pub fn at(self, place: &str) -> Self {
        let why = self.cause.downcast_ref::<sqlx::Error>().map_or_else(|| self.to_string(), not_connected);
        Self { cause: Arc::from(Box::from(format!("cannot connect to {place}: {why}"))), ..self }
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
        let kind = code.map_or(ErrorKind::Other, |code| sqlite_kind(code, &cause.to_string()));
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

/// Why there is no connection to a server, without what everybody knows, and without secrets.
fn not_connected(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Io(error) => match error.kind() {
            ErrorOfIo::ConnectionRefused => {
                format!("the connection is refused; is the port right, and does the server run? ({error})")
            }
            ErrorOfIo::InvalidData => format!("TLS failed: {error}"),
            _ if error.to_string().contains("lookup address") => format!("the host name is not known ({error})"),
            _ => error.to_string(),
        },
        sqlx::Error::Tls(cause) => format!("TLS failed: {cause}"),
        sqlx::Error::Database(error) => {
            let number = of_database(&**error).1.unwrap_or_default();
            let message = error.message();
            match number {
                1044 | 1045 | 1698 | 3118 => {
                    format!("the server refuses the user or the password ({number}: {message})")
                }
                1049 => format!("the server has no such database ({number}: {message})"),
                _ => format!("{number}: {message}"),
            }
        }
        other => other.to_string(),
    }
}

fn of_database(error: &dyn DatabaseError) -> (ErrorKind, Option<i32>) {
    if let Some(error) = error.try_downcast_ref::<MySqlDatabaseError>() {
        return (mysql_kind(error.number(), error.message()), Some(error.number().into()));
    }
    let code = error.code().and_then(|code| code.parse().ok()).unwrap_or_default();
    (sqlite_kind(code, error.message()), Some(code))
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
