//! Connections that are kept open for reuse.
//!
//! Not the pool of sqlx, which pings each connection when it comes back: a round trip for each read and each transaction.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use deadpool::managed::{self, Metrics, PoolError, QueueMode, RecycleError, RecycleResult, TimeoutType};
use deadpool::{Runtime, Status};
use futures_util::future::{BoxFuture, join_all};
use sea_orm::DbBackend;
use sea_orm::sqlx::mysql::MySqlConnectOptions;
use tokio::runtime::Handle;
use tokio::time::{sleep, timeout};
use tracing::Instrument as _;

use super::connection::Connection;
use super::mysql::ServerConnection;
use super::sqlite::SqliteConnection;
use super::{Error, ErrorKind, Executor, PooledConnection, Statement, StatementResult};
use crate::db::cannot_connect::cannot_connect;
use crate::db::open_file::OpenFile;
use crate::db::url::server_place;

/// A limited number of connections to one database, opened when they are needed. Cloning it is cheap.
#[derive(Clone)]
pub(in crate::db) struct Pool {
    connections: managed::Pool<Manager>,
    is_closing: Arc<AtomicBool>,
    /// The runtime that opened the connections to a server. They work on that one only, and a worker of the HTTP server
    /// that would open one on its own runtime may end before others. SQLite needs none.
    runtime: Option<Handle>,
}

/// How many connections a pool keeps, and for how long.
#[derive(Debug, Clone, Copy)]
pub(in crate::db) struct PoolOptions {
    pub size: u32,
    /// How long a caller waits for a connection.
    pub acquire_timeout: Duration,
    /// How long the server may take to answer. After that the connection is closed.
    pub statement_timeout: Duration,
    /// A connection to a server is pinged before its next use if it was idle for so long.
    pub ping_after: Duration,
    /// A connection to a server is closed if it was idle for so long.
    pub idle_timeout: Duration,
    /// A connection to a server is closed after this time.
    pub max_lifetime: Duration,
}

/// Where a pool connects to. `settings` are statements that set up each connection.
#[derive(Clone)]
pub(in crate::db) enum Target {
    /// A file by its URI.
    Sqlite {
        uri: String,
        settings: &'static str,
        read_only: bool,
        file: OpenFile,
    },
    Server {
        options: Box<MySqlConnectOptions>,
        settings: &'static str,
    },
}

impl Target {
    /// Where a server is, without secrets. `None` for a file.
    fn place(&self) -> Option<String> {
        match self {
            Self::Sqlite { .. } => None,
            Self::Server { options, .. } => Some(server_place(options)),
        }
    }
}

/// Opens and checks connections for deadpool.
pub(in crate::db) struct Manager {
    target: Target,
    options: PoolOptions,
}

impl managed::Manager for Manager {
    type Type = Connection;
    type Error = Error;

    async fn create(&self) -> Result<Connection, Error> {
        // Boxed: it runs seldom, and each caller that waits for a connection would otherwise hold its large state.
        let open = Box::pin(async {
            Ok(match &self.target {
                Target::Sqlite { uri, settings, read_only, file } => {
                    Connection::Sqlite(SqliteConnection::open(uri, settings, *read_only, file.clone())?)
                }
                Target::Server { options, settings } => {
                    let opened = ServerConnection::open(options, settings, self.options.statement_timeout).await;
                    Connection::Server(opened.map_err(|cause| cannot_connect(options, cause))?)
                }
            })
        });
        open.await.map_err(Error::on_open)
    }

    async fn recycle(&self, connection: &mut Connection, metrics: &Metrics) -> RecycleResult<Error> {
        let Connection::Server(server) = connection else { return Ok(()) };
        if metrics.age() > self.options.max_lifetime {
            return Err(RecycleError::message("the connection is too old"));
        }
        if metrics.last_used() > self.options.ping_after {
            server.ping().await.map_err(Error::from)?;
        }
        Ok(())
    }
}

impl Pool {
    /// # Errors
    /// If the options make no pool.
    pub fn new(target: Target, options: PoolOptions) -> Result<Self, Error> {
        let is_server = matches!(target, Target::Server { .. });
        let acquire_timeout = Some(options.acquire_timeout);
        let connections = managed::Pool::builder(Manager { target, options })
            .max_size(options.size.try_into().unwrap_or(usize::MAX))
            .wait_timeout(acquire_timeout)
            .create_timeout(acquire_timeout)
            .recycle_timeout(acquire_timeout)
            // The ones that are not needed become idle.
            .queue_mode(QueueMode::Lifo)
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|cause| Error::new(ErrorKind::Other, cause))?;
        if is_server {
            tokio::spawn(close_idle(connections.weak(), options));
        }
        Ok(Self { connections, is_closing: Arc::default(), runtime: is_server.then(Handle::current) })
    }

    /// Waits for a connection.
    pub async fn get(&self) -> Result<PooledConnection, Error> {
        if self.is_closing.load(Ordering::Acquire) {
            return Err(Error::unavailable("the connections are closed"));
        }
        let connection = self.connections.get().await.map_err(|error| match error {
            PoolError::Backend(cause) => cause.outside_transaction(),
            PoolError::Timeout(what) => Error::unavailable(self.late(what)),
            other => Error::unavailable(other.to_string()),
        })?;
        Ok(PooledConnection::new(connection, self.backend()))
    }

    /// The message for a connection that was not available in time.
    fn late(&self, what: TimeoutType) -> String {
        let Manager { target, options } = self.connections.manager();
        let (limit, place) = (options.acquire_timeout, target.place().unwrap_or_else(|| "the database".to_owned()));
        match what {
            TimeoutType::Wait => format!("all {} connections to {place} are in use for {limit:?}", options.size),
            TimeoutType::Create | TimeoutType::Recycle => {
                format!("cannot connect to {place}: no answer within {limit:?}")
            }
        }
    }

    /// Whether the database answers as soon as a connection to it can be opened.
    pub async fn ping(&self) -> Result<(), Error> {
        let limit = self.connections.manager().options.acquire_timeout * 2;
        let answer = timeout(limit, self.run("SELECT 1")).await;
        answer.unwrap_or_else(|_| Err(Error::timeout(limit))).map(drop)
    }

    /// How many connections are open, and how many of them are idle.
    pub fn size(&self) -> (usize, usize) {
        let Status { size, available, .. } = self.connections.status();
        (size, available)
    }

    /// Opens and hands out no more connections, and waits until the last one has come back and is closed.
    pub async fn close(&self) {
        self.is_closing.store(true, Ordering::Release);
        loop {
            let idle = self.connections.retain(|_, _| false).removed;
            join_all(idle.into_iter().map(Connection::close)).await;
            if self.size().0 == 0 {
                return self.connections.close();
            }
            sleep(Duration::from_millis(5)).await;
        }
    }

    async fn run_here(&self, statement: Statement) -> Result<StatementResult, Error> {
        let mut connection = self.get().await?;
        let results = connection.run(vec![statement]).await.map_err(|failure| failure.error.outside_transaction())?;
        results.into_iter().next().ok_or_else(Error::no_result)
    }
}

/// Closes connections that are idle or old, as long as the pool is there.
async fn close_idle(pool: managed::WeakPool<Manager>, options: PoolOptions) {
    let PoolOptions { idle_timeout, max_lifetime, .. } = options;
    loop {
        sleep(idle_timeout / 2).await;
        let Some(pool) = pool.upgrade() else { return };
        let idle = pool.retain(|_, it| it.last_used() < idle_timeout && it.age() < max_lifetime).removed;
        join_all(idle.into_iter().map(Connection::close)).await;
    }
}

impl Executor for Pool {
    fn backend(&self) -> DbBackend {
        match self.connections.manager().target {
            Target::Sqlite { .. } => DbBackend::Sqlite,
            Target::Server { .. } => DbBackend::MySql,
        }
    }

    fn run(&self, statement: impl Into<Statement>) -> BoxFuture<'_, Result<StatementResult, Error>> {
        let statement = statement.into();
        #[cfg(test)]
        super::tests::noted::note(&statement);
        let Some(runtime) = &self.runtime else { return Box::pin(self.run_here(statement)) };
        let pool = self.clone();
        let run = async move { pool.run_here(statement).await }.in_current_span();
        Box::pin(async { runtime.spawn(run).await.unwrap_or_else(|ended| Err(Error::unavailable(ended))) })
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pool({:?})", self.backend())
    }
}

#[cfg(test)]
mod tests;
