use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::future::BoxFuture;
use sea_orm::{DbBackend, QueryTrait};

use super::connection::Failure;
use super::writer::GroupMember;
use super::{Error, Executor, PooledConnection, Statement, StatementResult};

/// A transaction, or a savepoint of one. Dropping it rolls back.
///
/// It begins with its first statement. A deferred statement runs together with the next one that does not wait, or with
/// the commit: a statement takes a server less time than the round trip. Each statement sees what those before it did.
pub(in crate::db) struct Transaction {
    // The first field: it is dropped, and so rolled back, before the next member of the group writes.
    connection: Arc<tokio::sync::Mutex<PooledConnection>>,
    backend: DbBackend,
    scope: Scope,
    state: Mutex<State>,
    /// Its part in a group commit.
    pub(super) member: Option<GroupMember>,
}

#[derive(Default)]
struct State {
    /// Whether the database knows of it, so that there is something to roll back.
    has_begun: bool,
    deferred: Vec<Statement>,
}

/// The statements that begin and end a transaction or a savepoint.
#[derive(Debug, Clone, Copy)]
struct Scope {
    begin: &'static str,
    commit: &'static str,
    rollback: &'static [&'static str],
}

// Not `BEGIN`, which opens a block where this is part of one.
const TRANSACTION: Scope = Scope { begin: "START TRANSACTION", commit: "COMMIT", rollback: &["ROLLBACK"] };
/// SQLite takes the write lock at once. It would refuse it to a transaction that has read, if another one has written
/// since.
const SQLITE_TRANSACTION: Scope = Scope { begin: "BEGIN IMMEDIATE", ..TRANSACTION };
const SAVEPOINT: Scope =
    Scope { begin: "SAVEPOINT member", commit: "RELEASE member", rollback: &["ROLLBACK TO member", "RELEASE member"] };

impl Transaction {
    /// A transaction on a connection of its own.
    pub fn new(connection: PooledConnection) -> Self {
        let backend = connection.backend;
        let scope = if backend == DbBackend::Sqlite { SQLITE_TRANSACTION } else { TRANSACTION };
        let connection = Arc::new(tokio::sync::Mutex::new(connection));
        Self { connection, backend, scope, state: Mutex::default(), member: None }
    }

    /// A savepoint of this transaction, which must not write until the savepoint has ended. If the savepoint is dropped,
    /// [`Self::rollback_savepoint`] must follow.
    pub(super) fn savepoint(&self) -> Self {
        let connection = Arc::clone(&self.connection);
        Self { connection, backend: self.backend, scope: SAVEPOINT, state: Mutex::default(), member: None }
    }

    /// Runs a statement later, at the latest before the commit. If it fails, the statements that it runs with fail.
    pub fn defer(&self, statement: impl Into<Statement>) {
        self.state().deferred.push(Statement { deferred: true, ..statement.into() });
    }

    /// The same for a change without attributes.
    pub fn defer_change(&self, change: &impl QueryTrait) {
        self.defer(change.build(self.backend));
    }

    /// Runs these statements and returns the result of each.
    pub fn run_all(&self, statements: Vec<Statement>) -> BoxFuture<'_, Result<Vec<StatementResult>, Error>> {
        Box::pin(async {
            self.send(statements, &mut *self.connection.lock().await).await.map_err(|failure| failure.error)
        })
    }

    /// Runs the deferred statements. Returns whether the transaction has begun.
    pub(super) async fn flush(&self) -> Result<bool, Error> {
        if !self.state().deferred.is_empty() {
            self.run_all(Vec::new()).await?;
        }
        Ok(self.state().has_begun)
    }

    /// Commits. When this returns, everything is on disk.
    ///
    /// # Errors
    /// `CommitUnknown` if the answer was lost. After any other error nothing is committed.
    pub async fn commit(mut self) -> Result<(), Error> {
        match self.member.take() {
            Some(member) => member.commit(self).await,
            None => self.commit_scope().await,
        }
    }

    /// Rolls back.
    ///
    /// # Errors
    /// `Conflict` if this has seen changes of its group that were not committed after all.
    pub async fn rollback(mut self) -> Result<(), Error> {
        match self.member.take() {
            Some(member) => member.rollback(self).await,
            None => self.rollback_scope().await,
        }
    }

    /// Ends this scope and keeps its changes.
    pub(super) async fn commit_scope(&self) -> Result<(), Error> {
        let is_untouched = {
            let state = self.state();
            !state.has_begun && state.deferred.is_empty()
        };
        if is_untouched {
            return Ok(());
        }
        let mut connection = self.connection.lock().await;
        let Err(Failure { is_last, error }) = self.send(vec![self.scope.commit.into()], &mut connection).await else {
            connection.open_scopes -= 1;
            return Ok(());
        };
        if !is_last {
            // A statement before the commit failed. If the database cannot roll back, the connection is closed.
            rollback(&mut connection, self.scope).await.ok();
        }
        Err(if is_last || error.code.is_none() { error.on_commit() } else { error })
    }

    /// Ends this scope and undoes its changes.
    pub(super) async fn rollback_scope(&self) -> Result<(), Error> {
        if !mem::take(&mut *self.state()).has_begun {
            return Ok(());
        }
        rollback(&mut *self.connection.lock().await, self.scope).await.map_err(Error::outside_transaction)
    }

    /// Rolls back a savepoint that was dropped.
    pub(super) async fn rollback_savepoint(&self) -> Result<(), Error> {
        let mut connection = self.connection.lock().await;
        if connection.open_scopes < 2 {
            return Ok(());
        }
        rollback(&mut connection, SAVEPOINT).await.map_err(Error::outside_transaction)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs the deferred statements and then these.
    async fn send(
        &self,
        statements: Vec<Statement>,
        connection: &mut PooledConnection,
    ) -> Result<Vec<StatementResult>, Failure> {
        let mut all = Vec::new();
        {
            let mut state = self.state();
            if !mem::replace(&mut state.has_begun, true) {
                all.push(Statement { deferred: true, ..self.scope.begin.into() });
                connection.open_scopes += 1;
            }
            state.deferred.sort_by_key(|statement| statement.contended);
            all.append(&mut state.deferred);
        }
        let deferred = all.len();
        all.extend(statements);
        connection.run(all).await.map(|mut results| results.split_off(deferred))
    }
}

async fn rollback(connection: &mut PooledConnection, scope: Scope) -> Result<(), Error> {
    let statements = scope.rollback.iter().map(|sql| Statement::from(*sql)).collect();
    connection.run(statements).await.map_err(|failure| failure.error)?;
    connection.open_scopes -= 1;
    Ok(())
}

impl Executor for Transaction {
    fn backend(&self) -> DbBackend {
        self.backend
    }

    fn run(&self, statement: impl Into<Statement>) -> BoxFuture<'_, Result<StatementResult, Error>> {
        let results = self.run_all(vec![statement.into()]);
        Box::pin(async { results.await?.pop().ok_or_else(Error::no_result) })
    }
}

#[cfg(test)]
mod tests;
