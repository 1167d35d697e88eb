//! Payments: the money of orders. Whoever changes it holds the locks of the order and its balance, taken in this order.

mod lists;
mod queries;

use async_trait::async_trait;
use domain::customers::CustomerId;
use domain::orders::{OrderBalance, OrderId, OrderPaymentStatus, OrderScope, PaymentTerms};
use domain::payments::{
    EventId, OrderPayments, Payment, PaymentChanges, PaymentId, PaymentKey, PaymentNotice, PaymentOfOrder,
    PaymentOperation, PaymentRepository, ProviderName, Receipt,
};
use domain::{StoreError, UtcDateTime};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, DbBackend, EntityTrait, IntoActiveModel, ModelTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait as _, Select,
};

pub(super) use self::lists::by_hand;
use super::tx::{DbTx, Expired};
use crate::db::convert::micros;
use crate::db::engine::{Error, Executor as _, Statement};
use crate::db::entities::{
    customers, disputes, ledger_transfers as transfers, order_balances as balances, orders, payment_notices as notices,
    payment_operations as operations, payment_receipts as receipts, payments, refunds,
};

#[async_trait]
impl PaymentRepository for DbTx {
    async fn open(&mut self, balance: &OrderBalance) -> Result<(), StoreError> {
        self.insert_rows([balances::Model::from(balance)]).await?;
        let mark = "UPDATE orders SET has_balance = 1 WHERE id = ?";
        match self.transaction.run(Statement::new(mark, [balance.order_id.0.into()])).await?.affected_rows {
            0 => Err(StoreError::corrupt("a balance is opened for an order that is not there")),
            _ => Ok(()),
        }
    }

    async fn lock(&mut self, order_id: OrderId) -> Result<Option<OrderPayments>, StoreError> {
        let backend = self.transaction.backend();
        // The order comes first, as whenever it is locked together with its payments. The payments are locked too, because
        // who erases a customer changes them without the other locks.
        let order = orders::Entity::find_by_id(order_id.0).select_only().column(orders::Column::Id);
        let find = vec![
            order.lock_exclusive().build(backend).into(),
            balances::Entity::find_by_id(order_id.0).lock_exclusive().build(backend).into(),
            of_order(order_id).order_by_asc(payments::Column::Id).lock_exclusive().build(backend).into(),
            belonging::<operations::Entity>(operations::Column::PaymentId, operations::Column::Id, order_id, backend),
            belonging::<refunds::Entity>(refunds::Column::PaymentId, refunds::Column::Id, order_id, backend),
            belonging::<disputes::Entity>(disputes::Column::PaymentId, disputes::Column::Id, order_id, backend),
            // After the lock of the order, which whoever erases its customer holds too: what is read here stays so.
            customer_of(order_id).build(backend).into(),
        ];
        let results = self.transaction.run_all(find).await?;
        let [_, balance, of_order, operations, refunds, disputes, customer] = &results[..] else {
            return Err(Error::no_result().into());
        };
        let Some(balance) = balance.read::<balances::Model>()?.pop() else { return Ok(None) };
        Ok(Some(OrderPayments {
            balance: balance.try_into()?,
            payments: models::<payments::Model, _>(of_order.read()?)?,
            operations: models::<operations::Model, _>(operations.read()?)?,
            refunds: models::<refunds::Model, _>(refunds.read()?)?,
            disputes: models::<disputes::Model, _>(disputes.read()?)?,
            is_erased: customer.rows.is_empty(),
        }))
    }

    async fn save(&mut self, changes: &PaymentChanges) -> Result<(), StoreError> {
        let statements = writing(changes, self.transaction.backend())?;
        if statements.is_empty() {
            return Ok(());
        }
        let done = self.transaction.run_all(statements).await.map_err(refused)?;
        if done.iter().any(|one| one.affected_rows == 0) {
            return Err(StoreError::corrupt("a payment that is written is not there"));
        }
        let written = changes.operations.added.iter().chain(&changes.operations.changed);
        self.leaves(written.filter_map(PaymentOperation::waits_until));
        Ok(())
    }

    async fn find(&mut self, key: &PaymentKey, scope: OrderScope) -> Result<Option<PaymentOfOrder>, StoreError> {
        let find = payments::Entity::find().filter(has(key)).filter(within(scope));
        let found = self.transaction.one(find).await?;
        Ok(found.map(|row| PaymentOfOrder { order_id: OrderId(row.order_id), payment_id: PaymentId(row.id) }))
    }

    async fn order_label(&mut self, order_id: OrderId) -> Result<String, StoreError> {
        let order = self.transaction.one(orders::Entity::find_by_id(order_id.0)).await?;
        Ok(order.and_then(|order| order.number).unwrap_or_else(|| order_id.to_string()))
    }

    async fn unpaid_orders(&mut self, customer_id: CustomerId) -> Result<u64, StoreError> {
        let awaited = [OrderPaymentStatus::Unpaid, OrderPaymentStatus::Pending].map(OrderPaymentStatus::as_str);
        let hold = customers::Entity::find_by_id(customer_id.0).select_only().column(customers::Column::Id);
        let find = balances::Entity::find()
            .select_only()
            .column(balances::Column::OrderId)
            .filter(balances::Column::CustomerId.eq(customer_id.0))
            .filter(balances::Column::Status.is_in(awaited))
            .filter(balances::Column::Terms.eq(PaymentTerms::Prepaid.as_str()))
            .filter(Expr::col(balances::Column::Total).gt(Expr::col(balances::Column::Cancelled)));
        let backend = self.transaction.backend();
        let both = vec![hold.lock_exclusive().build(backend).into(), find.build(backend).into()];
        let results = self.transaction.run_all(both).await?;
        let unpaid = results.last().ok_or_else(Error::no_result)?;
        Ok(u64::try_from(unpaid.rows.len()).unwrap_or(u64::MAX))
    }

    async fn add_receipt(&mut self, receipt: &Receipt) -> Result<(), StoreError> {
        match self.insert_rows([receipts::Model::from(receipt)]).await {
            Err(cause) if cause.is_duplicate() => Err(StoreError::Duplicate(Receipt::REFERENCE)),
            done => Ok(done?),
        }
    }

    async fn add_notice(&mut self, notice: &PaymentNotice) -> Result<bool, StoreError> {
        match self.insert_rows([notices::Model::from(notice)]).await {
            Ok(()) => Ok(true),
            Err(cause) if cause.is_duplicate() => Ok(false),
            Err(cause) => Err(cause.into()),
        }
    }

    async fn lock_notice(
        &mut self,
        provider: &ProviderName,
        event_id: &EventId,
    ) -> Result<Option<PaymentNotice>, StoreError> {
        let key = (provider.as_str().to_owned(), event_id.to_string());
        let row = self.transaction.one(notices::Entity::find_by_id(key).lock_exclusive()).await?;
        row.map(PaymentNotice::try_from).transpose()
    }

    async fn update_notice(&mut self, notice: &PaymentNotice) -> Result<(), StoreError> {
        self.update_row(notices::Model::from(notice)).await?;
        self.leaves(notice.next_at);
        Ok(())
    }

    async fn purge_notices(&mut self, before: UtcDateTime, limit: u64) -> Result<u64, StoreError> {
        let key = "provider, event_id";
        let old = Expired { table: "payment_notices", key, since: "received_at", condition: "status <> 'new'" };
        Ok(DbTx::purge(self, &old, before, limit).await?)
    }
}

impl DbTx {
    /// Notes when work that this transaction writes is due. Any server may do it.
    fn leaves(&mut self, due: impl IntoIterator<Item = UtcDateTime>) {
        self.due_work = self.due_work.into_iter().chain(due).min();
    }
}

fn of_order(order_id: OrderId) -> Select<payments::Entity> {
    payments::Entity::find().filter(payments::Column::OrderId.eq(order_id.0))
}

/// The id of the customer of an order that has a balance. Without a row the customer is erased.
fn customer_of(order_id: OrderId) -> Select<customers::Entity> {
    let balance = balances::Entity::find_by_id(order_id.0).select_only().column(balances::Column::CustomerId);
    let customer = customers::Entity::find().select_only().column(customers::Column::Id);
    customer.filter(customers::Column::Id.in_subquery(balance.into_query()))
}

/// What belongs to the payments of an order, in order of id.
fn belonging<E: EntityTrait>(payment: E::Column, id: E::Column, order_id: OrderId, backend: DbBackend) -> Statement {
    let ids = of_order(order_id).select_only().column(payments::Column::Id).into_query();
    E::find().filter(payment.in_subquery(ids)).order_by_asc(id).build(backend).into()
}

/// The rows as values of the domain.
fn models<M, T>(rows: Vec<M>) -> Result<Vec<T>, StoreError>
where
    T: TryFrom<M, Error = StoreError>,
{
    rows.into_iter().map(T::try_from).collect()
}

/// The condition that a payment has this key.
fn has(key: &PaymentKey) -> Condition {
    let id = payments::Column::Id;
    let is = match key {
        PaymentKey::Payment(payment) => id.eq(payment.0),
        PaymentKey::Operation(operation) => id.in_subquery(
            operations::Entity::find_by_id(operation.0)
                .select_only()
                .column(operations::Column::PaymentId)
                .into_query(),
        ),
        PaymentKey::Refund(refund) => id.in_subquery(
            refunds::Entity::find_by_id(refund.0).select_only().column(refunds::Column::PaymentId).into_query(),
        ),
        PaymentKey::Reference(provider, reference) => {
            return Condition::all()
                .add(payments::Column::ProviderReference.eq(reference.as_str()))
                .add(payments::Column::Provider.eq(provider.as_str()));
        }
    };
    Condition::all().add(is)
}

/// The condition that the order of a payment is within the scope.
fn within(scope: OrderScope) -> Condition {
    match scope {
        OrderScope::All => Condition::all(),
        OrderScope::Of(customer) => Condition::all().add(payments::Column::CustomerId.eq(customer.0)),
        OrderScope::None => Condition::all().add(Expr::cust("1 = 0")),
    }
}

/// The statements that write changes. Closed payments come before open ones, because an order may have only one open
/// payment.
fn writing(changes: &PaymentChanges, backend: DbBackend) -> Result<Vec<Statement>, Error> {
    let PaymentChanges { balance, payments, operations, refunds, disputes, transfers } = changes;
    let (open, closed): (Vec<_>, Vec<_>) = payments.changed.iter().partition(|payment| payment.is_open());
    let mut all = Vec::new();
    if let Some(balance) = balance {
        all.push(update(balances::Model::from(balance), backend)?);
        all.push(changing_the_order(balance));
    }
    for payment in closed.into_iter().chain(open) {
        all.push(update(payments::Model::from(payment), backend)?);
    }
    all.extend(insert(payments.added.iter().map(payments::Model::from), backend));
    all.extend(insert(refunds.added.iter().map(refunds::Model::from), backend));
    // One that gives its reference up comes before one that takes it.
    let (named, nameless): (Vec<_>, Vec<_>) = refunds.changed.iter().partition(|refund| refund.reference.is_some());
    for refund in nameless.into_iter().chain(named) {
        all.push(update(refunds::Model::from(refund), backend)?);
    }
    all.extend(insert(operations.added.iter().map(operations::Model::from), backend));
    for operation in &operations.changed {
        all.push(update(operations::Model::from(operation), backend)?);
    }
    all.extend(insert(disputes.added.iter().map(disputes::Model::from), backend));
    for dispute in &disputes.changed {
        all.push(update(disputes::Model::from(dispute), backend)?);
    }
    all.extend(insert(transfers.iter().map(transfers::Model::from), backend));
    Ok(all)
}

/// Raises the time of the last change of an order whose balance has changed, because the order is shown with it. The
/// version stays: `If-Match` is about the order without its balance.
fn changing_the_order(balance: &OrderBalance) -> Statement {
    let at = micros(balance.updated_at);
    let sql = "UPDATE orders SET updated_at = CASE WHEN updated_at < ? THEN ? ELSE updated_at END WHERE id = ?";
    Statement::new(sql, [at.into(), at.into(), balance.order_id.0.into()])
}

/// The statement that inserts rows, if there are any.
fn insert<M>(rows: impl Iterator<Item = M>, backend: DbBackend) -> Option<Statement>
where
    M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
    <M::Entity as EntityTrait>::ActiveModel: ActiveModelTrait<Entity = M::Entity> + Send,
{
    let rows: Vec<_> = rows.map(IntoActiveModel::into_active_model).collect();
    (!rows.is_empty()).then(|| <M::Entity as EntityTrait>::insert_many(rows).build(backend).into())
}

/// The statement that writes all columns of a row.
fn update<M>(row: M, backend: DbBackend) -> Result<Statement, Error>
where
    M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
    <M::Entity as EntityTrait>::ActiveModel: ActiveModelTrait<Entity = M::Entity> + Send,
{
    Ok(<M::Entity as EntityTrait>::update(row.into_active_model().reset_all()).validate()?.build(backend).into())
}

/// Converts the error of a row whose key is taken. A reference that another payment has is a [`StoreError::Duplicate`].
/// Any other taken key, such as that of a second open payment or of a transfer that was counted already, is a lost
/// race.
fn refused(cause: Error) -> StoreError {
    match StoreError::from(cause.clone()) {
        StoreError::Duplicate(key) if key == Payment::UNIQUE_REFERENCE => StoreError::Duplicate(key),
        _ if cause.is_duplicate() => StoreError::Raced(cause.into()),
        other => other,
    }
}
