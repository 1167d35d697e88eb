//! Lists of products, in any order.

use domain::products::{ProductFilter, ProductSort, ProductView, Sku};
use domain::{Cursor, Page, PageRequest, StoreError};
use sea_orm::sea_query::extension::mysql::{IndexHintScope, MySqlSelectStatementExt as _};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, DbBackend, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select};

use super::product_order::{Named, Sorting, after, index, indexed, key, place, sorted, unindexed, up_to};
use super::product_search::Wanted;
use super::product_tiers::Tier;
use super::renewal::Renewal;
use super::tokens::Place;
use crate::db::convert::micros;
use crate::db::engine::{Error, Executor as _, Pool};
use crate::db::entities::products::{Column, Entity};
use crate::db::repositories::rows;
use crate::db::repositories::{ViewRow, viewed};

/// A page of products.
pub(in crate::db) async fn page(
    read: &Pool,
    renewal: &Renewal,
    filter: &ProductFilter,
    sort: ProductSort,
    page: &PageRequest,
) -> Result<Page<ProductView>, StoreError> {
    if filter.search.as_ref().is_some_and(|search| search.wanted().is_empty()) {
        return Ok(Page { items: Vec::new(), next: None });
    }
    let by_name = matches!(sort, ProductSort::Name | ProductSort::NameDescending);
    let is_renewed = !by_name && filter.search.is_none() || renewal.is_done(read).await?;
    let sorting = Sorting::of(sort, is_renewed);
    let words = filter.search.as_ref().map(|search| Wanted { search, is_renewed, place: Place::Anywhere });
    let after = page.after.as_ref().map(|cursor| sorting.place_of(cursor));
    let list = List { backend: read.backend(), filter, sorting, words, tier: None, after, wanted: rows(page) };
    if sort == ProductSort::Relevance {
        return list.by_tier(read, page).await;
    }
    let sorting = list.sorting.clone();
    let views = views(list.read(read).await?)?;
    Ok(Page::cut(views, page.limit, |view: &ProductView| sorting.cursor(view)))
}

pub(super) fn views(rows: Vec<ViewRow>) -> Result<Vec<ProductView>, StoreError> {
    rows.into_iter().map(ViewRow::view).collect()
}

/// How many of the next products are looked at one by one: some, then more as long as any of them pass.
const NEAR: [u64; 3] = [500, 2_000, 8_000];

/// The rest of a page that is still to be read.
#[derive(Clone)]
pub(super) struct List<'a> {
    pub backend: DbBackend,
    pub filter: &'a ProductFilter,
    pub sorting: Sorting,
    /// The words that a product must have.
    pub words: Option<Wanted<'a>>,
    /// The tier in which it must be, if the list goes tier by tier.
    pub tier: Option<Tier<'a>>,
    pub after: Option<Cursor>,
    pub wanted: u64,
}

impl List<'_> {
    /// The rows of the page and, if there is one, the first of the next.
    ///
    /// Many products may pass a search or a range of prices, or few. If many do, the next products in order soon fill the
    /// page, where an index of words or prices would name them all, to be sorted for the sake of one page. If few do, it
    /// names but a few.
    pub async fn read(mut self, read: &Pool) -> Result<Vec<ViewRow>, Error> {
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
        let ProductFilter { min_price, max_price, .. } = self.filter;
        self.words.is_some() || self.tier.is_some() || min_price.or(*max_price).is_some() && !self.is_by_price()
    }

    fn is_by_price(&self) -> bool {
        matches!(self.sorting.column, Column::Price)
    }

    /// Where the next `step` products end, if there are more.
    async fn end(&self, step: u64, read: &Pool) -> Result<Option<Cursor>, Error> {
        let next = self.in_order(key(Entity::find(), &self.sorting).filter(self.next(indexed)));
        let rows = read.run(next.offset(step).limit(1).build(self.backend)).await?.rows;
        rows.first().map(|row| place(&self.sorting, row)).transpose()
    }

    /// What passes of the next products in order, up to a place or to the last.
    fn near(&self, end: Option<&Cursor>) -> Select<Entity> {
        let price = if self.is_by_price() { indexed } else { unindexed };
        let find = viewed()
            .filter(self.next(indexed))
            .filter(self.passes(price))
            .apply_if(end, |find, end| find.filter(up_to(self.backend, &self.sorting, end)))
            .apply_if(self.words.as_ref(), |find, words| find.filter(words.by_reading()))
            .apply_if(self.tier.as_ref(), |find, tier| find.filter(tier.by_reading()));
        self.in_order(find).limit(self.wanted)
    }

    /// What passes of all that are left, by the index of words, or else by that of prices.
    fn far(&self) -> Select<Entity> {
        let price = if self.words.is_none() && self.tier.is_none() { indexed } else { unindexed };
        let find = viewed()
            .filter(self.next(unindexed))
            .filter(self.passes(price))
            .apply_if(self.words.as_ref(), |find, words| find.filter(words.by_index(self.backend)))
            .apply_if(self.tier.as_ref(), |find, tier| find.filter(tier.by_index(self.backend)));
        sorted(find, &self.sorting, unindexed).limit(self.wanted)
    }

    /// What passes of the products with the SKUs, by their index.
    fn named(&self) -> Select<Entity> {
        let find = viewed()
            .filter(indexed(Column::Sku).is_in(self.filter.skus.iter().map(Sku::as_str)))
            .filter(self.next(unindexed))
            .filter(self.passes(unindexed))
            .apply_if(self.words.as_ref(), |find, words| find.filter(words.by_reading()))
            .apply_if(self.tier.as_ref(), |find, tier| find.filter(tier.by_reading()));
        sorted(find, &self.sorting, unindexed).limit(self.wanted)
    }

    /// What the filter says of prices and stock.
    pub fn passes(&self, price: Named) -> Condition {
        let ProductFilter { min_price, max_price, in_stock, .. } = *self.filter;
        // The stock of a product may be missing, as far as the database knows, so that it looks at the product first.
        let on_hand = Expr::cust("COALESCE(stock.on_hand, 0)");
        let in_stock_is = |wanted| if wanted { on_hand.gt(0) } else { on_hand.eq(0) };
        Condition::all()
            .add_option(min_price.map(|least| price(Column::Price).gte(least)))
            .add_option(max_price.map(|most| price(Column::Price).lte(most)))
            .add_option(in_stock.map(in_stock_is))
    }

    /// The products of the status after the place: a range of the index of the order.
    pub fn next(&self, named: Named) -> Condition {
        Condition::all()
            .add_option(self.filter.status.map(|status| Column::Status.eq(status.as_str())))
            .add_option(self.filter.updated_after.map(|from| named(Column::UpdatedAt).gte(micros(from))))
            .add_option(self.after.as_ref().map(|place| after(self.backend, &self.sorting, place, named)))
    }

    /// Reads the products from the index of the sort order.
    fn in_order(&self, find: Select<Entity>) -> Select<Entity> {
        let mut find = sorted(find, &self.sorting, indexed);
        let index = index(&self.sorting, self.filter.status);
        QueryTrait::query(&mut find).force_index(index, IndexHintScope::All);
        find
    }
}
