mod lists;

use std::collections::HashMap;
use std::slice;

use async_trait::async_trait;
use domain::customers::CustomerId;
use domain::orders::{
    Carrier, HistoryEntry, Order, OrderFilter, OrderId, OrderNumber, OrderQueries, OrderRepository, OrderScope,
    OrderSearch, OrderStatus, Parcel, Shipment, Tracking, TrackingNumber,
};
use domain::{Page, PageRequest, StoreError, Uuid};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue,
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
};

pub(super) use self::lists::at_stage;
use self::lists::listed;
use super::queries::{DbQueries, at_change, at_id};
use super::tx::DbTx;
use crate::db::engine::{Assumption, Error, Executor};
use crate::db::entities::orders::{ActiveModel, Column, Entity, Model, OrderParts};
use crate::db::entities::{
    order_adjustments as adjustments, order_balances as balances, order_history as history, order_lines as lines,
};

#[async_trait]
impl OrderRepository for DbTx {
    async fn insert(&mut self, order: &Order) -> Result<(), StoreError> {
        self.insert_assuming(Model::from(order), NUMBER_IS_FREE);
        self.insert_deferred(lines::Model::of(order));
        self.insert_deferred([history::Model::of(order, &order.opening())]);
        self.insert_deferred(order.balance.as_ref().map(balances::Model::from));
        Ok(())
    }

    async fn lock(&mut self, id: OrderId, scope: OrderScope) -> Result<Option<Order>, StoreError> {
        let find = Entity::find_by_id(id.0).filter(within(scope)).lock_exclusive();
        let Some(order) = self.transaction.one(find).await? else { return Ok(None) };
        let mut parts = parts_of(&self.transaction, slice::from_ref(&order), Lock::Balances).await?;
        order.with(parts.remove(&id.0).unwrap_or_default()).map(Some)
    }

    async fn advance(&mut self, order: &Order, parcel: &Parcel, entry: &HistoryEntry) -> Result<(), StoreError> {
        let row = ActiveModel {
            carrier: known(parcel.carrier.as_ref().map(Carrier::as_str)),
            tracking_number: known(parcel.tracking_number.as_ref().map(TrackingNumber::as_str)),
            ..changed(order)
        };
        DbTx::update(self, row).await?;
        Ok(self.insert_rows([history::Model::of(order, entry)]).await?)
    }

    async fn unnumbered(&mut self, limit: u64) -> Result<Vec<OrderId>, StoreError> {
        let find = Entity::find().select_only().column(Column::Id).filter(Column::Number.is_null());
        let ids = self.transaction.ids(&find.order_by_asc(Column::Id).limit(limit)).await?;
        Ok(ids.into_iter().map(OrderId).collect())
    }

    async fn give_number(&mut self, id: OrderId, number: OrderNumber) -> Result<bool, StoreError> {
        let update = Entity::update_many()
            .col_expr(Column::Number, Expr::val(number.to_string()))
            .filter(Column::Id.eq(id.0))
            .filter(Column::Number.is_null());
        match self.transaction.execute(&update).await {
            Ok(_) => Ok(true),
            Err(cause) if cause.is_duplicate() => Ok(false),
            Err(cause) => Err(cause.into()),
        }
    }

    async fn has_any(&mut self, customer_id: CustomerId) -> Result<bool, StoreError> {
        Ok(!self.transaction.ids(&uncancelled(customer_id)).await?.is_empty())
    }

    async fn shipment(&mut self, order: &Order) -> Result<Shipment, StoreError> {
        let row = self.transaction.one(Entity::find_by_id(order.id.0)).await?;
        let row = row.ok_or_else(|| StoreError::corrupt("a locked order is gone"))?;
        Ok(Shipment {
            carrier: row.carrier.map(Carrier::from_trusted),
            tracking_number: row.tracking_number.map(TrackingNumber::from_trusted),
            expected_delivery: order.expected_delivery,
        })
    }

    async fn correct(&mut self, order: &Order, shipment: &Shipment, entry: &HistoryEntry) -> Result<(), StoreError> {
        let row = ActiveModel {
            carrier: Set(shipment.carrier.as_ref().map(|carrier| carrier.as_str().to_owned())),
            tracking_number: Set(shipment.tracking_number.as_ref().map(|number| number.as_str().to_owned())),
            ..changed(order)
        };
        DbTx::update(self, row).await?;
        Ok(self.insert_rows([history::Model::of(order, entry)]).await?)
    }

    async fn edit(&mut self, order: &Order, entry: &HistoryEntry) -> Result<(), StoreError> {
        let row = ActiveModel { carrier: NotSet, tracking_number: NotSet, ..changed(order) };
        DbTx::update(self, row).await?;
        Ok(self.insert_rows([history::Model::of(order, entry)]).await?)
    }
}

/// The assumption that no other order has the number.
const NUMBER_IS_FREE: Assumption = Assumption::Unique { table: "orders", key: BY_NUMBER, columns: "orders.number" };

/// The index of numbers, which is unique.
const BY_NUMBER: &str = "orders_by_number";

/// A row that writes all columns of a locked order, except number and balance, which are written by statements of their
/// own, and the adjustments, which never change.
fn changed(order: &Order) -> ActiveModel {
    ActiveModel {
        number: NotSet,
        has_balance: NotSet,
        adjustment_list: NotSet,
        ..Model::from(order).into_active_model().reset_all()
    }
}

/// Sets a column if there is a value, and leaves it unchanged if not.
fn known(text: Option<&str>) -> ActiveValue<Option<String>> {
    text.map_or(NotSet, |text| Set(Some(text.to_owned())))
}

#[async_trait]
impl OrderQueries for DbQueries {
    async fn has_any(&self, customer_id: CustomerId) -> Result<bool, StoreError> {
        Ok(!self.read.ids(&uncancelled(customer_id)).await?.is_empty())
    }

    async fn get(&self, id: OrderId, scope: OrderScope) -> Result<Option<Order>, StoreError> {
        let find = Entity::find_by_id(id.0).filter(within(scope));
        let Some(order) = self.read.one(find).await? else { return Ok(None) };
        let mut parts = parts_of(&self.read, slice::from_ref(&order), Lock::Nothing).await?;
        order.with(parts.remove(&id.0).unwrap_or_default()).map(Some)
    }

    async fn list(
        &self,
        scope: OrderScope,
        filter: &OrderFilter,
        page: &PageRequest,
    ) -> Result<Page<Order>, StoreError> {
        let db = if scope == OrderScope::All { &self.lists } else { &self.read };
        let by_change = filter.updated_after.is_some();
        let cursor = |order: &Model| if by_change { at_change(order.updated_at, order.id) } else { at_id(order.id) };
        let is_renewed = match &filter.search {
            Some(OrderSearch { words: Some(_), .. }) => self.customers.is_done(db).await?,
            _ => true,
        };
        let orders = listed(scope, filter, is_renewed).page(db, page, cursor).await?;
        let mut parts = parts_of(db, &orders.items, Lock::Nothing).await?;
        let whole = |order: Model| {
            let own = parts.remove(&order.id).unwrap_or_default();
            order.with(own)
        };
        Ok(Page { items: orders.items.into_iter().map(whole).collect::<Result<_, _>>()?, next: orders.next })
    }

    async fn tracking(&self, id: OrderId, scope: OrderScope) -> Result<Option<Tracking>, StoreError> {
        // One statement, so that status and history are consistent.
        let find = Entity::find_by_id(id.0)
            .filter(within(scope))
            .find_also_related(history::Entity)
            .order_by_asc(history::Column::Sequence);
        let found = self.read.pairs(&find).await?;
        let (orders, history): (Vec<_>, Vec<_>) = found.into_iter().unzip();
        let history = history.into_iter().flatten().collect();
        orders.into_iter().next().map(|order| order.with_history(history)).transpose()
    }
}

/// Selects the id of an order of a customer that is not cancelled.
fn uncancelled(customer_id: CustomerId) -> Select<Entity> {
    Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::CustomerId.eq(customer_id.0))
        .filter(Column::Status.ne(OrderStatus::Cancelled.as_str()))
        .limit(1)
}

/// Which rows of an order are locked with it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lock {
    Nothing,
    Balances,
}

/// What belongs to these orders, among it the adjustments of older ones. Lines and adjustments never change, and a
/// balance is one row, so separate statements are consistent.
async fn parts_of(db: &impl Executor, orders: &[Model], lock: Lock) -> Result<HashMap<Uuid, OrderParts>, Error> {
    if orders.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<_> = orders.iter().map(|order| order.id).collect();
    let has_rows = |order: &&Model| order.adjustments > 0 && order.adjustment_list.is_none();
    let adjusted: Vec<_> = orders.iter().filter(has_rows).map(|order| order.id).collect();
    let with_balance: Vec<_> = orders.iter().filter(|order| order.has_balance).map(|order| order.id).collect();
    let mut parts: HashMap<_, OrderParts> = HashMap::new();
    let find = lines::Entity::find()
        .filter(lines::Column::OrderId.is_in(ids))
        .order_by_asc(lines::Column::OrderId)
        .order_by_asc(lines::Column::LineNo);
    for line in db.all(find).await? {
        parts.entry(line.order_id).or_default().lines.push(line);
    }
    if !adjusted.is_empty() {
        let find = adjustments::Entity::find()
            .filter(adjustments::Column::OrderId.is_in(adjusted))
            .order_by_asc(adjustments::Column::OrderId)
            .order_by_asc(adjustments::Column::No);
        for adjustment in db.all(find).await? {
            parts.entry(adjustment.order_id).or_default().adjustments.push(adjustment);
        }
    }
    if !with_balance.is_empty() {
        let find = balances::Entity::find()
            .filter(balances::Column::OrderId.is_in(with_balance))
            .order_by_asc(balances::Column::OrderId)
            .apply_if((lock == Lock::Balances).then_some(()), |find, ()| find.lock_exclusive());
        for balance in db.all(find).await? {
            let own = parts.entry(balance.order_id).or_default();
            own.balance = Some(balance);
        }
    }
    Ok(parts)
}

/// The condition that an order is within the scope.
fn within(scope: OrderScope) -> Condition {
    match scope {
        OrderScope::All => Condition::all(),
        OrderScope::Of(customer) => Condition::all().add(Column::CustomerId.eq(customer.0)),
        OrderScope::None => Condition::all().add(Expr::cust("1 = 0")),
    }
}
