//! The adjustments of orders: a list in JSON. An older order has a row for each.

use std::borrow::Cow;

use domain::StoreError;
use domain::pricing::{Adjustment, AdjustmentKind, PromotionId, RatePpm, Share, Treatment};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

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

/// An adjustment as the list of an order has it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed<'a> {
    kind: &'a str,
    share: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line_no: Option<i64>,
    #[serde(borrow)]
    code: Cow<'a, str>,
    #[serde(borrow)]
    label: Cow<'a, str>,
    amount: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    base: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    net: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rate_ppm: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    treatment: Option<&'a str>,
    included: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    promotion_id: Option<Uuid>,
}

/// The list of an order; `None` if it has no adjustment.
pub fn list(adjustments: &[Adjustment]) -> Option<String> {
    let listed: Vec<_> = adjustments.iter().map(Listed::from).collect();
    // Neither names nor values are of a kind that JSON does not know.
    serde_json::to_string(&listed).ok().filter(|_| !listed.is_empty())
}

/// The adjustments of a list.
pub fn listed(list: &str) -> Result<Vec<Adjustment>, StoreError> {
    let broken = |error| StoreError::corrupt(format!("the stored adjustments of an order are broken: {error}"));
    let listed: Vec<Listed<'_>> = serde_json::from_str(list).map_err(broken)?;
    listed.into_iter().map(Adjustment::try_from).collect()
}

impl<'a> From<&'a Adjustment> for Listed<'a> {
    fn from(one: &'a Adjustment) -> Self {
        Self {
            kind: one.kind.as_str(),
            share: one.share.as_str(),
            line_no: one.share.line_no().and_then(|number| i64::try_from(number).ok()),
            code: Cow::Borrowed(&one.code),
            label: Cow::Borrowed(&one.label),
            amount: one.amount,
            base: one.base,
            net: one.net,
            rate_ppm: one.rate.map(RatePpm::get),
            treatment: one.treatment.map(Treatment::as_str),
            included: one.is_included.into(),
            promotion_id: one.promotion_id.map(|id| id.0),
        }
    }
}

impl TryFrom<Listed<'_>> for Adjustment {
    type Error = StoreError;

    fn try_from(listed: Listed<'_>) -> Result<Self, StoreError> {
        let line_no = listed.line_no.and_then(|number| usize::try_from(number).ok());
        Ok(Self {
            kind: stored("kind of adjustment", AdjustmentKind::parse(listed.kind))?,
            share: stored("share of an adjustment", Share::parse(listed.share, line_no))?,
            code: listed.code.into_owned(),
            label: listed.label.into_owned(),
            amount: listed.amount,
            base: listed.base,
            net: listed.net,
            rate: listed.rate_ppm.map(RatePpm::from_trusted),
            treatment: stored("tax treatment", listed.treatment.map(Treatment::parse_any).transpose())?,
            is_included: listed.included != 0,
            promotion_id: listed.promotion_id.map(PromotionId),
        })
    }
}

impl TryFrom<Model> for Adjustment {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Listed {
            kind: &row.kind,
            share: &row.share,
            line_no: row.line_no,
            code: row.code.into(),
            label: row.label.into(),
            amount: row.amount,
            base: row.base,
            net: row.net,
            rate_ppm: row.rate_ppm,
            treatment: row.treatment.as_deref(),
            included: (row.included != 0).into(),
            promotion_id: row.promotion_id,
        }
        .try_into()
    }
}
