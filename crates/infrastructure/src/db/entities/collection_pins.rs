use domain::collections::Collection;
use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "collection_pins")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub collection_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i64,
    pub product_id: Uuid,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The pins of a collection.
    pub fn of(collection: &Collection) -> impl Iterator<Item = Self> {
        (0..).zip(collection.pins.products()).map(|(position, product)| Self {
            collection_id: collection.id.0,
            position,
            product_id: product.0,
        })
    }
}
