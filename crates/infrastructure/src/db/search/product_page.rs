//! A page of a list of products.

use domain::products::{Collected, ProductFilter, ProductSort, ProductView};
use domain::{Cursor, CursorKey, Page, PageRequest, StoreError};

use super::product_list::{Found, List};
use super::product_order::Sorting;
use super::product_pins::{Amid, Except, Pinned};
use super::product_sample::Samples;
use super::product_search::{WordsCondition, by_barcode};
use super::product_terms::is_impossible;
use super::renewal::Renewal;
use super::tokens::SearchIn;
use crate::db::engine::{Executor as _, Pool};
use crate::db::repositories::{ViewRow, rows};

/// Products with their cursors, in order, and where the reading stopped although there may be more.
#[derive(Default)]
pub(super) struct Items {
    pub found: Vec<(ProductView, Cursor)>,
    pub stop: Option<Cursor>,
}

impl Items {
    /// What was read, with the cursors that this makes.
    pub fn of(
        rows: Vec<ViewRow>,
        stop: Option<Cursor>,
        cursor: impl Fn(&ProductView) -> Cursor,
    ) -> Result<Self, StoreError> {
        let with_cursor = |row: ViewRow| {
            let view = row.view()?;
            let cursor = cursor(&view);
            Ok((view, cursor))
        };
        Ok(Self { found: rows.into_iter().map(with_cursor).collect::<Result<_, StoreError>>()?, stop })
    }
}

/// A page of products.
pub(in crate::db) async fn page(
    read: &Pool,
    renewal: &Renewal,
    samples: &Samples,
    filter: &ProductFilter,
    sort: ProductSort,
    page: &PageRequest,
) -> Result<Page<ProductView>, StoreError> {
    if cannot_pass(filter) {
        return Ok(Page { items: Vec::new(), next: None });
    }
    let by_name = matches!(sort, ProductSort::Name | ProductSort::NameDescending);
    let is_renewed = !by_name && filter.search.is_none() || renewal.is_done(read).await?;
    let (search, search_in) = (filter.search.as_ref(), SearchIn::Anywhere);
    let by_barcode = by_barcode(search, read).await?;
    let words = search.map(|search| WordsCondition { search, is_renewed, search_in, by_barcode });
    let list = List {
        backend: read.backend(),
        filter,
        sorting: Sorting::of(sort, is_renewed),
        is_ranked: sort == ProductSort::Relevance && words.is_some(),
        words,
        after: page.after.clone(),
        wanted: rows(page),
        except: Except::default(),
        amid: None,
    };
    let Items { found, stop } = match &filter.collection {
        Some(collected) => list.of_collection(collected, sort, read, samples).await?,
        None => list.items(sort, read, samples).await?,
    };
    Ok(Page::cut_short(found, page.limit, |(_, cursor)| cursor.clone(), stop).map(|(view, _)| view))
}

/// Whether no product can pass the filter, as its conditions alone show.
pub(super) fn cannot_pass(filter: &ProductFilter) -> bool {
    filter.search.as_ref().is_some_and(|search| search.wanted().is_empty())
        || filter.attributes.iter().any(is_impossible)
}

/// The filter for the products of a collection that are not pins; `None` if there are none.
pub(super) fn rest_of(filter: &ProductFilter, collected: &Collected) -> Option<ProductFilter> {
    filter.and(collected.rest.as_ref()?).filter(|rest| !cannot_pass(rest))
}

impl List<'_> {
    /// The items of a page and, if there is one, the first of the next.
    async fn items(self, sort: ProductSort, read: &Pool, samples: &Samples) -> Result<Items, StoreError> {
        if sort == ProductSort::Relevance {
            return match self.words.clone() {
                Some(words) => self.ranked(words, read, samples).await,
                None => self.in_last_tier(read, samples).await,
            };
        }
        let after = self.after.as_ref().map(|cursor| self.sorting.place_of(cursor));
        let sorting = self.sorting.clone();
        let Found { rows, stop } = List { after, ..self }.rows(read, samples).await?;
        Items::of(rows, stop, |view| sorting.cursor(view))
    }

    /// [`Self::items`] of a collection: its pins, and the products that its filter finds.
    async fn of_collection(
        self,
        collected: &Collected,
        sort: ProductSort,
        read: &Pool,
        samples: &Samples,
    ) -> Result<Items, StoreError> {
        let rest = rest_of(self.filter, collected);
        if !collected.leads {
            let pins = &collected.pins[..];
            let amid = Amid { pins, all: self.filter, rest: rest.as_ref() };
            let filter = rest.as_ref().unwrap_or(self.filter);
            let list = List { filter, except: Except { pins, groups: &[] }, amid: Some(amid), ..self };
            return list.items(sort, read, samples).await;
        }
        let (begin, after) = match &self.after {
            None => (0, None),
            Some(Cursor { key: CursorKey::Pin(place), id }) => (after_pin(collected, *place, id), None),
            // The order of a collection may be another one since the page before. Then what is sorted begins anew.
            Some(cursor) => (collected.pins.len(), Some(cursor.clone()).filter(|cursor| sort.accepts(&cursor.key))),
        };
        let Pinned { mut found, groups } = self.pinned(collected, begin, rest.is_some(), read).await?;
        let wanted = self.wanted.saturating_sub(u64::try_from(found.len()).unwrap_or(u64::MAX));
        let Some(rest) = rest.filter(|_| wanted > 0) else { return Ok(Items { found, stop: None }) };
        let except = Except { pins: &collected.pins, groups: &groups };
        let list = List { filter: &rest, after, wanted, except, ..self };
        let Items { found: others, stop } = list.items(sort, read, samples).await?;
        found.extend(others);
        Ok(Items { found, stop })
    }
}

/// The first pin after this one, or after its place if it is none any more.
fn after_pin(collected: &Collected, place: i64, id: &domain::Uuid) -> usize {
    let now = collected.pins.iter().position(|pin| pin.0 == *id);
    now.unwrap_or_else(|| usize::try_from(place).unwrap_or(usize::MAX)).saturating_add(1)
}
