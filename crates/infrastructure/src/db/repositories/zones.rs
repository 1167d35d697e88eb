use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::pricing::ZoneId;
use domain::zones::{Zone, ZoneFilter, ZoneQueries, ZoneRepository};
use domain::{Page, PageRequest, StoreError, Uuid};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};

use super::queries::{DbQueries, after_id, at_id, rows, with_words};
use super::tx::DbTx;
use crate::db::engine::{Error, Executor};
use crate::db::entities::zone_members as members;
use crate::db::entities::zones::{Column, Entity, Model};

#[async_trait]
impl ZoneRepository for DbTx {
    async fn insert(&mut self, zone: &Zone) -> Result<(), StoreError> {
        self.insert_rows([Model::from(zone)]).await?;
        Ok(self.insert_rows(members::Model::of(zone)).await?)
    }

    async fn lock(&mut self, id: ZoneId) -> Result<Option<Zone>, StoreError> {
        let Some(row) = self.transaction.one(Entity::find_by_id(id.0).lock_exclusive()).await? else { return Ok(None) };
        let find = members::Entity::find().filter(members::Column::ZoneId.eq(id.0));
        row.with_members(self.transaction.all(find).await?).map(Some)
    }

    async fn update(&mut self, zone: &Zone) -> Result<(), StoreError> {
        self.update_row(Model::from(zone)).await?;
        self.forget_members(zone.id).await?;
        Ok(self.insert_rows(members::Model::of(zone)).await?)
    }

    async fn delete(&mut self, id: ZoneId) -> Result<(), StoreError> {
        self.forget_members(id).await?;
        Ok(self.transaction.execute(&Entity::delete_by_id(id.0)).await.map(drop)?)
    }
}

impl DbTx {
    async fn forget_members(&self, id: ZoneId) -> Result<(), StoreError> {
        let delete = members::Entity::delete_many().filter(members::Column::ZoneId.eq(id.0));
        Ok(self.transaction.execute(&delete).await.map(drop)?)
    }
}

#[async_trait]
impl ZoneQueries for DbQueries {
    async fn get(&self, id: ZoneId) -> Result<Option<Zone>, StoreError> {
        let found = with_members(&self.read, Entity::find_by_id(id.0)).await?;
        found.into_iter().next().map(|(row, members)| row.with_members(members)).transpose()
    }

    async fn list(&self, filter: &ZoneFilter, page: &PageRequest) -> Result<Page<Zone>, StoreError> {
        let next = Entity::find()
            .select_only()
            .column(Column::Id)
            .apply_if(filter.search.as_ref(), |find, search| find.filter(with_words(search, Column::Words)))
            .apply_if(after_id(page), |find, id| find.filter(Column::Id.gt(id)))
            .order_by_asc(Column::Id)
            .limit(rows(page));
        let ids = Page::cut(self.read.ids(&next).await?, page.limit, |id| at_id(*id));
        let found = with_members(&self.read, Entity::find().filter(Column::Id.is_in(ids.items))).await?;
        let zones = found.into_iter().map(|(row, members)| row.with_members(members)).collect::<Result<_, _>>()?;
        Ok(Page { items: zones, next: ids.next })
    }
}

/// Zones in order of id, each with its areas. One statement reads both, so that they belong together.
async fn with_members(db: &impl Executor, find: Select<Entity>) -> Result<Vec<(Model, Vec<members::Model>)>, Error> {
    let mut zones: BTreeMap<Uuid, (Model, Vec<members::Model>)> = BTreeMap::new();
    for (zone, member) in db.pairs(&find.find_also_related(members::Entity)).await? {
        zones.entry(zone.id).or_insert_with(|| (zone, Vec::new())).1.extend(member);
    }
    Ok(zones.into_values().collect())
}
