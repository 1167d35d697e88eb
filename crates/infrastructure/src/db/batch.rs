//! Statements that nobody waits for, sent together with the next one that somebody does.
//!
//! A statement costs less than the way to the database and back: over a network, or to the thread that has SQLite.

use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::StoreError;
use sea_orm::{DbBackend, DbErr, QueryTrait, Statement};
use tokio::sync::Mutex as Turnstile;

use super::connection::{Connection, Done, Failed};
use super::error;
use super::session::Session;

/// What opens, keeps and undoes what is written.
#[derive(Debug, Clone, Copy)]
struct Scope {
    open: &'static str,
    keep: &'static str,
    undo: &'static [&'static str],
}

// Not `BEGIN`, which opens a block where this is sent as part of one.
const TRANSACTION: Scope = Scope { open: "START TRANSACTION", keep: "COMMIT", undo: &["ROLLBACK"] };
/// SQLite is told at once that it will be written to: a transaction that reads first and then wants to write would be
/// refused if somebody else has written meanwhile.
const ON_SQLITE: Scope = Scope { open: "BEGIN IMMEDIATE", ..TRANSACTION };
const PART: Scope = Scope { open: "SAVEPOINT part", keep: "RELEASE part", undo: &["ROLLBACK TO part", "RELEASE part"] };

/// A transaction, or a part of one. Every statement sees what those before it have done, also those that were put off;
/// among these is the one that opens it.
pub(super) struct Batch {
    connection: Arc<Turnstile<Connection>>,
    backend: DbBackend,
    scope: Scope,
    sent: Mutex<Sent>,
}

#[derive(Default)]
struct Sent {
    /// Whether it is open, so that there is something to undo.
    anything: bool,
    /// What was put off.
    not_yet: Vec<Statement>,
    /// What was put off for longer.
    at_last: Vec<Statement>,
    /// Whether one of these is a bet; see [`Batch::bet`].
    has_bet: bool,
}

impl Sent {
    /// Whether anything was put off.
    fn is_behind(&self) -> bool {
        !self.not_yet.is_empty() || !self.at_last.is_empty()
    }
}

/// What is sent before what is asked for, and whether a bet is among it.
type Before = (Vec<Statement>, bool);

impl Batch {
    /// A transaction. Dropped, it is undone.
    pub fn transaction(connection: Connection) -> Self {
        let backend = connection.backend();
        let scope = if backend == DbBackend::Sqlite { ON_SQLITE } else { TRANSACTION };
        Self { connection: Arc::new(Turnstile::new(connection)), backend, scope, sent: Mutex::default() }
    }

    /// A part of this transaction, which may not write itself before the part has ended. Dropped, it waits for
    /// [`Batch::undo_part`].
    pub fn part(&self) -> Self {
        let Self { connection, backend, .. } = self;
        Self { connection: Arc::clone(connection), backend: *backend, scope: PART, sent: Mutex::default() }
    }

    /// Does something whose outcome nobody asks for, at the latest before it is kept. If it fails, so does the statement
    /// that it is sent with.
    pub fn later(&self, write: &impl QueryTrait) {
        let statement = write.build(self.backend);
        self.sent().not_yet.push(statement);
    }

    /// The same for what takes something for granted: that there is no row with the same key, or none in a column that
    /// takes none. If it fails for that, or waits too long for a lock, what it is sent with has lost a race.
    pub fn bet(&self, statement: Statement) {
        let mut sent = self.sent();
        sent.has_bet = true;
        sent.not_yet.push(statement);
    }

    /// The same after all else that is put off: for rows that many want, which so are locked for the shortest time.
    pub fn bet_last(&self, statement: Statement) {
        let mut sent = self.sent();
        sent.has_bet = true;
        sent.at_last.push(statement);
    }

    /// Does these statements, and says what became of each.
    pub async fn run_all(&self, statements: Vec<Statement>) -> Result<Vec<Done>, DbErr> {
        let mut connection = self.connection.lock().await;
        self.send(statements, &mut connection).await.map_err(|failed| failed.cause)
    }

    /// Does what was put off, and says whether anything was ever done.
    pub async fn catch_up(&self) -> Result<bool, StoreError> {
        let is_behind = self.sent().is_behind();
        if is_behind {
            self.run_all(Vec::new()).await.map_err(error::in_tx)?;
        }
        Ok(self.sent().anything)
    }

    /// Keeps what was written.
    pub async fn keep(&self) -> Result<(), StoreError> {
        if self.is_untouched() {
            return Ok(());
        }
        let mut connection = self.connection.lock().await;
        let keep = vec![self.statement(self.scope.keep)];
        let Err(Failed { is_last, cause, .. }) = self.send(keep, &mut connection).await else {
            connection.depth -= 1;
            return Ok(());
        };
        if !is_last {
            // If it cannot be undone, its connection is closed.
            undo(&mut connection, self.scope).await.ok();
        }
        Err(error::on_end(cause, is_last))
    }

    /// Undoes what was written.
    pub async fn undo(&self) -> Result<(), StoreError> {
        let Sent { anything, .. } = mem::take(&mut *self.sent());
        if !anything {
            return Ok(());
        }
        undo(&mut *self.connection.lock().await, self.scope).await.map_err(error::on_read)
    }

    /// Undoes a part that was dropped.
    pub async fn undo_part(&self) -> Result<(), StoreError> {
        let mut connection = self.connection.lock().await;
        if connection.depth < 2 {
            return Ok(());
        }
        undo(&mut connection, PART).await.map_err(error::on_read)
    }

    fn sent(&self) -> MutexGuard<'_, Sent> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_untouched(&self) -> bool {
        let sent = self.sent();
        !sent.anything && !sent.is_behind()
    }

    fn statement(&self, sql: &str) -> Statement {
        Statement::from_string(self.backend, sql)
    }

    async fn send(&self, statements: Vec<Statement>, connection: &mut Connection) -> Result<Vec<Done>, Failed> {
        let (before, has_bet) = self.before(connection);
        let failed = match connection.run_after(before, statements).await {
            Err(failed) if has_bet && failed.is_quiet => failed,
            result => return result,
        };
        // Whichever of them it was: if it was not the bet, it fails again without one, and says so.
        Err(if error::is_lost_bet(&failed.cause) { Failed { cause: error::LOST_BET, ..failed } } else { failed })
    }

    /// What has to be sent so that those after it find what they should.
    fn before(&self, connection: &mut Connection) -> Before {
        let mut sent = self.sent();
        let mut before = Vec::new();
        if !mem::replace(&mut sent.anything, true) {
            before.push(self.statement(self.scope.open));
            connection.depth += 1;
        }
        before.append(&mut sent.not_yet);
        before.append(&mut sent.at_last);
        (before, mem::take(&mut sent.has_bet))
    }
}

async fn undo(connection: &mut Connection, scope: Scope) -> Result<(), DbErr> {
    let backend = connection.backend();
    let undo = scope.undo.iter().map(|sql| Statement::from_string(backend, *sql)).collect();
    connection.run(undo).await.map_err(|failed| failed.cause)?;
    connection.depth -= 1;
    Ok(())
}

impl Session for Batch {
    fn backend(&self) -> DbBackend {
        self.backend
    }

    async fn run(&self, statement: Statement) -> Result<Done, DbErr> {
        self.run_all(vec![statement]).await?.pop().ok_or_else(Done::missing)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::pool::{Opener, Pool};
    use super::*;

    #[tokio::test]
    async fn what_many_want_is_written_after_all_else_that_is_put_off_r61() {
        let folder = tempfile::tempdir().unwrap();
        let uri = format!("file:{}?mode=rwc", folder.path().join("shop.db").display());
        let pool = Pool::open(Opener::Embedded(uri, false), 1, Duration::from_secs(5)).unwrap();
        let sqlite = |sql: &str| Statement::from_string(DbBackend::Sqlite, sql);
        pool.run(sqlite("CREATE TABLE notes (n INTEGER) STRICT")).await.unwrap();
        let batch = Batch::transaction(pool.get().await.unwrap());
        batch.bet_last(sqlite("INSERT INTO notes VALUES (2)"));
        batch.bet(sqlite("INSERT INTO notes VALUES (1)"));
        batch.keep().await.unwrap();
        drop(batch);
        let rows = pool.run(sqlite("SELECT n FROM notes ORDER BY rowid")).await.unwrap().rows;
        assert_eq!(rows.iter().map(|row| row.at(0).unwrap()).collect::<Vec<i64>>(), [1, 2]);
    }
}
