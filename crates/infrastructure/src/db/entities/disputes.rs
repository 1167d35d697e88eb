use domain::StoreError;
use domain::payments::{Dispute, DisputeId, DisputeStatus, PaymentId, ProviderCode, Reference};
use sea_orm::entity::prelude::*;

use crate::db::convert::{micros, stored, time};

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "disputes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub payment_id: Uuid,
    pub provider_reference: String,
    pub amount: i64,
    pub reason: String,
    pub status: String,
    pub due_by: Option<i64>,
    pub opened_at: i64,
    pub closed_at: Option<i64>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&Dispute> for Model {
    fn from(dispute: &Dispute) -> Self {
        Self {
            id: dispute.id.0,
            payment_id: dispute.payment_id.0,
            provider_reference: dispute.reference.to_string(),
            amount: dispute.amount,
            reason: dispute.reason.as_str().to_owned(),
            status: dispute.status.as_str().to_owned(),
            due_by: dispute.due_by.map(micros),
            opened_at: micros(dispute.opened_at),
            closed_at: dispute.closed_at.map(micros),
        }
    }
}

impl TryFrom<Model> for Dispute {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: DisputeId(row.id),
            payment_id: PaymentId(row.payment_id),
            reference: Reference::from_trusted(row.provider_reference),
            amount: row.amount,
            reason: ProviderCode::new(&row.reason),
            status: stored("status of a dispute", DisputeStatus::parse(&row.status))?,
            due_by: row.due_by.map(time).transpose()?,
            opened_at: time(row.opened_at)?,
            closed_at: row.closed_at.map(time).transpose()?,
        })
    }
}
