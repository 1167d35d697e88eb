//! SQLite on the thread of whoever asks.
//!
//! sqlx gives each connection of SQLite a thread, and to wake that thread and the task that waits for it takes longer than
//! most statements do.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, Error, ErrorCode, OpenFlags, ffi};
use sea_orm::sqlx::{self, error::DatabaseError, error::ErrorKind};
use sea_orm::{Statement, Value};

use super::cells::Cells;
use super::connection::Done;
use super::row::Row;

/// How many statements are kept prepared: more than there are.
const PREPARED: usize = 256;

/// What a connection that writes is set to: commits are on disk when they are answered, what may be undone is remembered without
/// files, and 8 MB of pages are kept.
const WRITING: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -8192";

/// The same of a connection that is only read.
const READING: &str = "PRAGMA query_only = ON; PRAGMA temp_store = MEMORY";

/// How long a statement may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Length {
    /// Some tenths of a millisecond: a page of a list takes a tenth of that.
    Brief,
    /// As long as it takes.
    Any,
}

/// How many instructions of SQLite's machine there are between two looks at the length, and how many of these are brief.
const STEPS: i32 = 1_000;
const BRIEF: u32 = 10;

/// A connection.
pub(super) struct Embedded {
    connection: Connection,
    only_read: bool,
    /// How many looks at the length are left until the statement is broken off.
    left: Arc<AtomicU32>,
}

impl Embedded {
    /// Opens a file by its URI. <https://www.sqlite.org/uri.html>
    pub fn open(uri: &str, only_read: bool) -> Result<Self, Error> {
        let may_create = if uri.contains("mode=rwc") { OpenFlags::SQLITE_OPEN_CREATE } else { OpenFlags::empty() };
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(uri, flags | may_create)?;
        // The thread does not wait for other processes; see `Connection::one`.
        connection.busy_timeout(Duration::ZERO)?;
        connection.execute_batch(if only_read { READING } else { WRITING })?;
        connection.set_prepared_statement_cache_capacity(PREPARED);
        let left = Arc::new(AtomicU32::new(u32::MAX));
        let looked_at = Arc::clone(&left);
        connection.progress_handler(STEPS, Some(move || looked_at.fetch_sub(1, Ordering::Relaxed) == 0))?;
        Ok(Self { connection, only_read, left })
    }

    /// Does one statement. One that only reads is broken off if it takes longer than it may; what was written might be kept
    /// by then.
    pub fn run(&self, statement: &Statement, length: Length) -> Result<Done, Error> {
        let is_bound = self.only_read && length == Length::Brief;
        self.left.store(if is_bound { BRIEF } else { u32::MAX }, Ordering::Relaxed);
        let mut prepared = self.connection.prepare_cached(&statement.sql)?;
        for (place, value) in (1..).zip(statement.values.iter().flat_map(|values| &values.0)) {
            prepared.raw_bind_parameter(place, bound(value)?)?;
        }
        let names: Arc<[_]> = prepared.column_names().into_iter().map(str::to_owned).collect();
        let mut answers = prepared.raw_query();
        let mut rows = Vec::new();
        while let Some(row) = answers.next()? {
            let values = (0..names.len()).map(|place| row.get(place)).collect::<Result<_, _>>()?;
            rows.push(Row::Embedded(Cells { names: Arc::clone(&names), values }));
        }
        Ok(Done { affected: self.connection.changes(), rows })
    }

    /// Whether no transaction is open.
    pub fn is_idle(&self) -> bool {
        self.connection.is_autocommit()
    }
}

/// Whether another process has the file to itself.
pub(super) fn is_busy(error: &Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
}

/// Whether the statement was broken off.
pub(super) fn is_too_long(error: &Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted)
}

fn bound(value: &Value) -> Result<ToSqlOutput<'_>, Error> {
    let bound = match value {
        Value::Bool(Some(is)) => ValueRef::Integer(i64::from(*is)),
        Value::Int(Some(number)) => ValueRef::Integer(i64::from(*number)),
        Value::BigInt(Some(number)) => ValueRef::Integer(*number),
        Value::BigUnsigned(Some(number)) => ValueRef::Integer(i64::try_from(*number).map_err(unbound)?),
        Value::String(Some(text)) => ValueRef::Text(text.as_bytes()),
        Value::Bytes(Some(bytes)) => ValueRef::Blob(bytes),
        Value::Uuid(Some(id)) => ValueRef::Blob(id.as_bytes()),
        Value::Bool(None)
        | Value::Int(None)
        | Value::BigInt(None)
        | Value::BigUnsigned(None)
        | Value::String(None)
        | Value::Bytes(None)
        | Value::Uuid(None) => ValueRef::Null,
        other => return Err(unbound(format!("no way is known to bind {other:?}"))),
    };
    Ok(ToSqlOutput::Borrowed(bound))
}

fn unbound(why: impl Into<Box<dyn StdError + Send + Sync>>) -> Error {
    Error::ToSqlConversionFailure(why.into())
}

/// What SQLite refused, as sqlx would say it.
#[derive(Debug)]
struct Refused {
    /// The extended result code. <https://www.sqlite.org/rescode.html>
    code: i32,
    message: String,
}

/// An error as sqlx has it, so that each is understood in one place.
pub(super) fn as_of_sqlx(error: Error) -> sqlx::Error {
    let (code, message) = match error {
        Error::SqliteFailure(cause, message) => (cause.extended_code, message.unwrap_or_else(|| cause.to_string())),
        other => return sqlx::Error::Encode(other.into()),
    };
    sqlx::Error::Database(Box::new(Refused { code, message }))
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "(code: {}) {}", self.code, self.message)
    }
}

impl StdError for Refused {}

impl DatabaseError for Refused {
    fn message(&self) -> &str {
        &self.message
    }

    fn code(&self) -> Option<Cow<'_, str>> {
        Some(self.code.to_string().into())
    }

    fn kind(&self) -> ErrorKind {
        match self.code {
            ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY => ErrorKind::UniqueViolation,
            ffi::SQLITE_CONSTRAINT_FOREIGNKEY => ErrorKind::ForeignKeyViolation,
            ffi::SQLITE_CONSTRAINT_NOTNULL => ErrorKind::NotNullViolation,
            ffi::SQLITE_CONSTRAINT_CHECK => ErrorKind::CheckViolation,
            _ => ErrorKind::Other,
        }
    }

    fn as_error(&self) -> &(dyn StdError + Send + Sync + 'static) {
        self
    }

    fn as_error_mut(&mut self) -> &mut (dyn StdError + Send + Sync + 'static) {
        self
    }

    fn into_error(self: Box<Self>) -> Box<dyn StdError + Send + Sync + 'static> {
        self
    }
}
