//! Lists of products, in any order.

use domain::products::{ProductFilter, ProductSort, ProductView};
use domain::{Cursor, CursorKey, Page, PageRequest, StoreError, Uuid};
use sea_orm::sea_query::extension::mysql::{IndexHintScope, MySqlSelectStatementExt as _};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, DbErr, EntityTrait, Order, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select, SelectTwo, Value,
};

use super::entities::products::{Column, Entity, Model};
use super::entities::stock;
use super::error;
use super::product_search::{by_index, by_reading};
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
    let list = List { backend: read.get_database_backend(), filter, sort, page };
    let rows = list.read(read).await.map_err(error::on_read)?;
    let views = rows.into_iter().map(view).collect::<Result<_, _>>()?;
    Ok(Page::cut(views, page.limit, |view: &ProductView| cursor(sort, view)))
}

/// How many of the next products are looked at one by one.
const NEAR: u64 = 500;

type Row = (Model, Option<stock::Model>);

struct List<'a> {
    backend: DbBackend,
    filter: &'a ProductFilter,
    sort: ProductSort,
    page: &'a PageRequest,
}

impl List<'_> {
    /// The rows of the page and, if there is one, the first of the next.
    ///
    /// Many products may pass a search or a range of prices, or few. If many do, the next products in order fill the
    /// page, where an index of words or prices would name them all, to be sorted for the sake of one page. If few do, it
    /// names but a few.
    async fn read(&self, read: &Reader) -> Result<Vec<Row>, DbErr> {
        let ProductFilter { search, min_price, max_price, .. } = self.filter;
        let by_price = min_price.or(*max_price).is_some() && !matches!(by(self.sort).0, Column::Price);
        if search.is_none() && !by_price {
            let mut find = self.matching();
            QueryTrait::query(&mut find).force_index(self.index(), IndexHintScope::All);
            return self.in_order(find).all(read).await;
        }
        let near: Vec<Uuid> = self.near().into_tuple().all(read).await?;
        let mut found = self.matching().filter(Column::Id.is_in(near));
        if let Some(search) = search {
            found = found.filter(by_reading(search));
        }
        QueryTrait::query(&mut found).force_index("PRIMARY", IndexHintScope::All);
        let found = self.in_order(found).all(read).await?;
        if u64::try_from(found.len()) == Ok(rows(self.page)) {
            return Ok(found);
        }
        let far = self.matching().apply_if(search.as_ref(), |find, search| find.filter(by_index(self.backend, search)));
        self.in_order(far).all(read).await
    }

    /// The products that pass the filter, but for the search, after the cursor.
    fn matching(&self) -> SelectTwo<Entity, stock::Entity> {
        let ProductFilter { min_price, max_price, in_stock, .. } = *self.filter;
        // The stock of a product may be missing, as far as the database knows, so that it looks at the product first.
        let on_hand = Expr::cust("COALESCE(stock.on_hand, 0)");
        let in_stock_is = |wanted| if wanted { on_hand.gt(0) } else { on_hand.eq(0) };
        let more = Condition::all()
            .add_option(min_price.map(|price| Column::Price.gte(price)))
            .add_option(max_price.map(|price| Column::Price.lte(price)))
            .add_option(in_stock.map(in_stock_is));
        Entity::find().find_also_related(stock::Entity).filter(self.next()).filter(more)
    }

    /// The next products in order.
    fn near(&self) -> Select<Entity> {
        let mut find = Entity::find().select_only().column(Column::Id).filter(self.next());
        QueryTrait::query(&mut find).force_index(self.index(), IndexHintScope::All);
        self.sorted(find).limit(NEAR)
    }

    /// One page of it, in order.
    fn in_order(&self, find: SelectTwo<Entity, stock::Entity>) -> SelectTwo<Entity, stock::Entity> {
        self.sorted(find).limit(rows(self.page))
    }

    fn sorted<Q: QueryOrder>(&self, find: Q) -> Q {
        let (column, order) = by(self.sort);
        let find = match column {
            Column::Id => find,
            column => find.order_by(column, order.clone()),
        };
        find.order_by(Column::Id, order)
    }

    /// The index in whose order the list is. MySQL and MariaDB are told, because MariaDB would at times rather read all
    /// products of a status.
    fn index(&self) -> &'static str {
        match (by(self.sort).0, self.filter.status) {
            (Column::Name, None) => "products_by_name",
            (Column::Name, Some(_)) => "products_by_status_and_name",
            (Column::Price, None) => "products_by_price",
            (Column::Price, Some(_)) => "products_by_status_and_price",
            (_, None) => "PRIMARY",
            (_, Some(_)) => "products_by_status",
        }
    }

    /// The products of the status after the cursor: a range of that index.
    fn next(&self) -> Condition {
        Condition::all()
            .add_option(self.filter.status.map(|status| Column::Status.eq(status.as_str())))
            .add_option(self.page.after.as_ref().map(|cursor| self.after(cursor)))
    }

    /// What comes after a cursor, written so that the database finds the place in the index.
    fn after(&self, cursor: &Cursor) -> Condition {
        let (column, order) = by(self.sort);
        let beyond = |left: Expr, right: Expr| match order {
            Order::Desc => left.lt(right),
            _ => left.gt(right),
        };
        let id = || (Expr::col((Entity, Column::Id)), Expr::val(cursor.id));
        let Some(value) = value(&cursor.key) else { return Condition::all().add(beyond(id().0, id().1)) };
        let key = || (Expr::col((Entity, column)), Expr::val(value.clone()));
        if self.backend == DbBackend::Sqlite {
            let (keys, values) = ([key().0, id().0], [key().1, id().1]);
            return Condition::all().add(beyond(Expr::tuple(keys), Expr::tuple(values)));
        }
        let same = Condition::all().add(key().0.eq(key().1)).add(beyond(id().0, id().1));
        Condition::any().add(beyond(key().0, key().1)).add(same)
    }
}

/// The column by which a list is sorted, and the order. Ids rise with time.
fn by(sort: ProductSort) -> (Column, Order) {
    match sort {
        ProductSort::CreatedAt => (Column::Id, Order::Asc),
        ProductSort::CreatedAtDescending => (Column::Id, Order::Desc),
        ProductSort::Name => (Column::Name, Order::Asc),
        ProductSort::NameDescending => (Column::Name, Order::Desc),
        ProductSort::Price => (Column::Price, Order::Asc),
        ProductSort::PriceDescending => (Column::Price, Order::Desc),
    }
}

/// Where an item stands in a list.
fn cursor(sort: ProductSort, view: &ProductView) -> Cursor {
    let product = &view.product;
    let key = match by(sort).0 {
        Column::Name => CursorKey::Text(product.name.as_str().to_owned()),
        Column::Price => CursorKey::Int(product.price.amount()),
        _ => CursorKey::Id,
    };
    Cursor { key, id: product.id.0 }
}

fn value(key: &CursorKey) -> Option<Value> {
    match key {
        CursorKey::Id => None,
        CursorKey::Int(number) => Some((*number).into()),
        CursorKey::Text(text) => Some(text.as_str().into()),
    }
}
