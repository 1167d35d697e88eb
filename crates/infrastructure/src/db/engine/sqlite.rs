//! SQLite on the thread of the caller. Handing a statement to another thread takes longer than most statements run; only
//! a long read goes to a thread for blocking work.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use deadpool::managed::Object;
use rusqlite::types::ToSqlOutput;
use rusqlite::{ErrorCode, ToSql as _};
use sea_orm::Value;
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep};

use super::connection::Connection;
use super::pool::Manager;
use super::row::SqliteRow;
use super::{Error, Row, Statement, StatementResult};
use crate::db::open_file::{OpenFile, Watch, open_flags};

/// How long a statement waits while another process has the file locked.
pub(in crate::db) const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long until it tries again.
pub(super) const BUSY_PAUSE: Duration = Duration::from_millis(2);

/// How many prepared statements a connection keeps: more than the program has.
const PREPARED_STATEMENTS: usize = 256;

/// A read may take this many checks on the thread of the caller, some tenths of a millisecond. A page of a list takes a
/// tenth of that.
const SHORT_READ: u32 = 10;
const UNLIMITED: u32 = u32::MAX;
/// How many instructions of SQLite's virtual machine there are between two checks.
const INSTRUCTIONS_PER_CHECK: i32 = 1_000;

/// A connection to a file.
pub(in crate::db) struct SqliteConnection {
    connection: rusqlite::Connection,
    read_only: bool,
    /// How many checks are left until the statement is interrupted.
    checks_left: Arc<AtomicU32>,
    watch: Watch,
}

impl SqliteConnection {
    /// Opens a file by its URI, and sets the connection up. <https://www.sqlite.org/uri.html>
    pub fn open(uri: &str, settings: &str, read_only: bool, file: OpenFile) -> Result<Self, Error> {
        // Or it might create another one in its place.
        file.check()?;
        let connection = rusqlite::Connection::open_with_flags(uri, open_flags(uri))?;
        // `run` waits instead, without the thread.
        connection.busy_timeout(Duration::ZERO)?;
        connection.execute_batch(settings)?;
        connection.set_prepared_statement_cache_capacity(PREPARED_STATEMENTS);
        let checks_left = Arc::new(AtomicU32::new(UNLIMITED));
        let checks = Arc::clone(&checks_left);
        connection
            .progress_handler(INSTRUCTIONS_PER_CHECK, Some(move || checks.fetch_sub(1, Ordering::Relaxed) == 0))?;
        file.note(&connection);
        Ok(Self { connection, read_only, checks_left, watch: Watch::on(file) })
    }

    /// Checks, outside a transaction, that the file is still the one that was opened.
    fn check_file(&mut self) -> Result<(), Error> {
        if self.connection.is_autocommit() { self.watch.check(self.read_only) } else { Ok(()) }
    }

    fn execute(&self, statement: &Statement, checks: u32) -> Result<StatementResult, rusqlite::Error> {
        self.checks_left.store(checks, Ordering::Relaxed);
        let mut prepared = self.connection.prepare_cached(&statement.sql)?;
        for (parameter, value) in (1..).zip(&statement.values) {
            prepared.raw_bind_parameter(parameter, bind(value)?)?;
        }
        let (columns, width) = (Arc::from(prepared.column_names().join("\n")), prepared.column_count());
        let (mut found, mut rows) = (prepared.raw_query(), Vec::new());
        while let Some(row) = found.next()? {
            let values = (0..width).map(|column| row.get(column)).collect::<Result<_, _>>()?;
            rows.push(Row::Sqlite(SqliteRow { columns: Arc::clone(&columns), values }));
        }
        Ok(StatementResult { affected_rows: self.connection.changes(), rows })
    }
}

/// Runs a statement on this thread. A read that takes long starts again on a thread for blocking work.
pub(super) async fn run(
    connection: &mut Option<Object<Manager>>,
    statement: Statement,
) -> Result<StatementResult, Error> {
    let deadline = Instant::now() + BUSY_TIMEOUT;
    loop {
        let sqlite = open(connection)?;
        sqlite.check_file()?;
        // What has written may not be interrupted: part of it might last.
        let checks = if sqlite.read_only { SHORT_READ } else { UNLIMITED };
        match sqlite.execute(&statement, checks) {
            Err(error) => match error.sqlite_error_code() {
                // Another process has the file locked.
                Some(ErrorCode::DatabaseBusy) if sqlite.connection.is_autocommit() && Instant::now() < deadline => {
                    sleep(BUSY_PAUSE).await;
                }
                Some(ErrorCode::OperationInterrupted) => return run_blocking(connection, statement).await,
                _ => return Err(error.into()),
            },
            Ok(result) => return Ok(result),
        }
    }
}

async fn run_blocking(
    connection: &mut Option<Object<Manager>>,
    statement: Statement,
) -> Result<StatementResult, Error> {
    let mut moved = connection.take();
    let work = move || {
        let result = open(&mut moved).and_then(|sqlite| Ok(sqlite.execute(&statement, UNLIMITED)?));
        (moved, result)
    };
    let (moved, result) = spawn_blocking(work).await.map_err(Error::unavailable)?;
    *connection = moved;
    result
}

fn open(connection: &mut Option<Object<Manager>>) -> Result<&mut SqliteConnection, Error> {
    match connection.as_deref_mut() {
        Some(Connection::Sqlite(sqlite)) => Ok(sqlite),
        _ => Err(Error::unavailable("the connection is gone")),
    }
}

fn bind(value: &Value) -> Result<ToSqlOutput<'_>, rusqlite::Error> {
    match value {
        Value::Bool(is) => is.to_sql(),
        Value::Int(number) => number.to_sql(),
        Value::BigInt(number) => number.to_sql(),
        Value::BigUnsigned(number) => number.to_sql(),
        Value::String(text) => text.to_sql(),
        Value::Bytes(bytes) => bytes.to_sql(),
        Value::Uuid(id) => id.to_sql(),
        other => Err(rusqlite::Error::ToSqlConversionFailure(format!("cannot bind {other:?}").into())),
    }
}
