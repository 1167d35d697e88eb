use std::collections::HashMap;

use async_trait::async_trait;
use domain::pricing::{DatedRate, TaxRateId, TaxZone};
use domain::tax_rates::{RatedZone, TaxRate, TaxRateFilter, TaxRateQueries, TaxRateRepository};
use domain::{Page, PageRequest, StoreError};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use super::queries::{DbQueries, after_id, at_id, rows};
use super::tx::DbTx;
use super::zones::zones;
use crate::db::convert::date_text;
use crate::db::engine::Executor;
use crate::db::entities::tax_rates::{Column, Entity, Model};
use crate::db::entities::zones as zone;

#[async_trait]
impl TaxRateRepository for DbTx {
    async fn insert(&mut self, rate: &TaxRate) -> Result<(), StoreError> {
        Ok(self.insert_rows([Model::from(rate)]).await?)
    }

    async fn lock(&mut self, id: TaxRateId) -> Result<Option<TaxRate>, StoreError> {
        let row = self.transaction.one(Entity::find_by_id(id.0).lock_exclusive()).await;
        row?.map(TaxRate::try_from).transpose()
    }

    async fn zones(&mut self) -> Result<Vec<RatedZone>, StoreError> {
        rated_zones(&self.transaction).await
    }

    async fn update(&mut self, rate: &TaxRate) -> Result<(), StoreError> {
        Ok(self.update_row(Model::from(rate)).await?)
    }

    async fn delete(&mut self, id: TaxRateId) -> Result<(), StoreError> {
        Ok(self.transaction.execute(&Entity::delete_by_id(id.0)).await.map(drop)?)
    }
}

#[async_trait]
impl TaxRateQueries for DbQueries {
    async fn get(&self, id: TaxRateId) -> Result<Option<TaxRate>, StoreError> {
        let row = self.read.one(Entity::find_by_id(id.0)).await?;
        row.map(TaxRate::try_from).transpose()
    }

    async fn list(&self, filter: &TaxRateFilter, page: &PageRequest) -> Result<Page<TaxRate>, StoreError> {
        let find = Entity::find()
            .filter(wanted(filter))
            .apply_if(after_id(page), |find, id| find.filter(Column::Id.gt(id)))
            .order_by_asc(Column::Id)
            .limit(rows(page));
        let rows = self.read.all(find).await?;
        let rates = rows.into_iter().map(TaxRate::try_from).collect::<Result<_, _>>()?;
        Ok(Page::cut(rates, page.limit, |rate: &TaxRate| at_id(rate.dated.id.0)))
    }

    async fn tax_zones(&self) -> Result<Vec<TaxZone>, StoreError> {
        tax_zones(&self.read).await
    }
}

/// What taxes are worked out with.
pub(super) async fn tax_zones(db: &impl Executor) -> Result<Vec<TaxZone>, StoreError> {
    Ok(rated_zones(db).await?.into_iter().map(TaxZone::from).collect())
}

fn wanted(filter: &TaxRateFilter) -> Condition {
    // Days compare as their texts do.
    let on = filter.on.map(date_text).map(|day| {
        let lasts = Condition::any().add(Column::EndsOn.is_null()).add(Column::EndsOn.gte(&day));
        Condition::all().add(Column::StartsOn.lte(&day)).add(lasts)
    });
    Condition::all()
        .add_option(filter.zone_id.map(|id| Column::ZoneId.eq(id.0)))
        .add_option(filter.class.as_ref().map(|class| Column::TaxClass.eq(class.as_str())))
        .add_option(on)
}

/// The zones with rates or with a rule for shipping, in order of id, each with its rates. A rate that is read just before
/// it and its zone are deleted is left out.
async fn rated_zones(db: &impl Executor) -> Result<Vec<RatedZone>, StoreError> {
    let mut rates: HashMap<_, Vec<DatedRate>> = HashMap::new();
    for row in db.all(Entity::find().order_by_asc(Column::Id)).await? {
        let TaxRate { zone_id, dated, .. } = row.try_into()?;
        rates.entry(zone_id).or_default().push(dated);
    }
    let any = Condition::any()
        .add(zone::Column::Id.is_in(rates.keys().map(|id| id.0)))
        .add(zone::Column::ShippingTax.is_not_null());
    let zones = zones(db, zone::Entity::find().filter(any)).await?;
    Ok(zones
        .into_iter()
        .map(|zone| {
            let rates = rates.remove(&zone.id).unwrap_or_default();
            RatedZone { zone, rates }
        })
        .collect())
}
