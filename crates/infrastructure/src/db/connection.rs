//! A connection of its own for a transaction, over which many statements go in one trip.

use std::mem;
use std::sync::Arc;
use std::time::Duration;

use deadpool::managed::Object;
use futures_util::TryStreamExt;
use futures_util::stream::BoxStream;
use sea_orm::sqlx::{self, AssertSqlSafe, Either, Executor};
use sea_orm::{DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement};
use sea_query_sqlx::SqlxValues;
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep};

use super::connect::SQLITE_PATIENCE;
use super::embedded::{self, Length};
use super::pool::{Lent, Raw};
use super::row::{FromRow, Row};
use super::trips::{Trip, trips};

/// How long another process is given until it is asked again for the file.
const BUSY: Duration = Duration::from_millis(2);

/// A connection out of a pool. One that is dropped with a transaction open, or in the midst of something, is closed,
/// which undoes it.
pub(super) struct Connection {
    lent: Option<Lent>,
    backend: DbBackend,
    is_busy: bool,
    /// Transactions and savepoints that are open, or may be.
    pub depth: u32,
}

/// What became of a statement.
pub(super) struct Done {
    /// How many rows it changed.
    pub affected: u64,
    /// Those it found.
    pub rows: Vec<Row>,
}

/// A statement failed, and those after it were not done.
#[derive(Debug)]
pub(super) struct Failed {
    /// Whether it is one of those whose outcome nobody asked for.
    pub is_quiet: bool,
    /// Whether there was none after it.
    pub is_last: bool,
    pub cause: DbErr,
}

impl Done {
    /// What is made of the rows.
    pub fn read<M: FromRow>(&self) -> Result<Vec<M>, DbErr> {
        self.rows.iter().map(M::from_row).collect()
    }

    /// What became of a statement should be known.
    pub fn missing() -> DbErr {
        DbErr::Custom("the database did not say what became of a statement".into())
    }
}

impl Connection {
    pub fn new(lent: Lent, backend: DbBackend) -> Self {
        Self { lent: Some(lent), backend, is_busy: false, depth: 0 }
    }

    pub fn backend(&self) -> DbBackend {
        self.backend
    }

    /// Does statement after statement, up to the first that fails.
    pub async fn run(&mut self, statements: Vec<Statement>) -> Result<Vec<Done>, Failed> {
        self.run_after(Vec::new(), statements).await
    }

    /// The same after some statements whose outcome nobody asks for.
    pub async fn run_after(&mut self, quiet: Vec<Statement>, statements: Vec<Statement>) -> Result<Vec<Done>, Failed> {
        let (before, mut all) = (quiet.len(), quiet);
        all.extend(statements);
        let count = all.len();
        let mut done = Vec::with_capacity(count);
        self.is_busy = true;
        let answered = self.answers(all, before, &mut done).await;
        // After any other error nobody knows what it is in.
        self.is_busy = matches!(&answered, Err(cause) if cause.as_database_error().is_none());
        match answered {
            Ok(()) => Ok(done.split_off(before.min(done.len()))),
            Err(cause) => {
                let cause = DbErr::Query(RuntimeErr::SqlxError(Arc::new(cause)));
                let is_quiet = done.len() < before;
                Err(Failed { is_quiet, is_last: !is_quiet && done.len() + 1 == count, cause })
            }
        }
    }

    /// Does one statement of SQLite on this thread, or, if it only reads and takes long, on another one.
    async fn one(&mut self, statement: Statement) -> Result<Done, sqlx::Error> {
        let until = Instant::now() + SQLITE_PATIENCE;
        loop {
            let Some(Raw::Embedded(sqlite)) = self.lent.as_deref_mut() else { return Err(sqlx::Error::PoolClosed) };
            match sqlite.run(&statement, Length::Brief) {
                // If another process has the file to itself, the task waits and not the thread.
                Err(cause) if embedded::is_busy(&cause) && sqlite.is_idle() && Instant::now() < until => {
                    sleep(BUSY).await;
                }
                Err(cause) if embedded::is_too_long(&cause) => return self.aside(statement).await,
                result => return result.map_err(embedded::as_of_sqlx),
            }
        }
    }

    /// The same on a thread for what takes long.
    async fn aside(&mut self, statement: Statement) -> Result<Done, sqlx::Error> {
        let mut lent = self.lent.take();
        let work = move || {
            let Some(Raw::Embedded(sqlite)) = lent.as_deref_mut() else { return Err(sqlx::Error::PoolClosed) };
            let result = sqlite.run(&statement, Length::Any).map_err(embedded::as_of_sqlx);
            Ok((lent, result))
        };
        let (lent, result) = spawn_blocking(work).await.map_err(|_| sqlx::Error::WorkerCrashed)??;
        self.lent = lent;
        result
    }

    async fn answers(
        &mut self,
        statements: Vec<Statement>,
        quiet: usize,
        done: &mut Vec<Done>,
    ) -> Result<(), sqlx::Error> {
        match self.lent.as_deref_mut().ok_or(sqlx::Error::PoolClosed)? {
            Raw::Embedded(_) => {
                for statement in statements {
                    done.push(self.one(statement).await?);
                }
                Ok(())
            }
            Raw::MySql(server) => {
                for trip in trips(statements, quiet, server.knows_blocks) {
                    let connection = &mut server.connection;
                    match trip {
                        Trip::Text(text, sizes) => {
                            collect(connection.fetch_many(AssertSqlSafe(text)), sizes, done).await?;
                        }
                        Trip::Prepared(sql, values) => {
                            let query = sqlx::query_with(AssertSqlSafe(sql), SqlxValues(values));
                            collect(connection.fetch_many(query), vec![1], done).await?;
                        }
                    }
                }
                Ok(())
            }
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let is_in_use = self.is_busy || self.depth > 0;
        if let Some(lent) = self.lent.take().filter(|_| is_in_use) {
            let raw = Object::take(lent);
            // Without a runtime it is not told that it is closed.
            if let Ok(runtime) = Handle::try_current() {
                runtime.spawn(raw.close());
            }
        }
    }
}

/// Answer after answer, each with the rows that came before it. One that stands for several statements says nothing of
/// those before the last one.
async fn collect<D: Into<ExecResult>, R: Into<QueryResult>>(
    mut answers: BoxStream<'_, Result<Either<D, R>, sqlx::Error>>,
    sizes: Vec<usize>,
    done: &mut Vec<Done>,
) -> Result<(), sqlx::Error> {
    let mut rows = Vec::new();
    let mut sizes = sizes.into_iter();
    while let Some(answer) = answers.try_next().await? {
        match answer {
            Either::Right(row) => rows.push(Row::OfSqlx(row.into())),
            Either::Left(result) => {
                let unsaid = sizes.next().map_or(0, |size| size - 1);
                done.extend((0..unsaid).map(|_| Done { affected: 0, rows: Vec::new() }));
                done.push(Done { affected: result.into().rows_affected(), rows: mem::take(&mut rows) });
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
