//! Lists of products, in any order.

use domain::products::{Barcode, ProductFilter, Sku};
use domain::{Cursor, Uuid};
use sea_orm::sea_query::extension::mysql::{IndexHintScope, MySqlSelectStatementExt as _};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{Condition, DbBackend, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select};

use super::product_order::{Named, Sorting, after, index, indexed, key, place, sorted, unindexed, up_to};
use super::product_pins::{Amid, Except};
use super::product_reductions::{few_reduced, is_reduced};
use super::product_sample::{Narrowing, Sample, Samples};
use super::product_search::WordsCondition;
use super::product_terms::{by_reading, few};
use crate::db::convert::micros;
use crate::db::engine::{Error, Executor as _, Pool};
use crate::db::entities::products::{Column, Entity};
use crate::db::repositories::{ViewRow, are_few, viewed};

/// How many of the found products are read at once if the list is sorted by id.
const AT_ONCE: usize = 500;

/// Barcodes as they are stored.
pub(super) fn digits(barcodes: &[Barcode]) -> impl Iterator<Item = &str> {
    barcodes.iter().map(Barcode::digits)
}

/// A list of products, and the part of a page that is still to be read.
#[derive(Clone)]
pub(super) struct List<'a> {
    pub backend: DbBackend,
    pub filter: &'a ProductFilter,
    pub sorting: Sorting,
    /// The words that a product must have.
    pub words: Option<WordsCondition<'a>>,
    /// Whether what has the words in its name comes first.
    pub is_ranked: bool,
    pub after: Option<Cursor>,
    pub wanted: u64,
    /// What is not in the list although it passes the filter.
    pub except: Except<'a>,
    /// Pins of a collection that stand among the others.
    pub amid: Option<Amid<'a>>,
}

/// What was read of a list.
pub(super) struct Found {
    pub rows: Vec<ViewRow>,
    /// Where the reading stopped although there may be more.
    pub stop: Option<Cursor>,
}

impl From<Vec<ViewRow>> for Found {
    /// Rows that end the list or fill the page.
    fn from(rows: Vec<ViewRow>) -> Self {
        Self { rows, stop: None }
    }
}

impl List<'_> {
    /// The rows of the page and, if there is one, the first of the next.
    ///
    /// Many products may pass a filter, or few. If many do, the next products in order soon fill the page, where an index
    /// of words or prices would name them all, to be sorted for the sake of one page. If few do, it names but a few. If
    /// neither is so, the page stays as it is after so many products.
    pub async fn read(mut self, read: &Pool, samples: &Samples) -> Result<Found, Error> {
        if self.is_named() {
            return Ok(read.read(&self.named(viewed())).await?.into());
        }
        if !self.is_filtered() {
            return Ok(read.read(&self.near(viewed(), None).limit(self.wanted)).await?.into());
        }
        let sample = samples.get(read).await?;
        if let Some(words) = &self.words
            && let Some(ids) = words.with_barcode(&sample, read).await?
        {
            return Ok(self.of(ids, read).await?.into());
        }
        let narrowing = self.narrowing(&sample);
        if let Some(narrowing) = narrowing.as_ref().filter(|narrowing| narrowing.is_rare) {
            return Ok(read.read(&self.by_words(viewed(), narrowing)).await?.into());
        }
        let mut found: Vec<ViewRow> = Vec::new();
        for step in sample.steps(&self.sorting).iter().copied() {
            let end = self.end(step, read).await?;
            let some: Vec<ViewRow> = read.read(&self.near(viewed(), end.as_ref()).limit(self.wanted)).await?;
            self.wanted = self.wanted.saturating_sub(u64::try_from(some.len()).unwrap_or(u64::MAX));
            found.extend(some);
            if self.wanted == 0 || end.is_none() {
                return Ok(found.into());
            }
            self.after = end;
            if found.is_empty()
                && let Some(far) = self.far(narrowing.as_ref(), read).await?
            {
                return Ok(far.into());
            }
        }
        let Some(far) = self.far(narrowing.as_ref(), read).await? else {
            return Ok(Found { rows: found, stop: self.after });
        };
        found.extend(far);
        Ok(found.into())
    }

    /// What the index of words may be asked for, if words are looked for and it does not name too many products.
    pub fn narrowing(&self, sample: &Sample) -> Option<Narrowing> {
        self.words.as_ref()?.narrowing(sample, self.backend)
    }

    /// Whether the list has a condition that the index of its order cannot check.
    fn is_filtered(&self) -> bool {
        let ProductFilter { min_price, max_price, in_stock, on_sale, status, attributes, .. } = self.filter;
        let is_priced = min_price.or(*max_price).is_some() && !self.is_by(Column::Price);
        self.words.is_some()
            || is_priced
            || in_stock.is_some()
            || on_sale.is_some()
            || status.is_some() && self.is_by(Column::UpdatedAt)
            || !attributes.is_empty()
    }

    fn is_by(&self, column: Column) -> bool {
        self.sorting.is_by(column)
    }

    /// Where the next `step` products end, if there are more.
    pub async fn end(&self, step: u64, read: &Pool) -> Result<Option<Cursor>, Error> {
        let next = self.in_order(key(Entity::find(), &self.sorting).filter(self.next(indexed)));
        let rows = read.run(next.offset(step).limit(1).build(self.backend)).await?.rows;
        rows.first().map(|row| place(&self.sorting, row)).transpose()
    }

    /// What passes of the next products in order, up to a place or to the last.
    pub fn near(&self, find: Select<Entity>, end: Option<&Cursor>) -> Select<Entity> {
        let next = if end.is_some() { self.next_up_to_a_place() } else { self.next(indexed) };
        let find = find
            .filter(next)
            .filter(self.passes(unindexed))
            .apply_if(end, |find, end| find.filter(up_to(self.backend, &self.sorting, end, indexed)))
            .apply_if(self.words.as_ref(), |find, words| find.filter(words.by_reading()));
        self.in_order(find)
    }

    /// All remaining products that pass, if an index of words, terms, values or prices finds few products.
    async fn far(&self, narrowing: Option<&Narrowing>, read: &Pool) -> Result<Option<Vec<ViewRow>>, Error> {
        if let Some(narrowing) = narrowing {
            return read.read(&self.by_words(viewed(), narrowing)).await.map(Some);
        }
        if let Some(ids) = self.few(read).await? {
            return self.of(ids, read).await.map(Some);
        }
        if let Some(ids) = few_reduced(self.filter, read).await? {
            return self.of(ids, read).await.map(Some);
        }
        let ProductFilter { min_price, max_price, status, .. } = *self.filter;
        if min_price.or(max_price).is_none() || self.is_by(Column::Price) {
            return Ok(None);
        }
        let index = if status.is_some() { "products_by_status_and_price" } else { "products_by_price" };
        let priced = |find: Select<Entity>| {
            let mut find = find.filter(self.of_status(indexed)).filter(self.priced(indexed));
            QueryTrait::query(&mut find).force_index(index, IndexHintScope::All);
            find
        };
        if !are_few(&[priced(Entity::find().select_only().column(Column::Id)).into_query()], read).await? {
            return Ok(None);
        }
        let find = priced(viewed())
            .filter(self.next(unindexed))
            .filter(self.passes(unindexed))
            .apply_if(self.words.as_ref(), |find, words| find.filter(words.by_reading()));
        read.read(&sorted(find, &self.sorting, unindexed).limit(self.wanted)).await.map(Some)
    }

    /// What passes of all that are left, by the index of words.
    pub fn by_words(&self, find: Select<Entity>, narrowing: &Narrowing) -> Select<Entity> {
        let find = find
            .filter(self.next(unindexed))
            .filter(self.passes(unindexed))
            .apply_if(self.words.as_ref(), |find, words| find.filter(words.by_index(narrowing, self.backend)));
        sorted(find, &self.sorting, unindexed).limit(self.wanted)
    }

    /// The only products that may have what is wanted of attributes, in order of id, if there are few.
    pub async fn few(&self, read: &Pool) -> Result<Option<Vec<Uuid>>, Error> {
        few(&self.filter.attributes, read).await
    }

    /// The products among `ids` that pass, for one page. `ids` are in ascending order.
    async fn of(&self, mut ids: Vec<Uuid>, read: &Pool) -> Result<Vec<ViewRow>, Error> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        if !self.is_by(Column::Id) {
            return read.read(&self.among(viewed(), ids)).await;
        }
        // The next ones in order fill the page, mostly.
        let is_upwards = self.sorting.is_upwards();
        if let Some(place) = &self.after {
            ids.retain(|id| if is_upwards { *id > place.id } else { *id < place.id });
        }
        if !is_upwards {
            ids.reverse();
        }
        let (mut rest, mut found) = (self.clone(), Vec::new());
        for some in ids.chunks(AT_ONCE) {
            let rows: Vec<ViewRow> = read.read(&rest.among(viewed(), some.to_vec())).await?;
            rest.wanted = rest.wanted.saturating_sub(u64::try_from(rows.len()).unwrap_or(u64::MAX));
            found.extend(rows);
            if rest.wanted == 0 {
                break;
            }
        }
        Ok(found)
    }

    /// What passes of the products with these ids.
    pub fn among(&self, find: Select<Entity>, ids: Vec<Uuid>) -> Select<Entity> {
        let mut find = find
            .filter(indexed(Column::Id).is_in(ids))
            .filter(self.has_name(unindexed))
            .filter(self.next(unindexed))
            .filter(self.passes(unindexed))
            .apply_if(self.words.as_ref(), |find, words| find.filter(words.by_reading()));
        QueryTrait::query(&mut find).force_index("PRIMARY", IndexHintScope::All);
        sorted(find, &self.sorting, unindexed).limit(self.wanted)
    }

    /// Whether products are wanted by their SKUs or barcodes.
    pub fn is_named(&self) -> bool {
        !self.filter.skus.is_empty() || !self.filter.barcodes.is_empty()
    }

    /// What passes of the products with the SKUs and the barcodes, by their indexes.
    pub fn named(&self, find: Select<Entity>) -> Select<Entity> {
        let find = find
            .filter(self.has_name(indexed))
            .filter(self.next(unindexed))
            .filter(self.passes(unindexed))
            .apply_if(self.words.as_ref(), |find, words| find.filter(words.by_reading()));
        sorted(find, &self.sorting, unindexed).limit(self.wanted)
    }

    /// That a product has one of the SKUs and one of the barcodes.
    fn has_name(&self, named: Named) -> Condition {
        let ProductFilter { skus, barcodes, .. } = self.filter;
        Condition::all()
            .add_option((!skus.is_empty()).then(|| named(Column::Sku).is_in(skus.iter().map(Sku::as_str))))
            .add_option((!barcodes.is_empty()).then(|| named(Column::Barcode).is_in(digits(barcodes))))
    }

    /// What the index of the order does not know.
    pub fn passes(&self, named: Named) -> Condition {
        // The stock of a product may be missing, as far as the database knows, so that it looks at the product first.
        let on_hand = Expr::cust("COALESCE(stock.on_hand, 0)");
        let in_stock_is = |wanted| if wanted { on_hand.gt(0) } else { on_hand.eq(0) };
        let has = self.filter.attributes.iter().map(by_reading).fold(Condition::all(), Condition::add);
        Condition::all()
            .add_option((!self.is_by(Column::Price)).then(|| self.priced(named)))
            .add_option(self.is_by(Column::UpdatedAt).then(|| self.of_status(named)))
            .add_option(self.filter.in_stock.map(in_stock_is))
            .add_option(self.filter.on_sale.map(|wanted| is_reduced(unindexed(Column::CompareAtPrice), wanted)))
            .add_option((!self.filter.attributes.is_empty()).then_some(has))
            .add_option(self.except.condition())
            .add_option(self.filter.is_collapsed.then(|| self.is_first()))
    }

    /// The products after the place, as the index of the order knows them: a range of it.
    pub fn next(&self, named: Named) -> Condition {
        let is_upwards = self.sorting.is_upwards();
        // SQLite takes one bound of an end, and the place is the nearer one.
        let first: Named = if self.after.is_some() { unindexed } else { named };
        let (least, most) = if is_upwards { (first, named) } else { (named, first) };
        self.range(named, least, most, first)
    }

    /// [`Self::next`] for a range that also ends at a place. That place bounds the index range, so the price filter
    /// does not have to.
    fn next_up_to_a_place(&self) -> Condition {
        let first: Named = if self.after.is_some() { unindexed } else { indexed };
        let (least, most): (Named, Named) =
            if self.sorting.is_upwards() { (first, unindexed) } else { (unindexed, first) };
        self.range(indexed, least, most, first)
    }

    fn range(&self, named: Named, least: Named, most: Named, since: Named) -> Condition {
        let ProductFilter { min_price, max_price, updated_after, .. } = *self.filter;
        let by_price = self.is_by(Column::Price);
        Condition::all()
            .add_option((!self.is_by(Column::UpdatedAt)).then(|| self.of_status(named)))
            .add_option(min_price.filter(|_| by_price).map(|price| least(Column::Price).gte(price)))
            .add_option(max_price.filter(|_| by_price).map(|price| most(Column::Price).lte(price)))
            .add_option(updated_after.map(|from| since(Column::UpdatedAt).gte(micros(from))))
            .add_option(self.after.as_ref().map(|place| after(self.backend, &self.sorting, place, named)))
    }

    fn of_status(&self, named: Named) -> Condition {
        Condition::all().add_option(self.filter.status.map(|status| named(Column::Status).eq(status.as_str())))
    }

    fn priced(&self, named: Named) -> Condition {
        let ProductFilter { min_price, max_price, .. } = *self.filter;
        Condition::all()
            .add_option(min_price.map(|least| named(Column::Price).gte(least)))
            .add_option(max_price.map(|most| named(Column::Price).lte(most)))
    }

    /// Reads the products from the index of the sort order.
    fn in_order(&self, find: Select<Entity>) -> Select<Entity> {
        let mut find = sorted(find, &self.sorting, indexed);
        let index = index(&self.sorting, self.filter.status);
        QueryTrait::query(&mut find).force_index(index, IndexHintScope::All);
        find
    }
}
