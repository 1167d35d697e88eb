use std::collections::BTreeSet;
use std::sync::Arc;

use application::{
    AuditRepository, IdempotencyRepository, LeaseRepository, OpenTx, OutboxRepository, Transactions, Tx,
};
use async_trait::async_trait;
use domain::accounts::{AccountRepository, KnownNetworkRepository, LoginFailureRepository, RefreshTokenRepository};
use domain::carts::CartRepository;
use domain::customers::CustomerRepository;
use domain::orders::OrderRepository;
use domain::products::ProductRepository;
use domain::restocks::RestockRepository;
use domain::stock::StockRepository;
use domain::{StoreError, UtcDateTime};
use sea_orm::{ActiveModelTrait, DbBackend, DbErr, EntityTrait, IntoActiveModel, ModelTrait, Statement};
use tokio::runtime::Handle;

use super::batch::Batch;
use super::connection::Done;
use super::convert::micros;
use super::error;
use super::group::{Bounds, Place, Turn, Writer};
use super::lane::Lane;
use super::pool::Pool;
use super::row::FromRow;
use super::session::Session as _;
use crate::cache::{Changes, Subject};

#[derive(Debug)]
pub(super) struct DbTransactions {
    write: Write,
    changes: Arc<Changes>,
}

/// How transactions come to write.
#[derive(Debug)]
enum Write {
    /// Many at a time.
    AtOnce(Pool),
    /// One after the other.
    InTurn(Writer, Lane),
}

impl DbTransactions {
    pub fn new(write: Pool, changes: Arc<Changes>) -> Result<Self, StoreError> {
        let write = match write.backend() {
            DbBackend::Sqlite => {
                let lane = Lane::open().map_err(|cause| StoreError::Unavailable(cause.into()))?;
                Write::InTurn(Writer::on(lane.runtime(), write, Bounds::default()), lane)
            }
            _ => Write::AtOnce(write),
        };
        Ok(Self { write, changes })
    }

    /// Where transactions are run.
    pub fn runtime(&self) -> Handle {
        match &self.write {
            Write::AtOnce(_) => Handle::current(),
            Write::InTurn(_, lane) => lane.runtime().clone(),
        }
    }
}

#[async_trait]
impl Transactions for DbTransactions {
    async fn begin(&self) -> Result<Box<dyn OpenTx>, StoreError> {
        let changes = self.changes.clone();
        Ok(Box::new(match &self.write {
            Write::AtOnce(write) => DbTx::begin(write, changes).await?,
            Write::InTurn(writer, _) => {
                let Turn { batch, place } = writer.turn().await?;
                DbTx { place: Some(place), ..DbTx::new(batch, changes) }
            }
        }))
    }
}

/// A transaction. Every repository is an `impl` on it, in the file of its noun. Dropping it rolls it back.
pub(super) struct DbTx {
    // The first field, so that it is rolled back before others in its group write.
    pub transaction: Batch,
    /// Where writing is done in groups.
    place: Option<Place>,
    changes: Arc<Changes>,
    /// What it changes that others keep in memory.
    pub changed: BTreeSet<Subject>,
    /// Whether it has claimed an idempotency key.
    pub claimed: bool,
}

impl DbTx {
    /// One that stands alone.
    pub async fn begin(pool: &Pool, changes: Arc<Changes>) -> Result<Self, StoreError> {
        let connection = pool.get().await.map_err(error::on_read)?;
        Ok(Self::new(Batch::transaction(connection), changes))
    }

    fn new(transaction: Batch, changes: Arc<Changes>) -> Self {
        Self { transaction, place: None, changes, changed: BTreeSet::new(), claimed: false }
    }

    /// Inserts rows of one table, with one statement.
    pub async fn insert_rows<M>(&self, rows: impl IntoIterator<Item = M>) -> Result<(), DbErr>
    where
        M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
        <M::Entity as EntityTrait>::ActiveModel: ActiveModelTrait<Entity = M::Entity> + Send,
    {
        let rows: Vec<_> = rows.into_iter().map(IntoActiveModel::into_active_model).collect();
        if rows.is_empty() {
            return Ok(());
        }
        self.transaction.execute(&<M::Entity as EntityTrait>::insert_many(rows)).await.map(drop)
    }

    /// The same, for rows that nobody asks for in the same transaction; see [`Batch`].
    pub fn insert_later<M>(&self, rows: impl IntoIterator<Item = M>)
    where
        M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
        <M::Entity as EntityTrait>::ActiveModel: ActiveModelTrait<Entity = M::Entity> + Send,
    {
        let rows: Vec<_> = rows.into_iter().map(IntoActiveModel::into_active_model).collect();
        if !rows.is_empty() {
            self.transaction.later(&<M::Entity as EntityTrait>::insert_many(rows));
        }
    }

    /// Gives a row all its values anew; its primary key says which row.
    pub async fn update_row<M>(&self, row: M) -> Result<(), DbErr>
    where
        M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
        <M::Entity as EntityTrait>::ActiveModel: ActiveModelTrait<Entity = M::Entity> + Send,
    {
        self.update(row.into_active_model().reset_all()).await
    }

    /// Gives a row the values that are set; its primary key says which row.
    pub async fn update<A: ActiveModelTrait>(&self, row: A) -> Result<(), DbErr> {
        match self.transaction.execute(&A::Entity::update(row).validate()?).await? {
            0 => Err(DbErr::RecordNotUpdated),
            _ => Ok(()),
        }
    }

    /// Asks for two kinds of rows at once.
    pub async fn both<A: FromRow, B: FromRow>(&self, statements: Vec<Statement>) -> Result<(Vec<A>, Vec<B>), DbErr> {
        let done = self.transaction.run_all(statements).await?;
        let [first, second] = &done[..] else { return Err(Done::missing()) };
        Ok((first.read()?, second.read()?))
    }

    /// Forgets up to `limit` rows, the oldest first; says how many.
    pub async fn purge(&self, expired: &Expired, before: UtcDateTime, limit: u64) -> Result<u64, DbErr> {
        let Expired { table, key, since, condition } = expired;
        let oldest = format!("{since} < ? AND {condition} ORDER BY {since} LIMIT ?");
        let backend = self.transaction.backend();
        let sql = match backend {
            DbBackend::Sqlite => {
                format!("DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} WHERE {oldest})")
            }
            _ => format!("DELETE FROM {table} WHERE {oldest}"),
        };
        let delete = Statement::from_sql_and_values(backend, sql, [micros(before).into(), limit.into()]);
        Ok(self.transaction.run(delete).await?.affected)
    }
}

/// Rows that are forgotten when they are old.
pub(super) struct Expired {
    pub table: &'static str,
    /// Its primary key.
    pub key: &'static str,
    /// The column that says how old a row is.
    pub since: &'static str,
    /// What else must hold.
    pub condition: &'static str,
}

#[async_trait]
impl OpenTx for DbTx {
    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        self.tell_changes();
        let Self { transaction, place, changes, changed, .. } = *self;
        let committed = match place {
            Some(place) => place.keep(transaction).await,
            None => transaction.keep().await,
        };
        // Also if nobody knows how it ended. Only now: what is read before the commit is old.
        for subject in changed {
            changes.of(subject).changed();
        }
        committed
    }

    async fn rollback(self: Box<Self>) -> Result<(), StoreError> {
        let Self { transaction, place, .. } = *self;
        match place {
            Some(place) => place.undo(transaction).await,
            None => transaction.undo().await,
        }
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

    fn known_networks(&mut self) -> &mut dyn KnownNetworkRepository {
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

    fn restocks(&mut self) -> &mut dyn RestockRepository {
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

    fn audit(&mut self) -> &mut dyn AuditRepository {
        self
    }

    fn leases(&mut self) -> &mut dyn LeaseRepository {
        self
    }

    fn outbox(&mut self) -> &mut dyn OutboxRepository {
        self
    }
}
