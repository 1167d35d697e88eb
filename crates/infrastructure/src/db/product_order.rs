//! The orders of a list of products, and the places in them.

use domain::products::{ProductSort, ProductStatus, ProductView};
use domain::{Cursor, CursorKey};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{Condition, DbBackend, DbErr, Order, QueryOrder, QueryResult, QuerySelect, Value};

use super::entities::products::{Column, Entity};

/// The column by which a list is sorted, and the order. Ids rise with time.
pub(super) fn by(sort: ProductSort) -> (Column, Order) {
    match sort {
        ProductSort::CreatedAt => (Column::Id, Order::Asc),
        ProductSort::CreatedAtDescending => (Column::Id, Order::Desc),
        ProductSort::Name => (Column::Name, Order::Asc),
        ProductSort::NameDescending => (Column::Name, Order::Desc),
        ProductSort::Price => (Column::Price, Order::Asc),
        ProductSort::PriceDescending => (Column::Price, Order::Desc),
    }
}

/// Sorts what is found.
pub(super) fn sorted<Q: QueryOrder>(find: Q, sort: ProductSort) -> Q {
    let (column, order) = by(sort);
    let find = match column {
        Column::Id => find,
        column => find.order_by(column, order.clone()),
    };
    find.order_by(Column::Id, order)
}

/// Sorts what an index of something else has found. The plus keeps SQLite from going through the index of the order, to
/// ask of each product whether it was found.
pub(super) fn gathered<Q: QueryOrder>(find: Q, sort: ProductSort) -> Q {
    let (column, order) = by(sort);
    let find = match column {
        Column::Name => find.order_by(Expr::cust("+products.name"), order.clone()),
        Column::Price => find.order_by(Expr::cust("+products.price"), order.clone()),
        _ => find,
    };
    find.order_by(Column::Id, order)
}

/// The index in whose order the list is. MySQL and MariaDB are told, because MariaDB would at times rather read all
/// products of a status.
pub(super) fn index(sort: ProductSort, status: Option<ProductStatus>) -> &'static str {
    match (by(sort).0, status) {
        (Column::Name, None) => "products_by_name",
        (Column::Name, Some(_)) => "products_by_status_and_name",
        (Column::Price, None) => "products_by_price",
        (Column::Price, Some(_)) => "products_by_status_and_price",
        (_, None) => "PRIMARY",
        (_, Some(_)) => "products_by_status",
    }
}

/// Where an item stands in a list.
pub(super) fn cursor(sort: ProductSort, view: &ProductView) -> Cursor {
    let product = &view.product;
    let key = match by(sort).0 {
        Column::Name => CursorKey::Text(product.name.as_str().to_owned()),
        Column::Price => CursorKey::Int(product.price.amount()),
        _ => CursorKey::Id,
    };
    Cursor { key, id: product.id.0 }
}

/// What [`place`] reads.
pub(super) fn key<Q: QuerySelect>(find: Q, sort: ProductSort) -> Q {
    find.select_only().column(by(sort).0).column(Column::Id)
}

/// The same of a row that holds its [`key`].
pub(super) fn place(sort: ProductSort, row: &QueryResult) -> Result<Cursor, DbErr> {
    let key = match by(sort).0 {
        Column::Name => CursorKey::Text(row.try_get_by_index(0)?),
        Column::Price => CursorKey::Int(row.try_get_by_index(0)?),
        _ => CursorKey::Id,
    };
    Ok(Cursor { key, id: row.try_get_by_index(1)? })
}

type Compare = fn(Expr, Expr) -> Expr;

/// What comes after a place.
pub(super) fn after(backend: DbBackend, sort: ProductSort, cursor: &Cursor) -> Condition {
    match by(sort) {
        (column, Order::Desc) => beside(backend, column, cursor, ExprTrait::lt, ExprTrait::lt),
        (column, _) => beside(backend, column, cursor, ExprTrait::gt, ExprTrait::gt),
    }
}

/// What comes before a place, and what stands there.
pub(super) fn up_to(backend: DbBackend, sort: ProductSort, cursor: &Cursor) -> Condition {
    match by(sort) {
        (column, Order::Desc) => beside(backend, column, cursor, ExprTrait::gt, ExprTrait::gte),
        (column, _) => beside(backend, column, cursor, ExprTrait::lt, ExprTrait::lte),
    }
}

/// What stands on one side of a place, written so that the database finds the place in the index: by its key, or among
/// those of the same key by its id.
fn beside(backend: DbBackend, column: Column, cursor: &Cursor, by_key: Compare, by_id: Compare) -> Condition {
    let id = || (Expr::col((Entity, Column::Id)), Expr::val(cursor.id));
    let Some(value) = value(&cursor.key) else { return Condition::all().add(by_id(id().0, id().1)) };
    let key = || (Expr::col((Entity, column)), Expr::val(value.clone()));
    if backend == DbBackend::Sqlite {
        let (keys, values) = ([key().0, id().0], [key().1, id().1]);
        return Condition::all().add(by_id(Expr::tuple(keys), Expr::tuple(values)));
    }
    let same = Condition::all().add(key().0.eq(key().1)).add(by_id(id().0, id().1));
    Condition::any().add(by_key(key().0, key().1)).add(same)
}

fn value(key: &CursorKey) -> Option<Value> {
    match key {
        CursorKey::Id => None,
        CursorKey::Int(number) => Some((*number).into()),
        CursorKey::Text(text) => Some(text.as_str().into()),
    }
}
