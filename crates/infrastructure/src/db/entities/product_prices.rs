use domain::products::{PriceEntry, ProductId};
use domain::{Price, StoreError};
use sea_orm::entity::prelude::*;

use crate::db::convert::{micros, time};

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "product_prices")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub product_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub sequence: i64,
    pub at: i64,
    pub price: i64,
    pub compare_at_price: Option<i64>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&PriceEntry> for Model {
    fn from(entry: &PriceEntry) -> Self {
        Self {
            product_id: entry.product_id.0,
            sequence: entry.sequence,
            at: micros(entry.at),
            price: entry.price.amount(),
            compare_at_price: entry.compare_at_price.map(Price::amount),
        }
    }
}

impl TryFrom<Model> for PriceEntry {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            product_id: ProductId(row.product_id),
            sequence: row.sequence,
            at: time(row.at)?,
            price: Price::from_trusted(row.price),
            compare_at_price: row.compare_at_price.map(Price::from_trusted),
        })
    }
}
