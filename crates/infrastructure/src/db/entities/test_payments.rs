use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "test_payments")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub reference: String,
    pub payment_id: Uuid,
    pub order_id: Uuid,
    pub currency: String,
    pub amount: i64,
    pub capture: String,
    pub script: String,
    pub journal: String,
    pub created_at: i64,
    pub version: i64,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
