//! A pool that is read from any runtime.

use sea_orm::{DbBackend, DbErr, RuntimeErr, Statement};
use tokio::runtime::Handle;
use tracing::Instrument;

use super::connection::Done;
use super::pool::Pool;
use super::session::Session;

/// Reads where the connections can be used.
///
/// A connection to a server belongs to the runtime that opened it. Each worker of the HTTP server has one of its own,
/// which ends with the worker, while others still use the connection. SQLite is read on the thread of whoever asks.
#[derive(Clone)]
pub(super) struct Reader {
    pool: Pool,
    runtime: Option<Handle>,
}

impl Reader {
    /// Reads `pool`, on this runtime if it is of a server.
    pub fn here(pool: Pool) -> Self {
        let of_server = pool.backend() != DbBackend::Sqlite;
        Self { pool, runtime: of_server.then(Handle::current) }
    }

    /// The pool itself.
    pub fn pool(&self) -> &Pool {
        &self.pool
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), DbErr> {
        let pool = self.pool.clone();
        self.there(async move { pool.ping().await }).await
    }

    /// Ends every connection, when it is not in use any more.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    async fn there<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, DbErr>> + Send + 'static,
    ) -> Result<T, DbErr> {
        let Some(runtime) = &self.runtime else { return work.await };
        let done = runtime.spawn(work.in_current_span()).await;
        done.unwrap_or_else(|ended| Err(DbErr::Conn(RuntimeErr::Internal(ended.to_string()))))
    }
}

impl Session for Reader {
    fn backend(&self) -> DbBackend {
        self.pool.backend()
    }

    async fn run(&self, statement: Statement) -> Result<Done, DbErr> {
        let pool = self.pool.clone();
        self.there(async move { pool.run(statement).await }).await
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::ConnectionTrait as _;

    use super::*;

    #[tokio::test]
    async fn sqlite_is_built_to_prepare_a_statement_once() {
        let pool = sea_orm::Database::connect("sqlite::memory:").await.unwrap();
        for (option, used) in
            [("ENABLE_QPSG", true), ("DEFAULT_MEMSTATUS=0", true), ("ENABLE_MEMORY_MANAGEMENT", false)]
        {
            let sql = format!("SELECT sqlite_compileoption_used('{option}')");
            let row = pool.query_one_raw(Statement::from_string(DbBackend::Sqlite, sql)).await.unwrap().unwrap();
            assert_eq!(row.try_get_by_index::<bool>(0).unwrap(), used, "{option}; see .cargo/config.toml");
        }
    }
}
