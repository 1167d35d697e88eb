//! The pins of a collection in a list of products: first, or among the others.

use std::collections::{HashMap, HashSet};

use domain::products::{Collected, ProductFilter, ProductId, ProductView};
use domain::{Cursor, CursorKey, StoreError, Uuid};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, JoinType, QueryFilter, QuerySelect, QueryTrait, RelationTrait, Select,
};

use super::collapse::tier;
use super::product_list::{Found, List};
use super::product_order::{indexed, unindexed, up_to};
use super::product_sample::Samples;
use crate::db::engine::{Error, Executor as _, FromRow, Pool, Row};
use crate::db::entities::members;
use crate::db::entities::products::{Column, Entity, Relation};
use crate::db::repositories::{ViewRow, viewed};

/// Products that are left out of a list although they pass its filter, because they have come before as pins.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Except<'a> {
    pub pins: &'a [ProductId],
    /// The product groups of pins, where each group comes once.
    pub groups: &'a [Uuid],
}

impl Except<'_> {
    /// That a product is none of them; `None` if there are none.
    pub fn condition(&self) -> Option<Condition> {
        let group = || Expr::col((Entity, members::Column::GroupId));
        let of_others = || group().is_null().or(group().is_not_in(self.groups.iter().copied()));
        let groups = (!self.groups.is_empty()).then(of_others);
        let pins = self.others(unindexed(Column::Id));
        (pins.is_some() || groups.is_some()).then(|| Condition::all().add_option(pins).add_option(groups))
    }

    /// That the product with this id is no pin.
    pub fn others(&self, id: Expr) -> Option<Expr> {
        (!self.pins.is_empty()).then(|| id.is_not_in(self.pins.iter().map(|pin| pin.0)))
    }
}

/// Pins of a collection that are sorted among the other products.
#[derive(Debug, Clone, Copy)]
pub(super) struct Amid<'a> {
    pub pins: &'a [ProductId],
    /// What pins pass.
    pub all: &'a ProductFilter,
    /// What all others pass; `None` if there are no others.
    pub rest: Option<&'a ProductFilter>,
}

/// Pins that come first.
pub(super) struct Pinned {
    pub found: Vec<(ProductView, Cursor)>,
    /// The groups that have come with any pin, where each group comes once.
    pub groups: Vec<Uuid>,
}

/// A pin that passes.
struct Pin {
    id: Uuid,
    group_id: Option<Uuid>,
}

impl FromRow for Pin {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self { id: row.at(0)?, group_id: row.at(1)? })
    }
}

/// A pin with its tier in a search.
struct RankedPin {
    tier: i64,
    id: Uuid,
}

impl FromRow for RankedPin {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self { id: row.at(0)?, tier: row.at(1)? })
    }
}

impl<'a> List<'a> {
    /// The pins of the page, from a place on. `has_others` says whether others come after them.
    pub async fn pinned(
        &self,
        collected: &Collected,
        begin: usize,
        has_others: bool,
        read: &Pool,
    ) -> Result<Pinned, StoreError> {
        let is_collapsed = self.filter.is_collapsed;
        if begin >= collected.pins.len() && !(is_collapsed && has_others && !collected.pins.is_empty()) {
            return Ok(Pinned { found: Vec::new(), groups: Vec::new() });
        }
        // Of a group the first pin comes, by their places and not by the order of the list.
        let filter = ProductFilter { is_collapsed: false, ..self.filter.clone() };
        let wanted = u64::try_from(collected.pins.len()).unwrap_or(u64::MAX);
        let all = List { filter: &filter, after: None, wanted, ..self.clone() };
        let select = keys().column(members::Column::GroupId);
        let passing: Vec<Pin> = read.read(&all.among(select, ids_of(&collected.pins))).await?;
        let passing: HashMap<_, _> = passing.into_iter().map(|pin| (pin.id, pin.group_id)).collect();
        let (mut groups, mut places) = (HashSet::new(), Vec::new());
        for (place, id) in collected.pins.iter().enumerate() {
            let Some(group) = passing.get(&id.0) else { continue };
            let is_first = group.is_none_or(|group| groups.insert(group)) || !is_collapsed;
            if is_first && place >= begin && places.len() < usize::try_from(self.wanted).unwrap_or(usize::MAX) {
                places.push((place, id.0));
            }
        }
        let ids: Vec<_> = places.iter().map(|(_, id)| *id).collect();
        let views: Vec<ViewRow> =
            if ids.is_empty() { Vec::new() } else { read.read(&viewed().filter(Column::Id.is_in(ids))).await? };
        let mut views: HashMap<_, _> = views.into_iter().map(|row| (row.id().0, row)).collect();
        let mut found = Vec::new();
        for (place, id) in places {
            if let Some(row) = views.remove(&id) {
                let key = CursorKey::Pin(i64::try_from(place).unwrap_or(i64::MAX));
                found.push((row.view()?, Cursor { key, id }));
            }
        }
        Ok(Pinned { found, groups: if is_collapsed { groups.into_iter().collect() } else { Vec::new() } })
    }

    /// The pins that pass, in no order.
    pub async fn pins(&self, pins: &[ProductId], read: &Pool) -> Result<Vec<Uuid>, Error> {
        if pins.is_empty() {
            return Ok(Vec::new());
        }
        let wanted = u64::try_from(pins.len()).unwrap_or(u64::MAX);
        read.ids(&List { wanted, ..self.clone() }.among(keys(), ids_of(pins))).await
    }

    /// The rows of the page and, if there is one, the first of the next, with the pins that stand among them.
    pub async fn rows(self, read: &Pool, samples: &Samples) -> Result<Found, Error> {
        let Some(amid) = self.amid else { return self.read(read, samples).await };
        let Found { rows, stop } = match amid.rest {
            Some(_) => self.clone().read(read, samples).await?,
            None => Vec::new().into(),
        };
        let find = self
            .of_pins(&amid)
            .among(keys(), ids_of(amid.pins))
            .apply_if(stop.as_ref(), |find, stop| find.filter(up_to(self.backend, &self.sorting, stop, unindexed)));
        let mut ids = if amid.pins.is_empty() { Vec::new() } else { read.ids(&find).await? };
        if ids.is_empty() {
            return Ok(Found { rows, stop });
        }
        // The database sorts what both have found.
        ids.extend(rows.iter().map(|row| row.id().0));
        let any = ProductFilter::default();
        let all = List { filter: &any, words: None, after: None, except: Except::default(), amid: None, ..self };
        Ok(Found { rows: read.read(&all.among(viewed(), ids)).await?, stop })
    }

    /// The pins that pass a search, each with its tier, in no order.
    pub async fn ranked_pins(&self, amid: &Amid<'a>, read: &Pool) -> Result<Vec<(i64, Uuid)>, Error> {
        let Some(words) = self.words.as_ref().filter(|_| !amid.pins.is_empty()) else { return Ok(Vec::new()) };
        let wanted = u64::try_from(amid.pins.len()).unwrap_or(u64::MAX);
        let pins = List { after: None, wanted, ..self.of_pins(amid) };
        let select = keys().expr_as(tier(words, indexed), "tier");
        let found: Vec<RankedPin> = read.read(&pins.among(select, ids_of(amid.pins))).await?;
        Ok(found.into_iter().map(|pin| (pin.tier, pin.id)).collect())
    }

    fn of_pins(&self, amid: &Amid<'a>) -> Self {
        List { filter: amid.all, except: Except::default(), ..self.clone() }
    }
}

fn ids_of(pins: &[ProductId]) -> Vec<Uuid> {
    pins.iter().map(|pin| pin.0).collect()
}

/// Selects the ids of products, beside their stock.
pub(super) fn keys() -> Select<Entity> {
    Entity::find().select_only().column(Column::Id).join(JoinType::LeftJoin, Relation::Stock.def())
}
