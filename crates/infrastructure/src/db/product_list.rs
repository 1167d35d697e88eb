//! Lists of products, in any order.

use domain::products::{ProductFilter, ProductSort, ProductView};
use domain::{Cursor, CursorKey, Page, PageRequest, StoreError};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Value};

use super::entities::products::{Column, Entity};
use super::entities::stock;
use super::error;
use super::products::view;
use super::queries::rows;
use super::reader::Reader;

/// A page of products.
pub(super) async fn page(
    read: &Reader,
    filter: &ProductFilter,
    sort: ProductSort,
    page: &PageRequest,
) -> Result<Page<ProductView>, StoreError> {
    let (column, order) = by(sort);
    let find = Entity::find()
        .find_also_related(stock::Entity)
        .filter(wanted(filter))
        .apply_if(page.after.as_ref(), |find, cursor| find.filter(after(column, &order, cursor)))
        .apply_if(column, |find, column| find.order_by(column, order.clone()))
        .order_by(Column::Id, order.clone())
        .limit(rows(page));
    let rows = find.all(read).await.map_err(error::on_read)?;
    let views = rows.into_iter().map(view).collect::<Result<_, _>>()?;
    Ok(Page::cut(views, page.limit, |view: &ProductView| cursor(sort, view)))
}

/// The column by which a list is sorted, unless it is the id, and the order. Ids rise with time.
fn by(sort: ProductSort) -> (Option<Column>, Order) {
    match sort {
        ProductSort::CreatedAt => (None, Order::Asc),
        ProductSort::CreatedAtDescending => (None, Order::Desc),
        ProductSort::Name => (Some(Column::Name), Order::Asc),
        ProductSort::NameDescending => (Some(Column::Name), Order::Desc),
        ProductSort::Price => (Some(Column::Price), Order::Asc),
        ProductSort::PriceDescending => (Some(Column::Price), Order::Desc),
    }
}

/// Where an item stands in a list.
fn cursor(sort: ProductSort, view: &ProductView) -> Cursor {
    let product = &view.product;
    let key = match by(sort).0 {
        Some(Column::Name) => CursorKey::Text(product.name.as_str().to_owned()),
        Some(Column::Price) => CursorKey::Int(product.price.amount()),
        _ => CursorKey::Id,
    };
    Cursor { key, id: product.id.0 }
}

/// What comes after a cursor. Both parts are ranges of one index.
fn after(column: Option<Column>, order: &Order, cursor: &Cursor) -> Condition {
    let beyond = |column: Column, value: Value| match order {
        Order::Desc => column.lt(value),
        _ => column.gt(value),
    };
    let later = beyond(Column::Id, cursor.id.into());
    let (Some(column), Some(value)) = (column, value(&cursor.key)) else { return Condition::all().add(later) };
    let same = Expr::col((Entity, column)).eq(value.clone());
    Condition::any().add(beyond(column, value)).add(Condition::all().add(same).add(later))
}

fn value(key: &CursorKey) -> Option<Value> {
    match key {
        CursorKey::Id => None,
        CursorKey::Int(number) => Some((*number).into()),
        CursorKey::Text(text) => Some(text.as_str().into()),
    }
}

fn wanted(filter: &ProductFilter) -> Condition {
    let in_stock = |wanted| if wanted { stock::Column::OnHand.gt(0) } else { stock::Column::OnHand.eq(0) };
    Condition::all()
        .add_option(filter.status.map(|status| Column::Status.eq(status.as_str())))
        .add_option(filter.min_price.map(|price| Column::Price.gte(price)))
        .add_option(filter.max_price.map(|price| Column::Price.lte(price)))
        .add_option(filter.in_stock.map(in_stock))
}
