use domain::products::ProductId;
use domain::restocks::{Restock, RestockId, RestockStatus};
use domain::{StoreError, Version};
use sea_orm::entity::prelude::*;

use crate::db::convert::{micros, stored, time};

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "restocks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub product_id: Uuid,
    pub quantity: i64,
    pub status: String,
    pub open_product_id: Option<Uuid>,
    pub opened_at: i64,
    pub closed_at: Option<i64>,
    pub version: i64,
    /// What was ordered. `None` for an older restock, which was received as ordered.
    pub ordered_quantity: Option<i64>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&Restock> for Model {
    fn from(restock: &Restock) -> Self {
        let open = restock.status == RestockStatus::Open;
        Self {
            id: restock.id.0,
            product_id: restock.product_id.0,
            quantity: restock.quantity,
            status: restock.status.as_str().to_owned(),
            open_product_id: open.then_some(restock.product_id.0),
            opened_at: micros(restock.opened_at),
            closed_at: restock.closed_at.map(micros),
            version: restock.version.0,
            ordered_quantity: Some(restock.ordered),
        }
    }
}

impl TryFrom<Model> for Restock {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: RestockId(row.id),
            product_id: ProductId(row.product_id),
            quantity: row.quantity,
            ordered: row.ordered_quantity.unwrap_or(row.quantity),
            status: stored("restock status", RestockStatus::parse(&row.status))?,
            opened_at: time(row.opened_at)?,
            closed_at: row.closed_at.map(time).transpose()?,
            version: Version(row.version),
        })
    }
}
