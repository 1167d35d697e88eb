use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::pricing::{ShippingTax, ZoneId};
use domain::tax_classes::TaxClassCode;
use domain::zones::{Zone, ZoneFilter, ZoneName, ZoneQueries, ZoneRepository};
use domain::{Page, PageRequest, StoreError, Uuid};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};

use super::queries::{DbQueries, after_id, at_id, has_words, rows};
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

    async fn with_shipping_class(&mut self, class: &TaxClassCode) -> Result<Vec<ZoneName>, StoreError> {
        let tax = ShippingTax::Class(class.clone()).to_string();
        let find = Entity::find().filter(Column::ShippingTax.eq(tax)).order_by_asc(Column::Name);
        let rows = self.transaction.all(find).await?;
        Ok(rows.into_iter().map(|row| ZoneName::from_trusted(row.name)).collect())
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
        Ok(zones_with(&self.read, [id]).await?.pop())
    }

    async fn list(&self, filter: &ZoneFilter, page: &PageRequest) -> Result<Page<Zone>, StoreError> {
        let next = Entity::find()
            .select_only()
            .column(Column::Id)
            .apply_if(filter.search.as_ref(), |find, search| find.filter(has_words(Column::Words, search)))
            .apply_if(after_id(page), |find, id| find.filter(Column::Id.gt(id)))
            .order_by_asc(Column::Id)
            .limit(rows(page));
        let ids = Page::cut(self.read.ids(&next).await?, page.limit, |id| at_id(*id));
        let items = zones_with(&self.read, ids.items.into_iter().map(ZoneId)).await?;
        Ok(Page { items, next: ids.next })
    }
}

/// The zones with these ids, in order of id.
pub(super) async fn zones_with(
    db: &impl Executor,
    ids: impl IntoIterator<Item = ZoneId>,
) -> Result<Vec<Zone>, StoreError> {
    let ids = ids.into_iter().map(|id| id.0);
    zones(db, Entity::find().filter(Column::Id.is_in(ids))).await
}

/// Zones in order of id. One statement reads them with their areas, so that they belong together.
pub(super) async fn zones(db: &impl Executor, find: Select<Entity>) -> Result<Vec<Zone>, StoreError> {
    let mut found: BTreeMap<Uuid, (Model, Vec<members::Model>)> = BTreeMap::new();
    let pairs: Result<Vec<_>, Error> = db.pairs(&find.find_also_related(members::Entity)).await;
    for (zone, member) in pairs? {
        found.entry(zone.id).or_insert_with(|| (zone, Vec::new())).1.extend(member);
    }
    found.into_values().map(|(zone, members)| zone.with_members(members)).collect()
}
