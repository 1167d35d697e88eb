//! The orders of a list of products, and the places in them.

use domain::products::{ProductSort, ProductStatus, ProductView};
use domain::{Cursor, CursorKey, sort_key};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{Condition, DbBackend, IdenStatic as _, Order, QueryOrder, QuerySelect, Value};

use crate::db::convert::micros;
use crate::db::engine::{Error, Row};
use crate::db::entities::products::{Column, Entity};

/// The order of a list: its column, and up or down. Ids rise with time.
#[derive(Clone)]
pub(super) struct Sorting {
    pub column: Column,
    order: Order,
}

impl Sorting {
    /// The order of the products of one rank is that of their creation, newest first. Names are sorted by their keys if
    /// every product has one.
    pub fn of(sort: ProductSort, has_keys: bool) -> Self {
        let name = if has_keys { Column::NameKey } else { Column::Name };
        let (column, order) = match sort {
            ProductSort::CreatedAt => (Column::Id, Order::Asc),
            ProductSort::CreatedAtDescending | ProductSort::Relevance => (Column::Id, Order::Desc),
            ProductSort::Name => (name, Order::Asc),
            ProductSort::NameDescending => (name, Order::Desc),
            ProductSort::Price => (Column::Price, Order::Asc),
            ProductSort::PriceDescending => (Column::Price, Order::Desc),
            ProductSort::UpdatedAt => (Column::UpdatedAt, Order::Asc),
        };
        Self { column, order }
    }

    /// Whether it goes from the least to the most.
    pub fn is_upwards(&self) -> bool {
        self.order == Order::Asc
    }

    /// Whether this column has the order.
    pub fn is_by(&self, column: Column) -> bool {
        std::mem::discriminant(&self.column) == std::mem::discriminant(&column)
    }

    /// The place in this order that a cursor names. A cursor has a name itself or its key, which is its own
    /// key.
    pub fn place_of(&self, cursor: &Cursor) -> Cursor {
        let key = match (&cursor.key, self.column) {
            (CursorKey::Text(name), Column::NameKey) => CursorKey::Text(sort_key(name)),
            (key, _) => key.clone(),
        };
        Cursor { key, id: cursor.id }
    }

    /// The cursor of an item.
    pub fn cursor(&self, view: &ProductView) -> Cursor {
        let product = &view.product;
        let key = match self.column {
            Column::Name | Column::NameKey => CursorKey::Text(product.name.as_str().to_owned()),
            Column::Price => CursorKey::Int(product.price.amount()),
            Column::UpdatedAt => CursorKey::Int(micros(product.updated_at)),
            _ => CursorKey::Id,
        };
        Cursor { key, id: product.id.0 }
    }
}

/// Writes a column in SQL: so that its index is used, or so that it is not.
pub(super) type Named = fn(Column) -> Expr;

/// The plain column: its index may be used.
pub(super) fn indexed(column: Column) -> Expr {
    Expr::col((Entity, column))
}

/// The column with a plus before it, so that SQLite does not use its index. SQLite would otherwise walk the whole
/// index, and check for each product whether the better index has it.
pub(super) fn unindexed(column: Column) -> Expr {
    Expr::cust(format!("+products.{}", column.as_str()))
}

/// Sorts the products that were found.
pub(super) fn sorted<Q: QueryOrder>(find: Q, sorting: &Sorting, named: Named) -> Q {
    let Sorting { column, order } = sorting.clone();
    let find = match column {
        Column::Id => find,
        column => find.order_by(named(column), order.clone()),
    };
    find.order_by(Column::Id, order)
}

/// The index in whose order the list is. MySQL and MariaDB get it as a hint, because MariaDB would at times rather read all
/// products of a status.
pub(super) fn index(sorting: &Sorting, status: Option<ProductStatus>) -> &'static str {
    match (sorting.column, status) {
        (Column::NameKey, None) => "products_by_name_key",
        (Column::NameKey, Some(_)) => "products_by_status_and_name_key",
        (Column::Name, None) => "products_by_name",
        (Column::Name, Some(_)) => "products_by_status_and_name",
        (Column::Price, None) => "products_by_price",
        (Column::Price, Some(_)) => "products_by_status_and_price",
        (Column::UpdatedAt, _) => "products_by_change",
        (_, None) => "PRIMARY",
        (_, Some(_)) => "products_by_status",
    }
}

/// Selects the columns that [`place`] reads.
pub(super) fn key<Q: QuerySelect>(find: Q, sorting: &Sorting) -> Q {
    find.select_only().column(sorting.column).column(Column::Id)
}

/// The cursor of a row that has the columns of [`key`].
pub(super) fn place(sorting: &Sorting, row: &Row) -> Result<Cursor, Error> {
    let key = match sorting.column {
        Column::Name | Column::NameKey => CursorKey::Text(row.at(0)?),
        Column::Price | Column::UpdatedAt => CursorKey::Int(row.at(0)?),
        _ => CursorKey::Id,
    };
    Ok(Cursor { key, id: row.at(1)? })
}

type Compare = fn(Expr, Expr) -> Expr;

/// The condition for rows after a place.
pub(super) fn after(backend: DbBackend, sorting: &Sorting, place: &Cursor, named: Named) -> Condition {
    let beyond: Compare = match sorting.order {
        Order::Desc => ExprTrait::lt,
        _ => ExprTrait::gt,
    };
    beside(backend, sorting.column, place, named, [beyond, beyond])
}

/// The condition for rows at or before a place.
pub(super) fn up_to(backend: DbBackend, sorting: &Sorting, place: &Cursor, named: Named) -> Condition {
    let within: [Compare; 2] = match sorting.order {
        Order::Desc => [ExprTrait::gt, ExprTrait::gte],
        _ => [ExprTrait::lt, ExprTrait::lte],
    };
    beside(backend, sorting.column, place, named, within)
}

/// The condition for rows on one side of a place: by the sort key, then by id. It is written so that the database seeks
/// the place in the index.
fn beside(
    backend: DbBackend,
    column: Column,
    place: &Cursor,
    named: Named,
    [by_key, by_id]: [Compare; 2],
) -> Condition {
    let id = || (named(Column::Id), Expr::val(place.id));
    let Some(value) = value(&place.key) else { return Condition::all().add(by_id(id().0, id().1)) };
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
        CursorKey::Id | CursorKey::Pin(_) => None,
        CursorKey::Int(number) => Some((*number).into()),
        CursorKey::Text(text) => Some(text.as_str().into()),
    }
}
