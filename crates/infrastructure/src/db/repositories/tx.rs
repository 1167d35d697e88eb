use std::collections::BTreeSet;
use std::sync::Arc;

use application::{Attempt, OpenTx, Transactions, Tx, Work};
use async_trait::async_trait;
use domain::{StoreError, UtcDateTime};
use sea_orm::Value;
use sea_orm::{
    ActiveModelTrait, DbBackend, DbErr, EntityName as _, EntityTrait, IdenStatic as _, IntoActiveModel, Iterable as _,
    ModelTrait,
};
use tokio::runtime::Handle;

use crate::cache::{Changes, Recount, Subject};
use crate::db::convert::micros;
use crate::db::engine::{Assumption, Error, Executor as _, FromRow, Pool, Statement, Transaction, Writer};

/// Begins transactions for the application.
#[derive(Debug)]
pub(in crate::db) struct DbTransactions {
    writer: Writer,
    /// The runtime on which transactions run; see [`Writer::runtime`].
    runtime: Handle,
    changes: Arc<Changes>,
}

impl DbTransactions {
    pub fn new(write: Pool, changes: Arc<Changes>) -> Result<Self, StoreError> {
        let writer = Writer::new(write).map_err(|cause| StoreError::Unavailable(cause.into()))?;
        Ok(Self { runtime: writer.runtime(), writer, changes })
    }

    /// Waits until nobody writes to SQLite. Nobody does before what this returns is dropped.
    pub async fn pause(&self) -> Result<Transaction, Error> {
        self.writer.begin(true).await
    }
}

#[async_trait]
impl Transactions for DbTransactions {
    async fn begin(&self, attempt: Attempt) -> Result<Box<dyn OpenTx>, StoreError> {
        let transaction = self.writer.begin(false).await?;
        Ok(Box::new(DbTx::new(transaction, self.changes.clone(), attempt)))
    }

    fn spawn(&self, work: Work) {
        self.runtime.spawn(work);
    }
}

/// A transaction. The file of each noun implements its repository on this type. Dropping it rolls back.
pub(in crate::db) struct DbTx {
    pub transaction: Transaction,
    pub changes: Arc<Changes>,
    pub attempt: Attempt,
    /// The cached data that the transaction changes.
    pub changed: BTreeSet<Subject>,
    /// The counts of products that are out of date once it commits.
    pub recount: Recount,
    /// Whether the transaction has claimed an idempotency key.
    pub claimed: bool,
    /// Whether it erases personal data.
    pub erases: bool,
    /// Whether it appends events to the outbox.
    pub appends: bool,
    /// When work on payments is due that it writes down for whoever comes next.
    pub due_work: Option<UtcDateTime>,
    /// When a mail is due that it queues.
    pub due_mail: Option<UtcDateTime>,
}

impl DbTx {
    /// Begins a transaction on a connection of this pool, without group commit.
    pub async fn begin(pool: &Pool, changes: Arc<Changes>) -> Result<Self, StoreError> {
        Ok(Self::new(Transaction::new(pool.get().await?), changes, Attempt::Careful))
    }

    fn new(transaction: Transaction, changes: Arc<Changes>, attempt: Attempt) -> Self {
        Self {
            transaction,
            changes,
            attempt,
            changed: BTreeSet::new(),
            recount: Recount::Nothing,
            claimed: false,
            erases: false,
            appends: false,
            due_work: None,
            due_mail: None,
        }
    }

    /// Inserts rows of one table with one statement.
    pub async fn insert_rows<M>(&self, rows: impl IntoIterator<Item = M>) -> Result<(), Error>
    where
        M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
        <M::Entity as EntityTrait>::ActiveModel: ActiveModelTrait<Entity = M::Entity> + Send,
    {
        match insert(rows) {
            Some(statement) => self.transaction.run(statement).await.map(drop),
            None => Ok(()),
        }
    }

    /// [`Self::insert_rows`], deferred; see [`Transaction::defer`].
    pub fn insert_deferred<M>(&self, rows: impl IntoIterator<Item = M>)
    where
        M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
        <M::Entity as EntityTrait>::ActiveModel: ActiveModelTrait<Entity = M::Entity> + Send,
    {
        if let Some(statement) = insert(rows) {
            self.transaction.defer(statement);
        }
    }

    /// Inserts a row, deferred, with an assumption that holds if the INSERT succeeds.
    pub fn insert_assuming<M>(&self, row: M, assumption: Assumption)
    where
        M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
        <M::Entity as EntityTrait>::ActiveModel: ActiveModelTrait<Entity = M::Entity> + Send,
    {
        if let Some(statement) = insert([row]) {
            self.transaction.defer(statement.assuming(assumption));
        }
    }

    /// Updates all columns of the row with this primary key.
    pub async fn update_row<M>(&self, row: M) -> Result<(), Error>
    where
        M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
        <M::Entity as EntityTrait>::ActiveModel: ActiveModelTrait<Entity = M::Entity> + Send,
    {
        self.update(row.into_active_model().reset_all()).await
    }

    /// Updates the columns that are set, in the row with this primary key.
    pub async fn update<A: ActiveModelTrait>(&self, row: A) -> Result<(), Error> {
        match self.transaction.execute(&A::Entity::update(row).validate()?).await? {
            0 => Err(DbErr::RecordNotUpdated.into()),
            _ => Ok(()),
        }
    }

    /// Reads the rows of two statements in one round trip.
    pub async fn both<A: FromRow, B: FromRow>(
        &self,
        statements: [impl Into<Statement>; 2],
    ) -> Result<(Vec<A>, Vec<B>), Error> {
        let results = self.transaction.run_all(statements.map(Into::into).into()).await?;
        let [first, second] = &results[..] else { return Err(Error::no_result()) };
        Ok((first.read()?, second.read()?))
    }

    /// Deletes up to `limit` rows that expired before a time, oldest first. Returns how many.
    pub async fn purge(&self, expired: &Expired, before: UtcDateTime, limit: u64) -> Result<u64, Error> {
        self.purge_before(expired, micros(before).into(), limit).await
    }

    /// [`Self::purge`] with a time in the type of the column `since`.
    pub async fn purge_before(&self, expired: &Expired, before: Value, limit: u64) -> Result<u64, Error> {
        let Expired { table, key, since, condition } = expired;
        let oldest = format!("{since} < ? AND {condition} ORDER BY {since} LIMIT ?");
        let sql = match self.transaction.backend() {
            DbBackend::Sqlite => {
                format!("DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} WHERE {oldest})")
            }
            _ => format!("DELETE FROM {table} WHERE {oldest}"),
        };
        Ok(self.transaction.run(Statement::new(sql, [before, limit.into()])).await?.affected_rows)
    }
}

/// The statement that inserts rows of one table; `None` if there are none. It writes all columns, so that its text needs no
/// query builder: an order inserts a dozen rows in every transaction.
fn insert<M>(rows: impl IntoIterator<Item = M>) -> Option<Statement>
where
    M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
    <M::Entity as EntityTrait>::ActiveModel: ActiveModelTrait<Entity = M::Entity>,
{
    let columns = || <M::Entity as EntityTrait>::Column::iter();
    let values: Vec<_> = rows
        .into_iter()
        .map(IntoActiveModel::into_active_model)
        .flat_map(|mut row| columns().filter_map(move |column| row.take(column).into_value()))
        .collect();
    let mut sql = format!("INSERT INTO `{}` (", M::Entity::default().table_name());
    for (number, column) in columns().enumerate() {
        sql.push_str(if number == 0 { "`" } else { ", `" });
        sql.push_str(column.as_str());
        sql.push('`');
    }
    let width = columns().count();
    for number in 0..values.len() {
        sql.push_str(match (number, number % width) {
            (0, _) => ") VALUES (?",
            (_, 0) => "), (?",
            _ => ", ?",
        });
    }
    sql.push(')');
    (!values.is_empty()).then(|| Statement::new(sql, values))
}

/// The rows of a table that expire.
pub(in crate::db) struct Expired {
    pub table: &'static str,
    /// The primary key.
    pub key: &'static str,
    /// The column with the time from which a row ages.
    pub since: &'static str,
    /// An additional SQL condition for expired rows.
    pub condition: &'static str,
}

#[async_trait]
impl OpenTx for DbTx {
    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        self.publish_changes();
        let Self { transaction, changes, changed, recount, erases, appends, due_work, due_mail, .. } = *self;
        let committed = transaction.commit().await;
        if erases {
            changes.erased();
        }
        if appends {
            changes.events().notify_one();
        }
        if let Some(at) = due_work {
            changes.due_work().add(at);
        }
        if let Some(at) = due_mail {
            changes.due_mail().add(at);
        }
        // Also if the outcome is unknown. Not before the commit, because a read would still return the old state.
        changes.counted().changed(&recount);
        for subject in changed {
            changes.of(subject).changed();
        }
        Ok(committed?)
    }

    async fn rollback(self: Box<Self>) -> Result<(), StoreError> {
        Ok(self.transaction.rollback().await?)
    }

    fn repositories(&mut self) -> &mut dyn Tx {
        self
    }
}

macro_rules! impl_tx {
    ($($name:ident: $repository:path => $mock:path,)*) => {
        impl Tx for DbTx {
            $(
                fn $name(&mut self) -> &mut dyn $repository {
                    self
                }
            )*
        }
    };
}

application::with_repositories!(impl_tx);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::entities::cart_items::Model;
    use domain::Uuid;

    #[test]
    fn rows_of_a_table_are_inserted_by_one_statement() {
        let row = |quantity| Model { customer_id: Uuid::from_u128(1), product_id: Uuid::from_u128(2), quantity };
        let Statement { sql, values, .. } = insert([row(3), row(4)]).unwrap();
        let columns = "INSERT INTO `cart_items` (`customer_id`, `product_id`, `quantity`)";
        assert_eq!(sql, format!("{columns} VALUES (?, ?, ?), (?, ?, ?)"));
        assert_eq!(values.get(5), Some(&4_i64.into()));
        assert_eq!(values.len(), 6);
        assert!(insert::<Model>([]).is_none());
    }
}
