use application::{IdempotencyRepository, OpenTx, OutboxRepository, Transactions, Tx};
use async_trait::async_trait;
use domain::StoreError;
use domain::accounts::{AccountRepository, LoginFailureRepository, RefreshTokenRepository};
use domain::carts::CartRepository;
use domain::customers::CustomerRepository;
use domain::orders::OrderRepository;
use domain::products::ProductRepository;
use domain::stock::StockRepository;
use sea_orm::{
    ActiveModelTrait, DatabaseConnection, DatabaseTransaction, DbErr, EntityTrait, IntoActiveModel, ModelTrait,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};

use super::error;

pub(super) struct DbTransactions {
    write: DatabaseConnection,
}

impl DbTransactions {
    pub fn new(write: DatabaseConnection) -> Self {
        Self { write }
    }
}

#[async_trait]
impl Transactions for DbTransactions {
    async fn begin(&self) -> Result<Box<dyn OpenTx>, StoreError> {
        let transaction = begin(&self.write).await.map_err(error::on_read)?;
        Ok(Box::new(DbTx { transaction }))
    }
}

/// Begins a transaction that may write. SQLite is told so at once: one that reads first and then wants to write would
/// be refused if somebody else has written meanwhile.
pub(super) async fn begin(write: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let mode = Some(SqliteTransactionMode::Immediate);
    write.begin_with_options(TransactionOptions { sqlite_transaction_mode: mode, ..Default::default() }).await
}

/// A transaction. Every repository is an `impl` on it, in the file of its noun. Dropping it rolls it back.
pub(super) struct DbTx {
    pub transaction: DatabaseTransaction,
}

impl DbTx {
    /// Inserts rows of one table, with one statement.
    pub async fn insert_rows<M>(&self, rows: impl IntoIterator<Item = M>) -> Result<(), DbErr>
    where
        M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
        <M::Entity as EntityTrait>::ActiveModel: ActiveModelTrait<Entity = M::Entity> + Send,
    {
        let rows = rows.into_iter().map(IntoActiveModel::into_active_model);
        <M::Entity as EntityTrait>::insert_many(rows).exec_without_returning(&self.transaction).await.map(drop)
    }
}

#[async_trait]
impl OpenTx for DbTx {
    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        self.transaction.commit().await.map_err(error::on_commit)
    }

    async fn rollback(self: Box<Self>) -> Result<(), StoreError> {
        self.transaction.rollback().await.map_err(error::on_read)
    }

    fn repositories(&mut self) -> &mut dyn Tx {
        self
    }
}

impl Tx for DbTx {
    fn accounts(&mut self) -> &mut dyn AccountRepository {
        self
    }

    fn refresh_tokens(&mut self) -> &mut dyn RefreshTokenRepository {
        self
    }

    fn login_failures(&mut self) -> &mut dyn LoginFailureRepository {
        self
    }

    fn customers(&mut self) -> &mut dyn CustomerRepository {
        self
    }

    fn products(&mut self) -> &mut dyn ProductRepository {
        self
    }

    fn stock(&mut self) -> &mut dyn StockRepository {
        self
    }

    fn carts(&mut self) -> &mut dyn CartRepository {
        self
    }

    fn orders(&mut self) -> &mut dyn OrderRepository {
        self
    }

    fn idempotency(&mut self) -> &mut dyn IdempotencyRepository {
        self
    }

    fn outbox(&mut self) -> &mut dyn OutboxRepository {
        self
    }
}
