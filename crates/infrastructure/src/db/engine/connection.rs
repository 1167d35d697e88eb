use deadpool::managed::Object;
use sea_orm::DbBackend;
use tokio::runtime::Handle;

use super::mysql::ServerConnection;
use super::pool::Manager;
use super::sqlite::{self, SqliteConnection};
use super::{Error, Statement, StatementResult};

/// A connection to one of the databases.
pub(in crate::db) enum Connection {
    Sqlite(SqliteConnection),
    Server(ServerConnection),
}

/// A connection that goes back to its pool when it is dropped. If a transaction is open, or a statement still runs, it
/// is closed instead, which rolls back.
pub(in crate::db) struct PooledConnection {
    connection: Option<Object<Manager>>,
    pub(super) backend: DbBackend,
    /// Whether a statement runs, or nobody knows how the last one ended.
    is_running: bool,
    /// Transactions and savepoints that are open, or may be.
    pub(super) open_scopes: u32,
}

/// A statement failed, and those after it did not run.
#[derive(Debug)]
pub(in crate::db) struct Failure {
    /// Whether it was the last one.
    pub is_last: bool,
    pub error: Error,
}

impl Connection {
    /// Ends the session. A file is closed when it is dropped.
    pub async fn close(self) {
        if let Self::Server(server) = self {
            server.close().await;
        }
    }
}

impl PooledConnection {
    pub(super) fn new(connection: Object<Manager>, backend: DbBackend) -> Self {
        Self { connection: Some(connection), backend, is_running: false, open_scopes: 0 }
    }

    /// Runs statement after statement until one fails, on a server in as few round trips as possible.
    pub async fn run(&mut self, statements: Vec<Statement>) -> Result<Vec<StatementResult>, Failure> {
        let assumptions: Vec<_> = statements.iter().map(|statement| statement.assumption).collect();
        let mut results = Vec::with_capacity(statements.len());
        self.is_running = true;
        let outcome = self.run_each(statements, &mut results).await;
        // Without an answer of the database nobody knows what state the connection is in.
        self.is_running = matches!(&outcome, Err(error) if error.code.is_none());
        let Err(error) = outcome else { return Ok(results) };
        let is_last = results.len() + 1 == assumptions.len();
        Err(Failure { is_last, error: error.of_assumptions(assumptions.into_iter().skip(results.len()).flatten()) })
    }

    async fn run_each(&mut self, statements: Vec<Statement>, results: &mut Vec<StatementResult>) -> Result<(), Error> {
        if let Some(Connection::Server(server)) = self.connection.as_deref_mut() {
            return server.run(statements, results).await;
        }
        for statement in statements {
            results.push(sqlite::run(&mut self.connection, statement).await?);
        }
        Ok(())
    }
}

impl Drop for PooledConnection {
    fn drop(&mut self) {
        let must_close = self.is_running || self.open_scopes > 0;
        if let Some(connection) = self.connection.take().filter(|_| must_close) {
            let connection = Object::take(connection);
            // Without a runtime the server notices by itself that the connection is gone.
            if let Ok(runtime) = Handle::try_current() {
                runtime.spawn(connection.close());
            }
        }
    }
}

#[cfg(test)]
mod tests;
