use domain::customers::CustomerId;
use domain::promotions::Redemption;
use sea_orm::entity::prelude::*;
use sha2::{Digest, Sha256};

use crate::db::convert::micros;

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "promotion_redemptions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub order_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub promotion_id: Uuid,
    pub code_key: Option<String>,
    pub amount: i64,
    pub who_customer: Option<Vec<u8>>,
    pub who_email: Option<Vec<u8>>,
    pub at: i64,
    pub released_at: Option<i64>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&Redemption> for Model {
    fn from(redemption: &Redemption) -> Self {
        Self {
            order_id: redemption.order_id.0,
            promotion_id: redemption.promotion_id.0,
            code_key: redemption.coupon.as_ref().map(|key| key.as_str().to_owned()),
            amount: redemption.amount,
            who_customer: Some(who(redemption.customer_id)),
            who_email: None,
            at: micros(redemption.at),
            released_at: None,
        }
    }
}

/// The name under which the uses of a customer are counted.
pub fn who(customer_id: CustomerId) -> Vec<u8> {
    Sha256::digest(format!("c:{customer_id}")).to_vec()
}
