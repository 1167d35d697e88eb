//! The database engine: runs SQL with the same behaviour on SQLite, MySQL and MariaDB. It knows no nouns.
//!
//! Its concepts:
//! - [`Statement`]: SQL with its values, and what the engine has to know about it.
//! - [`Row`]: a row of a result, and how values are read from it.
//! - [`Error`]: a failure, and what can be done about it.
//! - [`Executor`]: runs statements and reads rows. A pool and a transaction are executors.
//! - [`Pool`]: connections that are kept open for reuse.
//! - [`PooledConnection`]: one connection, in `sqlite` on the thread of the caller, in `mysql` with pipelined statements.
//! - [`Transaction`]: a transaction or a savepoint, with deferred statements.
//! - [`Writer`]: begins transactions; on SQLite one at a time, many with one commit.

mod connection;
mod error;
mod executor;
mod literal;
mod mysql;
mod pool;
mod row;
mod sqlite;
mod statement;
#[cfg(test)]
pub(super) mod tests;
mod transaction;
mod writer;

pub(super) use connection::PooledConnection;
pub(super) use error::{Error, ErrorKind};
pub(super) use executor::{Executor, StatementResult};
pub(super) use pool::{Pool, PoolOptions, Target};
pub(super) use row::{FromRow, Model, Row};
pub(super) use sqlite::BUSY_TIMEOUT;
pub(super) use statement::{Assumption, Statement, affected_rows};
pub(super) use transaction::Transaction;
pub(super) use writer::Writer;
