use std::collections::{BTreeMap, HashMap};

use async_trait::async_trait;
use domain::pricing::{self, MethodCode, ZoneId};
use domain::shipping_methods::{
    MethodFilter, MethodStatus, ShippingMethod, ShippingMethodId, ShippingMethodQueries, ShippingMethodRepository,
};
use domain::tax_classes::TaxClassCode;
use domain::{Page, PageRequest, StoreError, Uuid};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};

use super::queries::{DbQueries, after_id, at_id, has_words, rows};
use super::tx::DbTx;
use super::zones::zones_with;
use crate::db::engine::{Error, Executor};
use crate::db::entities::shipping_methods::{Column, Entity, Model};
use crate::db::entities::shipping_tiers as tiers;

#[async_trait]
impl ShippingMethodRepository for DbTx {
    async fn insert(&mut self, method: &ShippingMethod) -> Result<(), StoreError> {
        self.insert_rows([Model::from(method)]).await?;
        Ok(self.insert_rows(tiers::Model::of(method)).await?)
    }

    async fn lock(&mut self, id: ShippingMethodId) -> Result<Option<ShippingMethod>, StoreError> {
        let Some(row) = self.transaction.one(Entity::find_by_id(id.0).lock_exclusive()).await? else { return Ok(None) };
        let find = tiers::Entity::find().filter(tiers::Column::MethodId.eq(id.0));
        row.with_tiers(self.transaction.all(find).await?).map(Some)
    }

    async fn in_zone(&mut self, id: ZoneId) -> Result<Vec<MethodCode>, StoreError> {
        self.codes(Entity::find().filter(Column::ZoneId.eq(id.0))).await
    }

    async fn of_class(&mut self, class: &TaxClassCode) -> Result<Vec<MethodCode>, StoreError> {
        self.codes(Entity::find().filter(Column::TaxClass.eq(class.as_str()))).await
    }

    async fn update(&mut self, method: &ShippingMethod) -> Result<(), StoreError> {
        self.update_row(Model::from(method)).await?;
        self.forget_tiers(method.id).await?;
        Ok(self.insert_rows(tiers::Model::of(method)).await?)
    }

    async fn delete(&mut self, id: ShippingMethodId) -> Result<(), StoreError> {
        self.forget_tiers(id).await?;
        Ok(self.transaction.execute(&Entity::delete_by_id(id.0)).await.map(drop)?)
    }
}

impl DbTx {
    async fn forget_tiers(&self, id: ShippingMethodId) -> Result<(), StoreError> {
        let delete = tiers::Entity::delete_many().filter(tiers::Column::MethodId.eq(id.0));
        Ok(self.transaction.execute(&delete).await.map(drop)?)
    }

    async fn codes(&self, find: Select<Entity>) -> Result<Vec<MethodCode>, StoreError> {
        let rows = self.transaction.all(find.order_by_asc(Column::Code)).await?;
        Ok(rows.into_iter().map(|row| MethodCode::from_trusted(row.code)).collect())
    }
}

#[async_trait]
impl ShippingMethodQueries for DbQueries {
    async fn get(&self, id: ShippingMethodId) -> Result<Option<ShippingMethod>, StoreError> {
        Ok(methods(&self.read, Entity::find_by_id(id.0)).await?.pop())
    }

    async fn list(&self, filter: &MethodFilter, page: &PageRequest) -> Result<Page<ShippingMethod>, StoreError> {
        let next = Entity::find()
            .select_only()
            .column(Column::Id)
            .apply_if(filter.search.as_ref(), |find, search| find.filter(has_words(Column::Words, search)))
            .apply_if(filter.status, |find, status| find.filter(Column::Status.eq(status.as_str())))
            .apply_if(filter.zone_id, |find, id| find.filter(Column::ZoneId.eq(id.0)))
            .apply_if(after_id(page), |find, id| find.filter(Column::Id.gt(id)))
            .order_by_asc(Column::Id)
            .limit(rows(page));
        let ids = Page::cut(self.read.ids(&next).await?, page.limit, |id| at_id(*id));
        let items = methods(&self.read, Entity::find().filter(Column::Id.is_in(ids.items))).await?;
        Ok(Page { items, next: ids.next })
    }

    async fn active(&self) -> Result<Vec<pricing::ShippingMethod>, StoreError> {
        active(&self.read).await
    }
}

/// All active methods with their zones, in order of id.
pub(super) async fn active(db: &impl Executor) -> Result<Vec<pricing::ShippingMethod>, StoreError> {
    let active = Entity::find().filter(Column::Status.eq(MethodStatus::Active.as_str()));
    let methods = methods(db, active).await?;
    let zones = zones_with(db, methods.iter().map(|method| method.details.zone_id)).await?;
    let zones: HashMap<_, _> = zones.iter().map(|zone| (zone.id, pricing::Zone::from(zone))).collect();
    // A zone that is not there any more was deleted in between, and its methods before it.
    let with_zone = |method: ShippingMethod| {
        let zone = zones.get(&method.details.zone_id)?.clone();
        Some(pricing::ShippingMethod::from((method, zone)))
    };
    Ok(methods.into_iter().filter_map(with_zone).collect())
}

/// Methods in order of id. One statement reads them with their tiers, so that they belong together.
async fn methods(db: &impl Executor, find: Select<Entity>) -> Result<Vec<ShippingMethod>, StoreError> {
    let mut found: BTreeMap<Uuid, (Model, Vec<tiers::Model>)> = BTreeMap::new();
    let pairs: Result<Vec<_>, Error> = db.pairs(&find.find_also_related(tiers::Entity)).await;
    for (method, tier) in pairs? {
        found.entry(method.id).or_insert_with(|| (method, Vec::new())).1.extend(tier);
    }
    found.into_values().map(|(method, tiers)| method.with_tiers(tiers)).collect()
}
