use sea_orm::entity::prelude::*;

use super::product_words;

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "product_samples")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub product_id: Uuid,
    pub words: String,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<product_words::Model> for Model {
    fn from(product_words::Model { product_id, words }: product_words::Model) -> Self {
        Self { product_id, words }
    }
}
