use domain::StoreError;
use domain::orders::Order;
use domain::pricing::{Adjustment, AdjustmentKind, PromotionId, RatePpm, Share, Treatment};
use sea_orm::entity::prelude::*;

use crate::db::convert::stored;

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "order_adjustments")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub order_id: Uuid,
    /// Its place in the list, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub no: i64,
    pub kind: String,
    pub share: String,
    pub line_no: Option<i64>,
    pub code: String,
    pub label: String,
    pub amount: i64,
    pub base: Option<i64>,
    pub net: Option<i64>,
    pub rate_ppm: Option<i64>,
    pub treatment: Option<String>,
    /// 1 if the price includes it already, 0 if not.
    pub included: i64,
    pub promotion_id: Option<Uuid>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The rows of an order.
    pub fn of(order: &Order) -> impl Iterator<Item = Self> + '_ {
        (1..).zip(&order.adjustments).map(|(no, one)| Self {
            order_id: order.id.0,
            no,
            kind: one.kind.as_str().to_owned(),
            share: one.share.as_str().to_owned(),
            line_no: one.share.line_no().and_then(|number| i64::try_from(number).ok()),
            code: one.code.clone(),
            label: one.label.clone(),
            amount: one.amount,
            base: one.base,
            net: one.net,
            rate_ppm: one.rate.map(RatePpm::get),
            treatment: one.treatment.map(|treatment| treatment.as_str().to_owned()),
            included: i64::from(one.is_included),
            promotion_id: one.promotion_id.map(|id| id.0),
        })
    }
}

impl TryFrom<Model> for Adjustment {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let line_no = row.line_no.and_then(|number| usize::try_from(number).ok());
        Ok(Self {
            kind: stored("kind of adjustment", AdjustmentKind::parse(&row.kind))?,
            share: stored("share of an adjustment", Share::parse(&row.share, line_no))?,
            code: row.code,
            label: row.label,
            amount: row.amount,
            base: row.base,
            net: row.net,
            rate: row.rate_ppm.map(RatePpm::from_trusted),
            treatment: stored("tax treatment", row.treatment.as_deref().map(Treatment::parse_any).transpose())?,
            is_included: row.included != 0,
            promotion_id: row.promotion_id.map(PromotionId),
        })
    }
}
