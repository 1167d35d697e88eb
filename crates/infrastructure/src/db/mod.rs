//! The database: SQLite, MySQL or MariaDB, chosen by its URL, with the same behaviour on each.
//!
//! `engine` runs statements. `repositories` has a file for each noun: its repository, an `impl` on `DbTx`, and its
//! queries, an `impl` on `DbQueries`. `entities` are the rows, with their conversions from and to the domain.
//! `search` lists and finds products, `maintenance` migrates, loads, checks, and reports changes to other servers.

mod cannot_connect;
mod cannot_open;
mod convert;
mod engine;
mod entities;
mod error_numbers;
mod maintenance;
mod open_file;
mod pools;
mod repositories;
mod search;
mod test_payments;
#[cfg(test)]
mod tests;
mod url;

pub use maintenance::{
    BulkGroup, BulkMember, Connections, Deleted, Finding, Heartbeat, MigrateError, MigrationStatus, OtherCurrency,
    Product, RunningServer, is_in_use, migration_names,
};
pub use test_payments::{TestPayment, TestPayments};
pub use url::{DatabaseUrl, InvalidDatabaseUrl};

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use application::{Queries, Transactions};
use domain::StoreError;

use pools::Pools;
use repositories::{DbQueries, DbTransactions};

use crate::cache::Changes;
use crate::system::ShopClock;

/// Which database to use, and with how many connections.
#[derive(Debug, Clone)]
pub struct DatabaseConfig {
    /// Its address.
    pub url: DatabaseUrl,
    /// The maximum number of connections; by default 16 to a server, and 8 that read SQLite. SQLite has one more that
    /// writes.
    pub max_connections: Option<u32>,
    /// How long a server may take to answer a request's statement, by default 10 seconds.
    pub statement_timeout: Option<Duration>,
}

/// A database. It may go away and come back. Meanwhile each call returns [`StoreError::Unavailable`].
#[derive(Debug, Clone)]
pub struct Database {
    pools: Pools,
    changes: Arc<Changes>,
    transactions: Arc<DbTransactions>,
}

impl Database {
    /// Opens the file of SQLite. A connection to a server is opened when it is first needed.
    ///
    /// # Errors
    /// If the file cannot be opened.
    pub async fn connect(config: &DatabaseConfig) -> Result<Self, StoreError> {
        let (pools, changes) = (Pools::open(config).await?, Arc::default());
        let transactions = Arc::new(DbTransactions::new(pools.write.clone(), Arc::clone(&changes))?);
        Ok(Self { pools, changes, transactions })
    }

    /// Begins transactions.
    pub fn transactions(&self) -> Arc<dyn Transactions> {
        self.transactions.clone()
    }

    /// The changes that this server knows of, for [caches](crate::cache).
    pub fn changes(&self) -> Arc<Changes> {
        self.changes.clone()
    }

    /// The time of the shop, which is that of the database server if there is one.
    pub fn clock(&self) -> ShopClock {
        self.changes.clock().clone()
    }

    /// Asks the database server for its time, which the [clock](Self::clock) tells from then on.
    ///
    /// # Errors
    /// `Unavailable` if it does not answer.
    pub async fn agree_on_time(&self) -> Result<(), StoreError> {
        Ok(maintenance::agree_on_time(&self.pools, self.changes.clock()).await?)
    }

    /// Follows the changes of other servers, for ever. The schema must exist.
    pub fn follow_changes(&self) -> impl Future<Output = Infallible> + Send + use<> {
        maintenance::follow(self.pools.clone(), self.changes.clone())
    }

    /// Keeps SQLite's log of writes short, for ever. A database server looks after its logs by itself.
    pub fn copy_log(&self) -> impl Future<Output = ()> + Send + use<> {
        maintenance::copy_log(self.pools.clone(), self.transactions.clone())
    }

    /// Every read outside of a transaction, each from the database. The [caches](crate::cache) keep some in memory.
    pub fn queries(&self) -> Queries {
        Queries::from(&Arc::new(DbQueries::new(self.pools.read.clone(), self.pools.lists.clone())))
    }

    /// The books of the test provider.
    pub fn test_payments(&self) -> TestPayments {
        TestPayments(self.pools.clone())
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// `Unavailable` if it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        Ok(self.pools.read.ping().await?)
    }

    /// Which database it is.
    ///
    /// # Errors
    /// `Unavailable` if it does not answer.
    pub async fn product(&self) -> Result<Product, StoreError> {
        Ok(maintenance::product(&self.pools).await?)
    }

    /// Connects once, because the pool for migrations does not say why it cannot.
    async fn reach(&self) -> Result<(), MigrateError> {
        Ok(self.pools.read.ping().await?)
    }

    /// The number of open and idle connections.
    pub fn connections(&self) -> Vec<Connections> {
        maintenance::connections_of(&self.pools)
    }

    /// Applies every migration that is not applied yet. If several servers start at once, one migrates and the others
    /// wait.
    ///
    /// # Errors
    /// See [`MigrateError`].
    pub async fn migrate_up(&self) -> Result<(), MigrateError> {
        self.reach().await?;
        maintenance::up(&self.pools.migrate).await
    }

    /// Reverts the last `steps` migrations and drops the data in their tables.
    ///
    /// # Errors
    /// [`MigrateError::InUse`] while servers run; otherwise see [`MigrateError`].
    pub async fn migrate_down(&self, steps: u32) -> Result<(), MigrateError> {
        self.reach().await?;
        maintenance::down(&self.pools.migrate, steps).await
    }

    /// What [`Self::migrate_down`] would delete.
    ///
    /// # Errors
    /// [`MigrateError::InUse`] while servers run; otherwise see [`MigrateError`].
    pub async fn losses(&self, steps: u32) -> Result<Vec<Deleted>, MigrateError> {
        self.reach().await?;
        maintenance::losses(&self.pools.migrate, steps).await
    }

    /// What differs between the schema and that of this program; `None` if nothing does.
    ///
    /// # Errors
    /// `Unavailable` if the database does not answer.
    pub async fn schema_difference(&self) -> Result<Option<String>, StoreError> {
        Ok(maintenance::check_schema(&self.pools).await?)
    }

    /// Writes something, to see whether that works.
    ///
    /// # Errors
    /// [`StoreError::Full`] if there is no room, `Unavailable` if the database does not answer.
    pub async fn probe(&self) -> Result<(), StoreError> {
        Ok(maintenance::probe(&self.pools).await?)
    }

    /// The heartbeat of a server that listens at this address, which shows others that it runs.
    pub fn heartbeat(&self, address: &str) -> Heartbeat {
        Heartbeat::new(self.pools.clone(), address)
    }

    /// Every migration, in order, and whether it is applied. Changes nothing.
    ///
    /// # Errors
    /// See [`MigrateError`].
    pub async fn migration_status(&self) -> Result<Vec<MigrationStatus>, MigrateError> {
        self.reach().await?;
        maintenance::status(&self.pools.migrate).await
    }

    /// Waits for running statements and closes every connection. Later calls return [`StoreError::Unavailable`].
    pub async fn close(&self) {
        self.pools.close().await;
    }
}
