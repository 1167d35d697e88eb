//! The orders of a list of products, and the places in them.

use domain::products::{ProductSort, ProductStatus, ProductView};
use domain::{Cursor, CursorKey};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{Condition, DbBackend, IdenStatic as _, Order, QueryOrder, QuerySelect, Value};

use crate::db::convert::micros;
use crate::db::engine::{Error, Row};
use crate::db::entities::products::{Column, Entity};

/// The column by which a list is sorted, and the order. Ids rise with time.
pub(super) fn by(sort: ProductSort) -> (Column, Order) {
    match sort {
        ProductSort::CreatedAt => (Column::Id, Order::Asc),
        ProductSort::CreatedAtDescending => (Column::Id, Order::Desc),
        ProductSort::Name => (Column::Name, Order::Asc),
        ProductSort::NameDescending => (Column::Name, Order::Desc),
        ProductSort::Price => (Column::Price, Order::Asc),
        ProductSort::PriceDescending => (Column::Price, Order::Desc),
        ProductSort::UpdatedAt => (Column::UpdatedAt, Order::Asc),
    }
}

/// How a column is named.
pub(super) type Named = fn(Column) -> Expr;

/// As it is, so that its index serves.
pub(super) fn indexed(column: Column) -> Expr {
    Expr::col((Entity, column))
}

/// With a plus before it, so that SQLite goes by another index. It would rather go through this one, however long, and
/// ask of each product whether the other names it.
pub(super) fn unindexed(column: Column) -> Expr {
    Expr::cust(format!("+products.{}", column.as_str()))
}

/// Sorts what is found.
pub(super) fn sorted<Q: QueryOrder>(find: Q, sort: ProductSort, named: Named) -> Q {
    let (column, order) = by(sort);
    let find = match column {
        Column::Id => find,
        column => find.order_by(named(column), order.clone()),
    };
    find.order_by(Column::Id, order)
}

/// The index in whose order the list is. MySQL and MariaDB get it as a hint, because MariaDB would at times rather read all
/// products of a status.
pub(super) fn index(sort: ProductSort, status: Option<ProductStatus>) -> &'static str {
    match (by(sort).0, status) {
        (Column::Name, None) => "products_by_name",
        (Column::Name, Some(_)) => "products_by_status_and_name",
        (Column::Price, None) => "products_by_price",
        (Column::Price, Some(_)) => "products_by_status_and_price",
        (Column::UpdatedAt, _) => "products_by_change",
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
        Column::UpdatedAt => CursorKey::Int(micros(product.updated_at)),
        _ => CursorKey::Id,
    };
    Cursor { key, id: product.id.0 }
}

/// What [`place`] reads.
pub(super) fn key<Q: QuerySelect>(find: Q, sort: ProductSort) -> Q {
    find.select_only().column(by(sort).0).column(Column::Id)
}

/// The same of a row that holds its [`key`].
pub(super) fn place(sort: ProductSort, row: &Row) -> Result<Cursor, Error> {
    let key = match by(sort).0 {
        Column::Name => CursorKey::Text(row.at(0)?),
        Column::Price | Column::UpdatedAt => CursorKey::Int(row.at(0)?),
        _ => CursorKey::Id,
    };
    Ok(Cursor { key, id: row.at(1)? })
}

type Compare = fn(Expr, Expr) -> Expr;

/// What comes after a place.
pub(super) fn after(backend: DbBackend, sort: ProductSort, cursor: &Cursor, named: Named) -> Condition {
    let beyond: Compare = match by(sort).1 {
        Order::Desc => ExprTrait::lt,
        _ => ExprTrait::gt,
    };
    beside(backend, by(sort).0, cursor, named, [beyond, beyond])
}

/// What comes before a place, and what stands there.
pub(super) fn up_to(backend: DbBackend, sort: ProductSort, cursor: &Cursor) -> Condition {
    let within: [Compare; 2] = match by(sort).1 {
        Order::Desc => [ExprTrait::gt, ExprTrait::gte],
        _ => [ExprTrait::lt, ExprTrait::lte],
    };
    beside(backend, by(sort).0, cursor, indexed, within)
}

/// What stands on one side of a place, written so that the database finds the place in the index: by its key, or among
/// those of the same key by its id.
fn beside(
    backend: DbBackend,
    column: Column,
    cursor: &Cursor,
    named: Named,
    [by_key, by_id]: [Compare; 2],
) -> Condition {
    let id = || (named(Column::Id), Expr::val(cursor.id));
    let Some(value) = value(&cursor.key) else { return Condition::all().add(by_id(id().0, id().1)) };
    let key = || (named(column), Expr::val(value.clone()));
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
