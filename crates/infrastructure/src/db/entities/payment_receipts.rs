use domain::payments::Receipt;
use sea_orm::entity::prelude::*;

use crate::db::convert::{date_text, micros};

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "payment_receipts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub provider: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub reference: String,
    pub payment_id: Uuid,
    pub amount: i64,
    pub received_on: String,
    pub recorded_at: i64,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&Receipt> for Model {
    fn from(receipt: &Receipt) -> Self {
        Self {
            provider: receipt.provider.as_str().to_owned(),
            reference: receipt.reference.to_string(),
            payment_id: receipt.payment_id.0,
            amount: receipt.amount,
            received_on: date_text(receipt.received_on),
            recorded_at: micros(receipt.recorded_at),
        }
    }
}
