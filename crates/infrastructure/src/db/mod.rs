//! The database: SQLite, MySQL or MariaDB, chosen by its URL, with the same behaviour on each.
//!
//! Each noun has a file with its repository, an `impl` on `tx::DbTx`, and its queries, an `impl` on
//! `queries::DbQueries`. The rows are in `entities`, with their conversions from and to the domain.

mod accounts;
mod audit;
mod batch;
mod bulk;
mod carts;
mod cells;
mod changes;
mod connect;
mod connection;
mod connections;
mod convert;
mod customers;
mod doctor;
mod embedded;
mod entities;
mod error;
mod group;
mod idempotency;
mod known_networks;
mod lane;
mod leases;
mod literal;
mod login_failures;
mod lookup;
mod migrate;
mod orders;
mod outbox;
mod pool;
mod product_list;
mod product_order;
mod product_search;
mod products;
mod queries;
mod reader;
mod refresh_tokens;
mod restocks;
mod row;
mod session;
mod stock;
mod tokens;
mod trips;
mod tx;
mod url;

pub use connections::Connections;
pub use doctor::Finding;
pub use migrate::{MigrateError, MigrationStatus};
pub use url::{DatabaseUrl, InvalidDatabaseUrl};

use std::convert::Infallible;
use std::sync::Arc;

use application::{AuditQueries, Transactions};
use domain::StoreError;
use domain::accounts::AccountQueries;
use domain::carts::CartQueries;
use domain::customers::CustomerQueries;
use domain::orders::OrderQueries;
use domain::products::ProductQueries;
use domain::restocks::RestockQueries;
use domain::stock::StockQueries;
use tokio::runtime::Handle;

use connect::Pools;
use queries::DbQueries;
use tx::DbTransactions;

use crate::cache::Changes;

/// Which database, and how many connections to it.
#[derive(Debug, Clone)]
pub struct DatabaseConfig {
    /// Where it is.
    pub url: DatabaseUrl,
    /// The most connections; by default as many as suit the kind of database. SQLite has one more, for writing.
    pub max_connections: Option<u32>,
}

/// A database. It may go away and come back: what is asked of it meanwhile is answered with
/// [`StoreError::Unavailable`].
#[derive(Debug, Clone)]
pub struct Database {
    pools: Pools,
    changes: Arc<Changes>,
    transactions: Arc<DbTransactions>,
}

impl Database {
    /// Opens the file of an embedded database. A server is not connected to until it is first needed.
    ///
    /// # Errors
    /// If the file cannot be opened.
    pub async fn connect(config: &DatabaseConfig) -> Result<Self, StoreError> {
        let (pools, changes) = (Pools::open(config).await?, Arc::default());
        let transactions = Arc::new(DbTransactions::new(pools.write.clone(), Arc::clone(&changes))?);
        Ok(Self { pools, changes, transactions })
    }

    /// Where transactions come from.
    pub fn transactions(&self) -> Arc<dyn Transactions> {
        self.transactions.clone()
    }

    /// Where transactions are best run: on this runtime, or on the thread that writes to an embedded database.
    pub fn runtime(&self) -> Handle {
        self.transactions.runtime()
    }

    /// Reads of accounts. Each asks the database; see [`crate::cache::CachedAccounts`].
    pub fn accounts(&self) -> Arc<dyn AccountQueries> {
        self.queries()
    }

    /// Reads of customers.
    pub fn customers(&self) -> Arc<dyn CustomerQueries> {
        self.queries()
    }

    /// Reads of products.
    pub fn products(&self) -> Arc<dyn ProductQueries> {
        self.queries()
    }

    /// What is known of changes, for [caches](crate::cache).
    pub fn changes(&self) -> Arc<Changes> {
        self.changes.clone()
    }

    /// Follows what other servers change, and never ends. The schema must be there.
    pub fn follow_changes(&self) -> impl Future<Output = Infallible> + Send + use<> {
        changes::follow(self.pools.clone(), self.changes.clone())
    }

    /// Reads of stock.
    pub fn stock(&self) -> Arc<dyn StockQueries> {
        self.queries()
    }

    /// Reads of restocks.
    pub fn restocks(&self) -> Arc<dyn RestockQueries> {
        self.queries()
    }

    /// Reads of carts.
    pub fn carts(&self) -> Arc<dyn CartQueries> {
        self.queries()
    }

    /// Reads of orders.
    pub fn orders(&self) -> Arc<dyn OrderQueries> {
        self.queries()
    }

    /// Reads of the audit log.
    pub fn audit(&self) -> Arc<dyn AuditQueries> {
        self.queries()
    }

    fn queries(&self) -> Arc<DbQueries> {
        Arc::new(DbQueries::new(self.pools.read.clone()))
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// If it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.pools.read.ping().await.map_err(error::on_read)
    }

    /// How many connections there are now.
    pub fn connections(&self) -> Vec<Connections> {
        connections::of(&self.pools)
    }

    /// Applies every migration that the database has not had. Of several servers that start at once, one does it, and
    /// the others wait until it has.
    ///
    /// # Errors
    /// See [`MigrateError`].
    pub async fn migrate_up(&self) -> Result<(), MigrateError> {
        migrate::up(&self.pools.migrate).await
    }

    /// Takes back the last `steps` migrations, and what is in their tables.
    ///
    /// # Errors
    /// See [`MigrateError`].
    pub async fn migrate_down(&self, steps: u32) -> Result<(), MigrateError> {
        migrate::down(&self.pools.migrate, steps).await
    }

    /// Every migration, in order, and whether it is applied. Changes nothing.
    ///
    /// # Errors
    /// See [`MigrateError`].
    pub async fn migration_status(&self) -> Result<Vec<MigrationStatus>, MigrateError> {
        migrate::status(&self.pools.migrate).await
    }

    /// Waits for what runs, and closes every connection. Whatever is asked of the database later is answered with
    /// [`StoreError::Unavailable`].
    pub async fn close(&self) {
        self.pools.close().await;
    }
}
