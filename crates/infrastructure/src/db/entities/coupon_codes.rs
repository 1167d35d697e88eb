use domain::StoreError;
use domain::customers::CustomerId;
use domain::pricing::{Coupon, CouponKey, CouponText, PromotionId};
use domain::promotions::PromotionCode;
use sea_orm::entity::prelude::*;

use crate::db::convert::{micros, time};

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "coupon_codes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub code_key: String,
    pub code: String,
    pub promotion_id: Uuid,
    pub customer_id: Option<Uuid>,
    pub usage_limit: Option<i64>,
    pub used: i64,
    pub created_at: i64,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&PromotionCode> for Model {
    fn from(code: &PromotionCode) -> Self {
        Self {
            code_key: code.key.as_str().to_owned(),
            code: code.coupon.text.as_str().to_owned(),
            promotion_id: code.promotion_id.0,
            customer_id: code.coupon.customer_id.map(|id| id.0),
            usage_limit: code.coupon.usage_limit,
            used: code.coupon.used,
            created_at: micros(code.created_at),
        }
    }
}

impl TryFrom<Model> for PromotionCode {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            promotion_id: PromotionId(row.promotion_id),
            key: CouponKey::from_trusted(row.code_key),
            coupon: Coupon {
                text: CouponText::from_trusted(row.code),
                customer_id: row.customer_id.map(CustomerId),
                usage_limit: row.usage_limit,
                used: row.used,
            },
            created_at: time(row.created_at)?,
        })
    }
}
