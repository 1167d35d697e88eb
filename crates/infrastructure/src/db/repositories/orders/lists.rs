//! Lists of orders: the index that names them in order, and those that name fewer.

use domain::Uuid;
use domain::orders::{
    OrderBalance, OrderFilter, OrderPaymentStatus, OrderScope, OrderSearch, OrderSort, OrderStage, PaymentTerms,
    TrackingNumber,
};
use domain::products::ProductId;
use sea_orm::sea_query::extension::mysql::{IndexHintScope, MySqlSelectStatementExt as _};
use sea_orm::sea_query::{Expr, ExprTrait as _, SelectStatement, SubQueryStatement};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait};

use super::{BY_NUMBER, within};
use crate::db::convert::micros;
use crate::db::entities::orders::{Column, Entity};
use crate::db::entities::{order_balances as balances, order_lines as lines};
use crate::db::repositories::customers;
use crate::db::repositories::reach::{List, Named, Narrower, Sequence, indexed, unindexed};

/// The orders, the newest first, or in order of their last change.
pub(super) fn listed(scope: OrderScope, filter: &OrderFilter, is_renewed: bool) -> List<Entity> {
    let OrderFilter { number, customer_id, status, payment_status, product_id, updated_after, search, .. } = filter;
    let tracked = filter.tracking_number.as_ref().map(TrackingNumber::as_str);
    let customer = match scope {
        OrderScope::Of(customer) => Some(customer.0),
        _ => customer_id.map(|id| id.0),
    };
    let all =
        Entity::find().apply_if((scope == OrderScope::None).then_some(scope), |find, none| find.filter(within(none)));
    let sequence = match (updated_after, filter.sort) {
        (Some(from), _) => Sequence::by_change(Column::UpdatedAt, micros(*from), Column::Id),
        (None, Some(OrderSort::Oldest)) => Sequence::oldest_first(Column::Id),
        // Ids sort by time.
        (None, Some(OrderSort::Newest) | None) => Sequence::newest_first(Column::Id),
    };
    let is_chosen = !filter.ids.is_empty();
    let (all, index) = match (number, updated_after, tracked, customer, status) {
        _ if is_chosen => (all.filter(Column::Id.is_in(filter.ids.iter().map(|id| id.0))), "PRIMARY"),
        (Some(number), ..) => (all.filter(Column::Number.eq(number.to_string())), BY_NUMBER),
        (None, Some(_), ..) => (all, "orders_by_change"),
        (None, None, Some(tracked), ..) => (all.filter(Column::TrackingNumber.eq(tracked)), BY_TRACKING_NUMBER),
        (None, None, None, Some(customer), _) => (all.filter(Column::CustomerId.eq(customer)), "orders_by_customer"),
        (None, None, None, None, Some(status)) => (all.filter(Column::Status.eq(status.as_str())), "orders_by_status"),
        (None, None, None, None, None) => (all, "PRIMARY"),
    };
    let named_twice = matches!(scope, OrderScope::Of(_)) && customer_id.is_some();
    let in_time = filter.placed_after.or(filter.placed_before).is_some();
    let served = usize::from(number.is_none() && updated_after.is_none() && !is_chosen);
    let named = [customer.is_some(), status.is_some(), tracked.is_some()].into_iter().filter(|named| *named).count();
    let is_beside = named_twice
        || in_time
        || search.is_some()
        || payment_status.is_some()
        || product_id.is_some()
        || filter.stage.is_some()
        || (is_chosen && number.is_some());
    let is_served = named <= served && !is_beside;
    let beside = Condition::all()
        .add_option(number.filter(|_| is_chosen).map(|number| unindexed(Column::Number).eq(number.to_string())))
        .add_option(customer.map(|id| unindexed(Column::CustomerId).eq(id)))
        .add_option(customer_id.map(|id| unindexed(Column::CustomerId).eq(id.0)))
        .add_option(status.map(|status| unindexed(Column::Status).eq(status.as_str())))
        .add_option(tracked.map(|number| unindexed(Column::TrackingNumber).eq(number)))
        .add_option(filter.stage.map(|stage| is_at(stage, unindexed)))
        .add_option(payment_status.map(|status| has_payment_status(status, unindexed(Column::Id))))
        .add_option(product_id.map(has_product))
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

const BY_TRACKING_NUMBER: &str = "orders_by_tracking_number";

/// The orders that are looked for, by each index that names some of them.
fn narrower(filter: &OrderFilter, customer: Option<Uuid>, is_renewed: bool) -> Vec<Narrower<Entity>> {
    let OrderFilter { payment_status, product_id, placed_after, placed_before, updated_after, search, .. } = filter;
    let by_customer =
        customer.filter(|_| updated_after.is_some()).map(|id| Entity::find().filter(Column::CustomerId.eq(id)));
    let by_time = placed_after.or(*placed_before).map(|_| Entity::find().filter(placed(filter, indexed)));
    let by_tracking = filter.tracking_number.as_ref().filter(|_| updated_after.is_some());
    let by_tracking = by_tracking.map(|number| Entity::find().filter(Column::TrackingNumber.eq(number.as_str())));
    let indexes = [(by_tracking, BY_TRACKING_NUMBER), (by_customer, "orders_by_customer"), (by_time, "orders_by_time")];
    let mut narrower: Vec<_> =
        indexes.into_iter().filter_map(|(find, index)| Some(Narrower::by(index, find?, Column::Id))).collect();
    if let Some(stage) = filter.stage {
        let find = Entity::find().filter(has_status_of(stage, indexed));
        narrower.push(Narrower::by("orders_by_status", find, Column::Id));
    }
    // An order without a balance is `not_required`, so that no index names all of those.
    if let Some(status) = payment_status.filter(|status| *status != OrderPaymentStatus::NotRequired) {
        let with_status = with_payment_status(status);
        let find = Entity::find().filter(Column::Id.in_subquery(with_status.clone()));
        narrower.push(Narrower { counted: vec![with_status], find, index: "PRIMARY" });
    }
    if let Some(product) = product_id {
        let with_product = with_product(*product);
        let find = Entity::find().filter(Column::Id.in_subquery(with_product.clone()));
        narrower.push(Narrower { counted: vec![with_product], find, index: "PRIMARY" });
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

/// Selects the orders that have a line with the product.
fn with_product(product: ProductId) -> SelectStatement {
    let mut find = lines::Entity::find()
        .select_only()
        .column(lines::Column::OrderId)
        .filter(lines::Column::ProductId.eq(product.0))
        .into_query();
    find.force_index("order_lines_by_product", IndexHintScope::All);
    find
}

/// The condition that an order has a line with the product, by looking at its lines.
fn has_product(product: ProductId) -> Expr {
    let of_order = Expr::col((lines::Entity, lines::Column::OrderId)).eq(unindexed(Column::Id));
    finds_one(with_product(product).and_where(of_order).to_owned())
}

/// The condition that a query for each order finds a row. A limit keeps the servers from reading all rows at once.
fn finds_one(mut find: SelectStatement) -> Expr {
    find.limit(1);
    Expr::SubQuery(None, Box::new(SubQueryStatement::SelectStatement(find))).is_not_null()
}

/// The condition that the order with this id has a payment status. Without a balance that is `not_required`.
fn has_payment_status(status: OrderPaymentStatus, id: Expr) -> Condition {
    let of_order = Expr::col((balances::Entity, balances::Column::OrderId)).eq(id);
    let has = Expr::exists(with_payment_status(status).and_where(of_order).to_owned());
    let is_required = status != OrderPaymentStatus::NotRequired;
    Condition::any().add(has).add_option((!is_required).then(|| Column::HasBalance.eq(false)))
}

fn has_status_of(stage: OrderStage, named: Named<Column>) -> Expr {
    named(Column::Status).is_in(stage.statuses().iter().map(|status| status.as_str()))
}

/// Selects the ids of the orders that are at a stage, in no order.
pub(in crate::db::repositories) fn at_stage(stage: OrderStage) -> SelectStatement {
    let mut find = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(has_status_of(stage, indexed))
        .filter(is_at(stage, unindexed))
        .into_query();
    find.force_index("orders_by_status", IndexHintScope::All);
    find
}

/// [`OrderStage::has`], in SQL.
fn is_at(stage: OrderStage, named: Named<Column>) -> Condition {
    let has_status = Condition::all().add(has_status_of(stage, named));
    if stage == OrderStage::Open {
        return has_status;
    }
    let of_order = Expr::col((balances::Entity, balances::Column::OrderId)).eq(unindexed(Column::Id));
    let money = Condition::any()
        .add(balances::Column::Terms.eq(PaymentTerms::OnDelivery.as_str()))
        .add(balances::Column::Status.is_in(OrderBalance::MAY_SHIP.map(OrderPaymentStatus::as_str)));
    let mut may_ship =
        balances::Entity::find().select_only().column(balances::Column::OrderId).filter(money).into_query();
    may_ship.and_where(of_order);
    has_status.add(Condition::any().add(Column::HasBalance.eq(false)).add(finds_one(may_ship)))
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
