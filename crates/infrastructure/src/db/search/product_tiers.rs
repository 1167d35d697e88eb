//! Products in order of relevance: tier by tier, in each the newest first.

use std::cmp::Reverse;
use std::collections::HashMap;

use domain::products::Sku;
use domain::{Cursor, CursorKey, StoreError, Uuid};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, Order, QueryFilter, QueryOrder, QuerySelect, Select};

use super::product_list::{Found, List};
use super::product_order::unindexed;
use super::product_page::Items;
use super::product_pins::keys as ids;
use super::product_sample::{Sample, Samples};
use super::product_search::WordsCondition;
use super::tokens::SearchIn;
use crate::db::engine::{Error, Executor as _, FromRow, Pool, Row};
use crate::db::entities::products::{Column, Entity};
use crate::db::repositories::{ViewRow, viewed};

/// The products whose SKU or barcode is what was searched for.
const IS_IT: i64 = 1;
/// Products with all the words in the name.
const BY_NAME: i64 = 2;
/// All others.
const ELSEWHERE: i64 = 3;

/// A product and whether its name has all the words.
struct Ranked {
    id: Uuid,
    is_by_name: bool,
}

impl FromRow for Ranked {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self { id: row.at(0)?, is_by_name: row.at::<i64>(1)? != 0 })
    }
}

/// The matches among the next products, by tier, in the order of the list.
#[derive(Default)]
struct Seen {
    by_name: Vec<Uuid>,
    elsewhere: Vec<Uuid>,
    /// Where the look ended although there are more products.
    stop: Option<Uuid>,
}

impl Seen {
    fn of_tier(&mut self, tier: i64) -> &mut Vec<Uuid> {
        if tier == BY_NAME { &mut self.by_name } else { &mut self.elsewhere }
    }
}

/// A search that is ranked.
struct Ranking<'a> {
    list: List<'a>,
    in_name: WordsCondition<'a>,
    /// The SKU that is searched for, whose product is above all others.
    sku: Option<Sku>,
    /// The product whose barcode is searched for. It is above all others, too.
    by_barcode: Option<Uuid>,
    sample: &'a Sample,
}

/// The products of a page, each with its tier, and where the reading stopped before the end.
#[derive(Default)]
struct Places {
    found: Vec<(i64, Uuid)>,
    stop: Option<Cursor>,
}

impl Places {
    /// Adds the pins after a place, up to where the reading stopped.
    fn add(&mut self, pins: Vec<(i64, Uuid)>, (tier, id): (i64, Option<Uuid>)) {
        if pins.is_empty() {
            return;
        }
        let order = |tier: i64, id: Uuid| (tier, Reverse(id));
        let is_next = |(of, pin): &(i64, Uuid)| match id {
            Some(id) => order(*of, *pin) > order(tier, id),
            None => *of >= tier,
        };
        let is_seen = |(of, pin): &(i64, Uuid)| match &self.stop {
            Some(Cursor { key: CursorKey::Int(tier), id }) => order(*of, *pin) <= order(*tier, *id),
            _ => true,
        };
        let pins: Vec<_> = pins.into_iter().filter(|pin| is_next(pin) && is_seen(pin)).collect();
        self.found.extend(pins);
        self.found.sort_unstable_by_key(|(tier, id)| order(*tier, *id));
    }
}

impl List<'_> {
    /// The items without a search: all products are in the last tier.
    pub async fn in_last_tier(mut self, read: &Pool, samples: &Samples) -> Result<Items, StoreError> {
        self.after = self.after.map(|place| Cursor { key: CursorKey::Id, id: place.id });
        let Found { rows, stop } = self.rows(read, samples).await?;
        let stop = stop.map(|place| in_tier(ELSEWHERE, place.id));
        Items::of(rows, stop, |view| in_tier(ELSEWHERE, view.product.id.0))
    }

    /// The items of a search in order of relevance.
    pub async fn ranked(
        mut self,
        words: WordsCondition<'_>,
        read: &Pool,
        samples: &Samples,
    ) -> Result<Items, StoreError> {
        let (tier, id) = match self.after.take() {
            Some(Cursor { key: CursorKey::Int(tier), id }) => (tier, Some(id)),
            _ => (IS_IT, None),
        };
        let sample = samples.get(read).await?;
        let in_name = WordsCondition { search_in: SearchIn::Name, ..words.clone() };
        let pinned = match &self.amid {
            Some(amid) => self.ranked_pins(amid, read).await?,
            None => Vec::new(),
        };
        let has_others = self.amid.is_none_or(|amid| amid.rest.is_some());
        let (sku, by_barcode) = (words.search.sku(), words.by_barcode);
        let ranking = Ranking { sku, by_barcode, list: self, in_name, sample: &sample };
        let wanted = usize::try_from(ranking.list.wanted).unwrap_or(usize::MAX);
        let mut places = if has_others { ranking.places(tier, id, read).await? } else { Places::default() };
        places.add(pinned, (tier, id));
        let Places { mut found, stop } = places;
        found.truncate(wanted);
        let find = viewed().filter(Column::Id.is_in(found.iter().map(|(_, id)| *id)));
        let rows: Vec<ViewRow> = if found.is_empty() { Vec::new() } else { read.read(&find).await? };
        let mut rows: HashMap<_, _> = rows.into_iter().map(|row| (row.id().0, row)).collect();
        let ranked = found.into_iter().filter_map(|(tier, id)| Some((rows.remove(&id)?, in_tier(tier, id))));
        let found = ranked.map(|(row, cursor)| Ok((row.view()?, cursor))).collect::<Result<_, StoreError>>()?;
        Ok(Items { found, stop })
    }
}

fn in_tier(tier: i64, id: Uuid) -> Cursor {
    Cursor { key: CursorKey::Int(tier), id }
}

impl Ranking<'_> {
    /// The products after a place of a tier.
    async fn places(self, tier: i64, after: Option<Uuid>, read: &Pool) -> Result<Places, Error> {
        let mut found = if tier == IS_IT { self.named(after, read).await? } else { Vec::new() };
        let (tier, after) = if tier == IS_IT { (BY_NAME, None) } else { (tier, after) };
        let anywhere = WordsCondition { search_in: SearchIn::Anywhere, ..self.in_name.clone() };
        let (narrowing, few) = match anywhere.with_barcode(self.sample, read).await? {
            Some(few) => (None, Some(few)),
            None => match self.list.narrowing(self.sample) {
                // Where attributes name few products, their words are read.
                None => (None, self.list.few(read).await?),
                narrowing => (narrowing, None),
            },
        };
        if few.is_none() && !self.list.is_named() && !narrowing.as_ref().is_some_and(|narrowing| narrowing.is_rare) {
            let seen = self.look(tier, after, narrowing.is_some(), read).await?;
            if let Some(seen) = seen {
                return self.filled(found, tier, after, seen, read).await;
            }
        }
        let find = match (narrowing.filter(|_| !self.list.is_named()), few) {
            (Some(narrowing), _) => self.list.by_words(self.with_tier(ids()), &narrowing),
            (None, Some(few)) => self.list.among(self.with_tier(ids()), few),
            (None, None) => self.list.named(self.with_tier(ids())),
        };
        found.extend(
            read.read(&self.sorted(find, tier, after))
                .await?
                .iter()
                .map(|ranked: &Ranked| (if ranked.is_by_name { BY_NAME } else { ELSEWHERE }, ranked.id)),
        );
        Ok(Places { found, stop: None })
    }

    /// The products whose SKU or barcode is searched for, after a place among them.
    async fn named(&self, after: Option<Uuid>, read: &Pool) -> Result<Vec<(i64, Uuid)>, Error> {
        let by_sku = self.sku.as_ref().map(|sku| Column::Sku.eq(sku.as_str()));
        let by_barcode = self.by_barcode.map(|id| Column::Id.eq(id));
        let mut found = Vec::new();
        for is_it in by_sku.into_iter().chain(by_barcode) {
            let find = ids().filter(is_it).filter(self.list.next(unindexed)).filter(self.list.passes(unindexed));
            found.extend(read.ids(&find).await?);
        }
        found.retain(|id| after.is_none_or(|after| *id < after));
        found.sort_unstable_by_key(|id| Reverse(*id));
        found.dedup();
        Ok(found.into_iter().map(|id| (IS_IT, id)).collect())
    }

    /// Fills the page with what was seen. If that is too little, the words are so common that their index is not asked.
    async fn filled(
        &self,
        mut found: Vec<(i64, Uuid)>,
        tier: i64,
        after: Option<Uuid>,
        mut seen: Seen,
        read: &Pool,
    ) -> Result<Places, Error> {
        let wanted = usize::try_from(self.list.wanted).unwrap_or(usize::MAX);
        let mut stop = seen.stop;
        if tier == BY_NAME {
            found.extend(seen.by_name.iter().map(|id| (BY_NAME, *id)));
            if found.len() >= wanted {
                return Ok(Places { found, stop: None });
            }
            if let Some(place) = stop {
                let Some(narrowing) = self.in_name.narrowing(self.sample, self.list.backend) else {
                    return Ok(Places { found, stop: Some(in_tier(BY_NAME, place)) });
                };
                let words = Some(self.in_name.clone());
                let after = Some(Cursor { key: CursorKey::Id, id: place });
                let rest = List { words, after, ..self.list.clone() }.by_words(ids(), &narrowing);
                found.extend(read.ids(&self.without_named(rest)).await?.into_iter().map(|id| (BY_NAME, id)));
            }
            if found.len() < wanted && after.is_some() {
                // What is elsewhere begins with the newest, which were not seen.
                seen = self.look(ELSEWHERE, None, false, read).await?.unwrap_or_default();
                stop = seen.stop;
            }
        }
        found.extend(seen.elsewhere.iter().map(|id| (ELSEWHERE, *id)));
        Ok(Places { found, stop: stop.map(|place| in_tier(ELSEWHERE, place)) })
    }

    /// Looks at the next products until those of the tier fill the page. One look serves both tiers. `None` if the index
    /// of words is better, where `has_index` says that it may be asked.
    async fn look(&self, tier: i64, after: Option<Uuid>, has_index: bool, read: &Pool) -> Result<Option<Seen>, Error> {
        let wanted = usize::try_from(self.list.wanted).unwrap_or(usize::MAX);
        let mut list = List { after: after.map(|id| Cursor { key: CursorKey::Id, id }), ..self.list.clone() };
        let mut seen = Seen::default();
        for step in self.sample.steps(&self.list.sorting).iter().copied() {
            let end = list.end(step, read).await?;
            let find = self.without_named(list.near(self.with_tier(ids()), end.as_ref()));
            for Ranked { id, is_by_name } in read.read(&find).await? {
                seen.of_tier(if is_by_name { BY_NAME } else { ELSEWHERE }).push(id);
            }
            seen.stop = end.as_ref().map(|place| place.id);
            if seen.of_tier(tier).len() >= wanted || end.is_none() {
                return Ok(Some(seen));
            }
            if has_index && seen.of_tier(tier).is_empty() {
                return Ok(None);
            }
            list.after = end;
        }
        Ok((!has_index).then_some(seen))
    }

    fn with_tier(&self, find: Select<Entity>) -> Select<Entity> {
        find.expr_as(self.in_name.by_reading(), IN_NAME)
    }

    fn without_named(&self, find: Select<Entity>) -> Select<Entity> {
        let other = |sku: &Sku| Column::Sku.is_null().or(Column::Sku.ne(sku.as_str()));
        let others = self.by_barcode.map(|id| unindexed(Column::Id).ne(id));
        find.filter(Condition::all().add_option(self.sku.as_ref().map(other)).add_option(others))
    }

    /// Selects the products after a place of a tier, tier by tier, newest first.
    fn sorted(&self, find: Select<Entity>, tier: i64, after: Option<Uuid>) -> Select<Entity> {
        let in_name = || self.in_name.by_reading();
        let older = Condition::all().add_option(after.map(|id| unindexed(Column::Id).lt(id)));
        let next = match tier {
            BY_NAME => Condition::any().add(older.add(in_name())).add(in_name().not()),
            _ => older.add(in_name().not()),
        };
        let mut find = self.without_named(find).filter(next);
        let query = sea_orm::QueryTrait::query(&mut find);
        query.clear_order_by();
        find.order_by(Expr::col(IN_NAME), Order::Desc).order_by(unindexed(Column::Id), Order::Desc)
    }
}

const IN_NAME: &str = "in_name";
