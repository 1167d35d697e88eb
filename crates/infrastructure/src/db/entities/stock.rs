use domain::products::ProductId;
use domain::stock::Stock;
use domain::{StoreError, Version};
use sea_orm::entity::prelude::*;

use super::products;
use crate::db::convert::{micros, time};

/// A column that the database works out by itself: whether less is on hand than the reorder point. It is indexed.
pub const BELOW_THRESHOLD: &str = "below_threshold";

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "stock")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub product_id: Uuid,
    pub on_hand: i64,
    pub restock_threshold: i64,
    pub restock_target: i64,
    pub updated_at: i64,
    pub version: i64,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "products::Entity", from = "Column::ProductId", to = "products::Column::Id")]
    Product,
}

impl Related<products::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Product.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl From<&Stock> for Model {
    fn from(stock: &Stock) -> Self {
        Self {
            product_id: stock.product_id.0,
            on_hand: stock.on_hand,
            restock_threshold: stock.restock_threshold,
            restock_target: stock.restock_target,
            updated_at: micros(stock.updated_at),
            version: stock.version.0,
        }
    }
}

impl TryFrom<Model> for Stock {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            product_id: ProductId(row.product_id),
            on_hand: row.on_hand,
            restock_threshold: row.restock_threshold,
            restock_target: row.restock_target,
            updated_at: time(row.updated_at)?,
            version: Version(row.version),
        })
    }
}
