//! Lists of products, in any order.

use domain::products::{ProductFilter, ProductSort, ProductView, Sku};
use domain::{Cursor, Page, PageRequest, StoreError};
use sea_orm::sea_query::extension::mysql::{IndexHintScope, MySqlSelectStatementExt as _};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, DbBackend, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select};

use super::product_order::{Named, after, by, cursor, index, indexed, key, place, sorted, unindexed, up_to};
use super::product_search::{by_index, by_reading};
use crate::db::convert::micros;
use crate::db::engine::{Error, Executor as _, Pool};
use crate::db::entities::products::{Column, Entity};
use crate::db::repositories::rows;
use crate::db::repositories::{ViewRow, viewed};

/// A page of products.
pub(in crate::db) async fn page(
    read: &Pool,
    filter: &ProductFilter,
    sort: ProductSort,
    page: &PageRequest,
) -> Result<Page<ProductView>, StoreError> {
    let backend = read.backend();
    let list = List { backend, filter, sort, after: page.after.clone(), wanted: rows(page) };
    let rows = list.read(read).await?;
    let views = rows.into_iter().map(ViewRow::view).collect::<Result<_, _>>()?;
    Ok(Page::cut(views, page.limit, |view: &ProductView| cursor(sort, view)))
}

/// How many of the next products are looked at one by one: some, then more as long as any of them pass.
const NEAR: [u64; 3] = [500, 2_000, 8_000];

/// What is still wanted of a list.
struct List<'a> {
    backend: DbBackend,
    filter: &'a ProductFilter,
    sort: ProductSort,
    after: Option<Cursor>,
    wanted: u64,
}

impl List<'_> {
    /// The rows of the page and, if there is one, the first of the next.
    ///
    /// Many products may pass a search or a range of prices, or few. If many do, the next products in order soon fill the
    /// page, where an index of words or prices would name them all, to be sorted for the sake of one page. If few do, it
    /// names but a few.
    async fn read(mut self, read: &Pool) -> Result<Vec<ViewRow>, Error> {
        if !self.filter.skus.is_empty() {
            return read.read(&self.named()).await;
        }
        if !self.is_narrow() {
            return read.read(&self.near(None)).await;
        }
        let mut found = Vec::new();
        for step in NEAR {
            let end = self.end(step, read).await?;
            let some = read.read(&self.near(end.as_ref())).await?;
            self.wanted = self.wanted.saturating_sub(u64::try_from(some.len()).unwrap_or(u64::MAX));
            found.extend(some);
            if self.wanted == 0 || end.is_none() {
                return Ok(found);
            }
            self.after = end;
            if found.is_empty() {
                break;
            }
        }
        found.extend(read.read(&self.far()).await?);
        Ok(found)
    }

    /// Whether another index than that of the order names the products that pass.
    fn is_narrow(&self) -> bool {
        let ProductFilter { search, min_price, max_price, .. } = self.filter;
        search.is_some() || min_price.or(*max_price).is_some() && !self.is_by_price()
    }

    fn is_by_price(&self) -> bool {
        matches!(by(self.sort).0, Column::Price)
    }

    /// Where the next `step` products end, if there are more.
    async fn end(&self, step: u64, read: &Pool) -> Result<Option<Cursor>, Error> {
        let next = self.in_order(key(Entity::find(), self.sort).filter(self.next(indexed)));
        let rows = read.run(next.offset(step).limit(1).build(self.backend)).await?.rows;
        rows.first().map(|row| place(self.sort, row)).transpose()
    }

    /// What passes of the next products in order, up to a place or to the last.
    fn near(&self, end: Option<&Cursor>) -> Select<Entity> {
        let price = if self.is_by_price() { indexed } else { unindexed };
        let find = viewed()
            .filter(self.next(indexed))
            .filter(self.passes(price))
            .apply_if(end, |find, end| find.filter(up_to(self.backend, self.sort, end)))
            .apply_if(self.filter.search.as_ref(), |find, search| find.filter(by_reading(search)));
        self.in_order(find).limit(self.wanted)
    }

    /// What passes of all that are left, by the index of words, or else by that of prices.
    fn far(&self) -> Select<Entity> {
        let price = if self.filter.search.is_none() { indexed } else { unindexed };
        let find = viewed()
            .filter(self.next(unindexed))
            .filter(self.passes(price))
            .apply_if(self.filter.search.as_ref(), |find, search| find.filter(by_index(self.backend, search)));
        sorted(find, self.sort, unindexed).limit(self.wanted)
    }

    /// What passes of the products with the SKUs, by their index.
    fn named(&self) -> Select<Entity> {
        let find = viewed()
            .filter(indexed(Column::Sku).is_in(self.filter.skus.iter().map(Sku::as_str)))
            .filter(self.next(unindexed))
            .filter(self.passes(unindexed))
            .apply_if(self.filter.search.as_ref(), |find, search| find.filter(by_reading(search)));
        sorted(find, self.sort, unindexed).limit(self.wanted)
    }

    /// What the filter says of prices and stock.
    fn passes(&self, price: Named) -> Condition {
        let ProductFilter { min_price, max_price, in_stock, .. } = *self.filter;
        // The stock of a product may be missing, as far as the database knows, so that it looks at the product first.
        let on_hand = Expr::cust("COALESCE(stock.on_hand, 0)");
        let in_stock_is = |wanted| if wanted { on_hand.gt(0) } else { on_hand.eq(0) };
        Condition::all()
            .add_option(min_price.map(|least| price(Column::Price).gte(least)))
            .add_option(max_price.map(|most| price(Column::Price).lte(most)))
            .add_option(in_stock.map(in_stock_is))
    }

    /// The products of the status after the cursor: a range of the index of the order.
    fn next(&self, named: Named) -> Condition {
        Condition::all()
            .add_option(self.filter.status.map(|status| Column::Status.eq(status.as_str())))
            .add_option(self.filter.updated_after.map(|from| named(Column::UpdatedAt).gte(micros(from))))
            .add_option(self.after.as_ref().map(|cursor| after(self.backend, self.sort, cursor, named)))
    }

    /// Reads what is found from the index of the order.
    fn in_order(&self, find: Select<Entity>) -> Select<Entity> {
        let mut find = sorted(find, self.sort, indexed);
        QueryTrait::query(&mut find).force_index(index(self.sort, self.filter.status), IndexHintScope::All);
        find
    }
}
