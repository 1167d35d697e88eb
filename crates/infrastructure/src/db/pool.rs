//! Connections that are kept open, to be used again.
//!
//! Not those of sqlx, which asks each one whether it lives when it comes back: a trip for each read and each transaction.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use deadpool::managed::{self, Manager, Metrics, Object, PoolError, QueueMode, RecycleError, RecycleResult};
use deadpool::{Runtime, Status};
use sea_orm::sqlx::mysql::{MySqlConnectOptions, MySqlConnection};
use sea_orm::sqlx::{self, ConnectOptions as _, Connection as _, Executor as _};
use sea_orm::{DbBackend, DbErr, RuntimeErr, Statement};
use tokio::time::sleep;

use super::connection::{Connection, Done};
use super::embedded::{self, Embedded};
use super::session::Session;

/// After this time a server is asked whether the connection still lives, before it is used again.
const FRESH: Duration = Duration::from_secs(1);
/// How long a connection to a server is kept, at most, and how long if nobody uses it.
const LIFE: Duration = Duration::from_mins(5);
const IDLE: Duration = Duration::from_mins(1);

/// A comment that begins with `M!` is code for MariaDB alone.
const KNOWS_BLOCKS: &str = "SELECT 0 /*M! + 1 */";

/// A number of connections, opened when they are needed.
#[derive(Clone)]
pub(super) struct Pool {
    connections: managed::Pool<Opener>,
    is_closing: Arc<AtomicBool>,
}

/// How a connection is opened; one to a server is set up by some statements.
pub(super) enum Opener {
    /// By the URI of its file, and whether it is only read.
    Embedded(String, bool),
    MySql(Box<MySqlConnectOptions>, &'static str),
}

/// A connection.
pub(super) enum Raw {
    Embedded(Embedded),
    MySql(Server),
}

/// A connection to MySQL or MariaDB.
pub(super) struct Server {
    pub connection: MySqlConnection,
    /// Whether it runs statements as a block, with one answer for all: whether it is MariaDB.
    pub knows_blocks: bool,
}

impl Manager for Opener {
    type Type = Raw;
    type Error = sqlx::Error;

    async fn create(&self) -> Result<Raw, sqlx::Error> {
        // It happens once, and whoever waits for a connection need not make room for it.
        Box::pin(self.open()).await
    }

    async fn recycle(&self, raw: &mut Raw, about: &Metrics) -> RecycleResult<sqlx::Error> {
        match raw {
            Raw::MySql(_) if about.age() > LIFE => Err(RecycleError::message("it is old")),
            Raw::MySql(server) if about.last_used() > FRESH => Ok(server.connection.ping().await?),
            _ => Ok(()),
        }
    }
}

impl Opener {
    async fn open(&self) -> Result<Raw, sqlx::Error> {
        match self {
            Self::Embedded(uri, only_read) => {
                Embedded::open(uri, *only_read).map(Raw::Embedded).map_err(embedded::as_of_sqlx)
            }
            Self::MySql(options, session) => {
                let mut connection = options.connect().await?;
                connection.execute(*session).await?;
                let knows_blocks = sqlx::query_scalar::<_, i64>(KNOWS_BLOCKS).fetch_one(&mut connection).await? == 1;
                Ok(Raw::MySql(Server { connection, knows_blocks }))
            }
        }
    }
}

impl Raw {
    /// Says goodbye.
    pub async fn close(self) {
        let closed = match self {
            // It is closed when it is dropped.
            Self::Embedded(_) => Ok(()),
            Self::MySql(server) => server.connection.close().await,
        };
        if let Err(error) = closed {
            tracing::debug!(%error, "a connection was not closed as it should be");
        }
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pool({:?})", self.backend())
    }
}

impl Pool {
    /// Up to `size` connections, each waited for no longer than `patience`.
    ///
    /// # Errors
    /// If there can be no such pool.
    pub fn open(opener: Opener, size: u32, patience: Duration) -> Result<Self, DbErr> {
        let is_remote = matches!(opener, Opener::MySql(..));
        let connections = managed::Pool::builder(opener)
            .max_size(size.try_into().unwrap_or(usize::MAX))
            .wait_timeout(Some(patience))
            .create_timeout(Some(patience))
            .recycle_timeout(Some(patience))
            // The others can then be idle for so long that they are closed.
            .queue_mode(QueueMode::Lifo)
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|cause| DbErr::Conn(RuntimeErr::Internal(cause.to_string())))?;
        if is_remote {
            tokio::spawn(close_idle(connections.weak()));
        }
        Ok(Self { connections, is_closing: Arc::default() })
    }

    /// Waits for a connection.
    pub async fn get(&self) -> Result<Connection, DbErr> {
        let away = |cause| DbErr::Conn(RuntimeErr::SqlxError(Arc::new(cause)));
        if self.is_closing.load(Ordering::Acquire) {
            return Err(away(sqlx::Error::PoolClosed));
        }
        let connection = self.connections.get().await.map_err(|error| away(cause(error)))?;
        Ok(Connection::new(connection, self.backend()))
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), DbErr> {
        self.run(Statement::from_string(self.backend(), "SELECT 1")).await.map(drop)
    }

    /// How many connections there are, and how many of them nobody uses.
    pub fn size(&self) -> (usize, usize) {
        let Status { size, available, .. } = self.connections.status();
        (size, available)
    }

    /// Opens and lends no connection any more, and waits until the last one has come back and is closed.
    pub async fn close(&self) {
        self.is_closing.store(true, Ordering::Release);
        loop {
            for idle in self.connections.retain(|_, _| false).removed {
                idle.close().await;
            }
            if self.size().0 == 0 {
                return self.connections.close();
            }
            sleep(Duration::from_millis(5)).await;
        }
    }
}

/// Closes what nobody uses or is old, as long as there is a pool.
async fn close_idle(pool: managed::WeakPool<Opener>) {
    loop {
        sleep(IDLE / 2).await;
        let Some(pool) = pool.upgrade() else { return };
        for idle in pool.retain(|_, about| about.last_used() < IDLE && about.age() < LIFE).removed {
            idle.close().await;
        }
    }
}

fn cause(error: PoolError<sqlx::Error>) -> sqlx::Error {
    match error {
        PoolError::Backend(cause) => cause,
        PoolError::Closed => sqlx::Error::PoolClosed,
        _ => sqlx::Error::PoolTimedOut,
    }
}

/// A connection while somebody uses it.
pub(super) type Lent = Object<Opener>;

impl Session for Pool {
    fn backend(&self) -> DbBackend {
        match self.connections.manager() {
            Opener::Embedded(..) => DbBackend::Sqlite,
            Opener::MySql(..) => DbBackend::MySql,
        }
    }

    async fn run(&self, statement: Statement) -> Result<Done, DbErr> {
        let done = self.get().await?.run(vec![statement]).await.map_err(|failed| failed.cause)?;
        done.into_iter().last().ok_or_else(Done::missing)
    }
}
