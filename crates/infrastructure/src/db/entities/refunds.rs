use domain::orders::{Note, OrderId};
use domain::payments::{PaymentId, Reference, Refund, RefundId, RefundOrigin, RefundReason, RefundStatus};
use domain::{Currency, StoreError, Version};
use sea_orm::entity::prelude::*;

use crate::db::convert::{micros, stored, time};

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "refunds")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub order_id: Uuid,
    pub payment_id: Uuid,
    pub amount: i64,
    pub currency: String,
    pub reason: String,
    pub note: Option<String>,
    pub status: String,
    pub origin: String,
    pub provider_reference: Option<String>,
    pub requested_by: Option<Uuid>,
    pub created_at: i64,
    pub finished_at: Option<i64>,
    pub version: i64,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&Refund> for Model {
    fn from(refund: &Refund) -> Self {
        Self {
            id: refund.id.0,
            order_id: refund.order_id.0,
            payment_id: refund.payment_id.0,
            amount: refund.amount,
            currency: refund.currency.code().to_owned(),
            reason: refund.reason.to_string(),
            note: refund.note.as_ref().map(ToString::to_string),
            status: refund.status.as_str().to_owned(),
            origin: refund.origin.as_str().to_owned(),
            provider_reference: refund.reference.as_ref().map(ToString::to_string),
            requested_by: refund.requested_by,
            created_at: micros(refund.created_at),
            finished_at: refund.finished_at.map(micros),
            version: refund.version.0,
        }
    }
}

impl TryFrom<Model> for Refund {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: RefundId(row.id),
            order_id: OrderId(row.order_id),
            payment_id: PaymentId(row.payment_id),
            amount: row.amount,
            currency: stored("currency", Currency::parse(&row.currency))?,
            reason: RefundReason::from_trusted(row.reason),
            note: row.note.map(Note::from_trusted),
            status: stored("status of a refund", RefundStatus::parse(&row.status))?,
            origin: stored("origin of a refund", RefundOrigin::parse(&row.origin))?,
            reference: row.provider_reference.map(Reference::from_trusted),
            requested_by: row.requested_by,
            created_at: time(row.created_at)?,
            finished_at: row.finished_at.map(time).transpose()?,
            version: Version(row.version),
        })
    }
}
