use std::collections::HashMap;
use std::slice;

use async_trait::async_trait;
use domain::customers::CustomerId;
use domain::orders::{
    Carrier, HistoryEntry, Order, OrderFilter, OrderId, OrderNumber, OrderQueries, OrderRepository, OrderScope,
    OrderSearch, OrderStatus, Parcel, Shipment, Tracking, TrackingNumber,
};
use domain::payments::OrderPaymentStatus;
use domain::{Page, PageRequest, StoreError, Uuid};
use sea_orm::sea_query::{Expr, ExprTrait as _, SelectStatement};
use sea_orm::{
    ActiveModelTrait, ActiveValue,
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
};

use super::customers;
use super::queries::{DbQueries, at_change, at_id};
use super::reach::{List, Named, Narrower, Sequence, indexed, unindexed};
use super::tx::DbTx;
use crate::db::convert::micros;
use crate::db::engine::{Assumption, Error, Executor};
use crate::db::entities::orders::{ActiveModel, Column, Entity, Model, OrderParts};
use crate::db::entities::{
    order_adjustments as adjustments, order_balances as balances, order_history as history, order_lines as lines,
};

#[async_trait]
impl OrderRepository for DbTx {
    async fn insert(&mut self, order: &Order) -> Result<(), StoreError> {
        let first = HistoryEntry { status: order.status, at: order.placed_at, note: None, replaced: None };
        self.insert_assuming(Model::from(order), NUMBER_IS_FREE);
        self.insert_deferred(lines::Model::of(order));
        self.insert_deferred(adjustments::Model::of(order));
        self.insert_deferred([history::Model::of(order, &first)]);
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
}

/// The assumption that no other order has the number.
const NUMBER_IS_FREE: Assumption = Assumption::Unique { table: "orders", key: BY_NUMBER, columns: "orders.number" };

/// All columns of a locked order, except what is given to it beside its own changes: a number and a balance.
fn changed(order: &Order) -> ActiveModel {
    ActiveModel { number: NotSet, has_balance: NotSet, ..Model::from(order).into_active_model().reset_all() }
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

/// What is locked with what belongs to orders.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lock {
    Nothing,
    Balances,
}

/// What belongs to these orders. Lines and adjustments never change, and a balance is one row, so separate statements are
/// consistent.
async fn parts_of(db: &impl Executor, orders: &[Model], lock: Lock) -> Result<HashMap<Uuid, OrderParts>, Error> {
    let ids: Vec<_> = orders.iter().map(|order| order.id).collect();
    let adjusted: Vec<_> = orders.iter().filter(|order| order.adjustments > 0).map(|order| order.id).collect();
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

/// The orders, the newest first, or in order of their last change.
fn listed(scope: OrderScope, filter: &OrderFilter, is_renewed: bool) -> List<Entity> {
    let OrderFilter { number, customer_id, status, payment_status, placed_after, placed_before, updated_after, search } =
        filter;
    let customer = match scope {
        OrderScope::Of(customer) => Some(customer.0),
        _ => customer_id.map(|id| id.0),
    };
    let all =
        Entity::find().apply_if((scope == OrderScope::None).then_some(scope), |find, none| find.filter(within(none)));
    let sequence =
        updated_after.map_or(NEWEST_FIRST, |from| Sequence::by_change(Column::UpdatedAt, micros(from), Column::Id));
    let (all, index) = match (number, updated_after, customer, status) {
        (Some(number), ..) => (all.filter(Column::Number.eq(number.to_string())), BY_NUMBER),
        (None, Some(_), ..) => (all, "orders_by_change"),
        (None, None, Some(customer), _) => (all.filter(Column::CustomerId.eq(customer)), "orders_by_customer"),
        (None, None, None, Some(status)) => (all.filter(Column::Status.eq(status.as_str())), "orders_by_status"),
        (None, None, None, None) => (all, "PRIMARY"),
    };
    let named_twice = matches!(scope, OrderScope::Of(_)) && customer_id.is_some();
    let in_time = placed_after.or(*placed_before).is_some();
    let served = usize::from(number.is_none() && updated_after.is_none());
    let named = usize::from(customer.is_some()) + usize::from(status.is_some());
    let is_served = named <= served && !named_twice && !in_time && search.is_none() && payment_status.is_none();
    let beside = Condition::all()
        .add_option(customer.map(|id| unindexed(Column::CustomerId).eq(id)))
        .add_option(customer_id.map(|id| unindexed(Column::CustomerId).eq(id.0)))
        .add_option(status.map(|status| unindexed(Column::Status).eq(status.as_str())))
        .add_option(payment_status.map(|status| has_payment_status(status, unindexed(Column::Id))))
        .add(placed(filter, unindexed))
        .add_option(search.as_ref().map(|search| found(search, is_renewed)));
    List {
        all,
        index,
        sequence,
        filter: (!is_served).then_some(beside),
        narrower: narrower(filter, customer, is_renewed),
    }
}

/// The index of numbers, which is unique.
const BY_NUMBER: &str = "orders_by_number";

/// Ids sort by time.
const NEWEST_FIRST: Sequence<Column> = Sequence::newest_first(Column::Id);

/// The orders that are looked for, by each index that names some of them.
fn narrower(filter: &OrderFilter, customer: Option<Uuid>, is_renewed: bool) -> Vec<Narrower<Entity>> {
    let OrderFilter { payment_status, placed_after, placed_before, updated_after, search, .. } = filter;
    let by_customer =
        customer.filter(|_| updated_after.is_some()).map(|id| Entity::find().filter(Column::CustomerId.eq(id)));
    let by_time = placed_after.or(*placed_before).map(|_| Entity::find().filter(placed(filter, indexed)));
    let mut narrower: Vec<_> = [(by_customer, "orders_by_customer"), (by_time, "orders_by_time")]
        .into_iter()
        .filter_map(|(find, index)| Some(Narrower::by(index, find?, Column::Id)))
        .collect();
    // An order without a balance is `not_required`, so that no index names all of those.
    if let Some(status) = payment_status.filter(|status| *status != OrderPaymentStatus::NotRequired) {
        let with_status = with_payment_status(status);
        let find = Entity::find().filter(Column::Id.in_subquery(with_status.clone()));
        narrower.push(Narrower { counted: vec![with_status], find, index: "PRIMARY" });
    }
    match search {
        Some(OrderSearch { ids: Some((first, last)), words: None }) => {
            let find = Entity::find().filter(Column::Id.between(*first, *last));
            narrower.push(Narrower::by("PRIMARY", find, Column::Id));
        }
        Some(OrderSearch { ids: None, words: Some(words) }) => {
            narrower.extend(customers::with_words(words, is_renewed).map(|with_words| {
                let find = Entity::find().filter(Column::CustomerId.in_subquery(with_words.clone()));
                let Narrower { counted, find, index } = Narrower::by("orders_by_customer", find, Column::Id);
                Narrower { counted: [vec![with_words], counted].concat(), find, index }
            }));
        }
        _ => {}
    }
    narrower
}

/// Selects the orders whose balance has this status.
fn with_payment_status(status: OrderPaymentStatus) -> SelectStatement {
    balances::Entity::find()
        .select_only()
        .column(balances::Column::OrderId)
        .filter(balances::Column::Status.eq(status.as_str()))
        .into_query()
}

/// The condition that the order with this id has a payment status. Without a balance that is `not_required`.
fn has_payment_status(status: OrderPaymentStatus, id: Expr) -> Condition {
    let of_order = Expr::col((balances::Entity, balances::Column::OrderId)).eq(id);
    let has = Expr::exists(with_payment_status(status).and_where(of_order).to_owned());
    let is_required = status != OrderPaymentStatus::NotRequired;
    Condition::any().add(has).add_option((!is_required).then(|| Column::HasBalance.eq(false)))
}

fn placed(filter: &OrderFilter, named: Named<Column>) -> Condition {
    Condition::all()
        .add_option(filter.placed_after.map(|from| named(Column::PlacedAt).gte(micros(from))))
        .add_option(filter.placed_before.map(|end| named(Column::PlacedAt).lt(micros(end))))
}

/// What a search finds; nothing if it has no word.
fn found(search: &OrderSearch, is_renewed: bool) -> Condition {
    let OrderSearch { ids, words } = search;
    let id = || unindexed(Column::Id);
    Condition::any()
        .add_option(ids.map(|(first, last)| Condition::all().add(id().gte(first)).add(id().lte(last))))
        .add_option(words.as_ref().map(|words| customers::found_by(words, is_renewed, Column::CustomerId)))
        .add_option((ids.is_none() && words.is_none()).then(|| Expr::cust("1 = 0")))
}
