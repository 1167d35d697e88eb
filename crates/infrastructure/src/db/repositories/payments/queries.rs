use async_trait::async_trait;
use domain::orders::{OrderId, OrderScope};
use domain::payments::{
    AccountBalance, DueOperation, LedgerFilter, NoticeStatus, OperationId, OperationStatus, Overdue, Payment,
    PaymentCounts, PaymentFilter, PaymentId, PaymentNotice, PaymentOperation, PaymentQueries, PaymentStatus, Refund,
    RefundId, Transfer,
};
use domain::{Currency, Page, PageRequest, StoreError, UtcDateTime, Uuid};
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::lists;
use super::{models, of_order, within};
use crate::db::convert::{micros, stored, time};
use crate::db::engine::{Error, Executor as _, FromRow, Row, Statement};
use crate::db::entities::{
    ledger_transfers as transfers, order_balances as balances, payment_notices as notices,
    payment_operations as operations, payments, refunds,
};
use crate::db::repositories::queries::{DbQueries, at_id};

#[async_trait]
impl PaymentQueries for DbQueries {
    async fn get(&self, id: PaymentId, scope: OrderScope) -> Result<Option<Payment>, StoreError> {
        let row = self.read.one(payments::Entity::find_by_id(id.0).filter(within(scope))).await?;
        row.map(Payment::try_from).transpose()
    }

    async fn of_order(&self, order_id: OrderId, scope: OrderScope) -> Result<Vec<Payment>, StoreError> {
        let find = of_order(order_id).filter(within(scope)).order_by_desc(payments::Column::Id);
        models(self.read.all(find).await?)
    }

    async fn list(&self, filter: &PaymentFilter, page: &PageRequest) -> Result<Page<Payment>, StoreError> {
        let found = lists::payments(filter).page(&self.lists, page, |row: &payments::Model| at_id(row.id)).await?;
        Ok(Page { items: models(found.items)?, next: found.next })
    }

    async fn refund(&self, id: RefundId, scope: OrderScope) -> Result<Option<Refund>, StoreError> {
        let row = self.read.one(refunds::Entity::find_by_id(id.0).filter(of_payments_within(scope))).await?;
        row.map(Refund::try_from).transpose()
    }

    async fn refunds(&self, order_id: OrderId, scope: OrderScope) -> Result<Vec<Refund>, StoreError> {
        let find = refunds::Entity::find()
            .filter(refunds::Column::OrderId.eq(order_id.0))
            .filter(of_payments_within(scope))
            .order_by_desc(refunds::Column::Id);
        models(self.read.all(find).await?)
    }

    async fn refunds_of(&self, payment_id: PaymentId) -> Result<Vec<Refund>, StoreError> {
        let find = refunds::Entity::find()
            .filter(refunds::Column::PaymentId.eq(payment_id.0))
            .order_by_asc(refunds::Column::Id);
        models(self.read.all(find).await?)
    }

    async fn operations(&self, payment_id: PaymentId) -> Result<Vec<PaymentOperation>, StoreError> {
        let find = operations::Entity::find()
            .filter(operations::Column::PaymentId.eq(payment_id.0))
            .order_by_asc(operations::Column::Id);
        models(self.read.all(find).await?)
    }

    async fn ledger(&self, filter: &LedgerFilter, page: &PageRequest) -> Result<Page<Transfer>, StoreError> {
        let found = lists::ledger(filter).page(&self.lists, page, |row: &transfers::Model| at_id(row.id)).await?;
        Ok(Page { items: models(found.items)?, next: found.next })
    }

    async fn ledger_balances(&self, filter: &LedgerFilter) -> Result<Vec<AccountBalance>, StoreError> {
        let (condition, values) = lists::wanted_transfers(filter);
        let sql = format!(
            "SELECT account, CAST(SUM(debit) AS SIGNED), CAST(SUM(credit) AS SIGNED), currency
            FROM (
                SELECT debit AS account, amount AS debit, 0 AS credit, currency FROM ledger_transfers WHERE {condition}
                UNION ALL
                SELECT credit, 0, amount, currency FROM ledger_transfers WHERE {condition}
            ) AS moved
            GROUP BY account, currency ORDER BY account, currency"
        );
        let values = values.clone().into_iter().chain(values);
        let rows: Vec<BalanceRow> = self.lists.rows(Statement::new(sql, values)).await?;
        rows.into_iter().map(AccountBalance::try_from).collect()
    }

    async fn due_operations(&self, now: UtcDateTime, limit: u64) -> Result<Vec<DueOperation>, StoreError> {
        let now = micros(now);
        let sql = "SELECT o.id, o.payment_id, p.order_id
            FROM payment_operations o JOIN payments p ON p.id = o.payment_id
            WHERE o.status = ? AND o.next_at <= ? AND (o.lease_until IS NULL OR o.lease_until <= ?)
            ORDER BY o.next_at, o.id LIMIT ?";
        let values = [OperationStatus::Pending.as_str().into(), now.into(), now.into(), limit.into()];
        let rows: Vec<DueRow> = self.read.rows(Statement::new(sql, values)).await?;
        Ok(rows.into_iter().map(|row| row.0).collect())
    }

    async fn due_notices(&self, now: UtcDateTime, limit: u64) -> Result<Vec<PaymentNotice>, StoreError> {
        let find = notices::Entity::find()
            .filter(notices::Column::Status.eq(NoticeStatus::New.as_str()))
            .filter(notices::Column::NextAt.lte(micros(now)))
            .order_by_asc(notices::Column::NextAt)
            .limit(limit);
        models(self.read.all(find).await?)
    }

    async fn overdue_orders(
        &self,
        now: UtcDateTime,
        after: Option<Overdue>,
        limit: u64,
    ) -> Result<Vec<Overdue>, StoreError> {
        let (pay_by, order_id) = (balances::Column::PayBy, balances::Column::OrderId);
        let beyond = after.map(|Overdue { pay_by: time, order_id: id }| {
            // The first condition is a range of the index.
            let further = Condition::any().add(pay_by.gt(micros(time))).add(order_id.gt(id.0));
            Condition::all().add(pay_by.gte(micros(time))).add(further)
        });
        let find = balances::Entity::find()
            .filter(pay_by.lte(micros(now)))
            .filter(Condition::all().add_option(beyond))
            .order_by_asc(pay_by)
            .order_by_asc(order_id)
            .limit(limit);
        let rows = self.read.all(find).await?;
        let overdue = |row: balances::Model| {
            let pay_by = row.pay_by.ok_or_else(|| StoreError::corrupt("an overdue order has a time"))?;
            Ok(Overdue { pay_by: time(pay_by)?, order_id: OrderId(row.order_id) })
        };
        rows.into_iter().map(overdue).collect()
    }

    async fn open_payments(
        &self,
        before: UtcDateTime,
        after: Option<PaymentId>,
        limit: u64,
    ) -> Result<Vec<Payment>, StoreError> {
        let open = PaymentStatus::ALL.iter().filter(|status| status.is_open()).map(|status| status.as_str());
        let find = payments::Entity::find()
            .filter(payments::Column::Status.is_in(open))
            .filter(payments::Column::ProviderReference.is_not_null())
            .filter(payments::Column::UpdatedAt.lt(micros(before)))
            .filter(payments::Column::Id.gt(after.map_or(Uuid::nil(), |id| id.0)))
            .order_by_asc(payments::Column::Id)
            .limit(limit);
        models(self.read.all(find).await?)
    }

    async fn begun_payments(&self, after: Option<PaymentId>, limit: u64) -> Result<Vec<Payment>, StoreError> {
        let find = payments::Entity::find()
            .filter(payments::Column::ProviderReference.is_not_null())
            .filter(payments::Column::Id.gt(after.map_or(Uuid::nil(), |id| id.0)))
            .order_by_asc(payments::Column::Id)
            .limit(limit);
        models(self.read.all(find).await?)
    }

    async fn counts(&self) -> Result<PaymentCounts, StoreError> {
        // `pay_by` is NULL as soon as nothing is awaited.
        let sql = "SELECT (SELECT COUNT(*) FROM order_balances WHERE pay_by > 0),
            (SELECT COUNT(*) FROM payments WHERE finding > ''),
            (SELECT COUNT(*) FROM payment_notices WHERE status = 'failed')";
        let rows: Vec<CountsRow> = self.read.rows(sql).await?;
        Ok(rows.into_iter().next().map(|row| row.0).unwrap_or_default())
    }

    async fn notices_by_status(&self) -> Result<Vec<(NoticeStatus, u64)>, StoreError> {
        let sql = "SELECT status, COUNT(*) FROM payment_notices GROUP BY status ORDER BY status";
        let rows: Vec<CountRow> = self.read.rows(sql).await?;
        rows.into_iter().map(<(NoticeStatus, u64)>::try_from).collect()
    }
}

/// The condition that the order of a refund is within the scope.
fn of_payments_within(scope: OrderScope) -> Condition {
    if scope == OrderScope::All {
        return Condition::all();
    }
    let ids = Query::select().column(payments::Column::Id).from(payments::Entity).cond_where(within(scope)).to_owned();
    Condition::all().add(refunds::Column::PaymentId.in_subquery(ids))
}

struct BalanceRow {
    account: String,
    debit: i64,
    credit: i64,
    currency: String,
}

impl FromRow for BalanceRow {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self { account: row.at(0)?, debit: row.at(1)?, credit: row.at(2)?, currency: row.at(3)? })
    }
}

impl TryFrom<BalanceRow> for AccountBalance {
    type Error = StoreError;

    fn try_from(row: BalanceRow) -> Result<Self, StoreError> {
        Ok(Self {
            account: transfers::account(&row.account)?,
            debit: row.debit,
            credit: row.credit,
            currency: stored("currency", Currency::parse(&row.currency))?,
        })
    }
}

struct DueRow(DueOperation);

impl FromRow for DueRow {
    fn from_row(row: &Row) -> Result<Self, Error> {
        let (id, payment_id, order_id) = (row.at(0)?, row.at(1)?, row.at(2)?);
        Ok(Self(DueOperation { id: OperationId(id), payment_id: PaymentId(payment_id), order_id: OrderId(order_id) }))
    }
}

struct CountsRow(PaymentCounts);

impl FromRow for CountsRow {
    fn from_row(row: &Row) -> Result<Self, Error> {
        let count = |index| Ok::<_, Error>(u64::try_from(row.at::<i64>(index)?).unwrap_or_default());
        Ok(Self(PaymentCounts { awaiting_orders: count(0)?, findings: count(1)?, failed_notices: count(2)? }))
    }
}

struct CountRow {
    status: String,
    count: i64,
}

impl FromRow for CountRow {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self { status: row.at(0)?, count: row.at(1)? })
    }
}

impl TryFrom<CountRow> for (NoticeStatus, u64) {
    type Error = StoreError;

    fn try_from(row: CountRow) -> Result<Self, StoreError> {
        let status = stored("status of a notice", NoticeStatus::parse(&row.status))?;
        Ok((status, u64::try_from(row.count).unwrap_or_default()))
    }
}
