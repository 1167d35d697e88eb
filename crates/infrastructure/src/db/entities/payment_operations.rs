use domain::payments::{OperationId, OperationKind, OperationStatus, PaymentId, PaymentOperation, RefundId};
use domain::{Lease, StoreError};
use sea_orm::entity::prelude::*;

use super::payments::{error_of, error_texts};
use crate::db::convert::{micros, stored, time};

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "payment_operations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub payment_id: Uuid,
    pub refund_id: Option<Uuid>,
    pub kind: String,
    pub amount: Option<i64>,
    pub generation: i64,
    pub key_since: i64,
    pub status: String,
    pub attempts: i64,
    pub next_at: Option<i64>,
    pub lease_holder: Option<Uuid>,
    pub lease_until: Option<i64>,
    pub requested_by: Option<Uuid>,
    pub error_code: Option<String>,
    pub error_text: Option<String>,
    pub created_at: i64,
    pub finished_at: Option<i64>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&PaymentOperation> for Model {
    fn from(operation: &PaymentOperation) -> Self {
        let (error_code, error_text) = error_texts(operation.error.as_ref());
        Self {
            id: operation.id.0,
            payment_id: operation.payment_id.0,
            refund_id: operation.refund_id.map(|id| id.0),
            kind: operation.kind.as_str().to_owned(),
            amount: operation.amount,
            generation: operation.generation,
            key_since: micros(operation.key_since),
            status: operation.status.as_str().to_owned(),
            attempts: operation.attempts,
            next_at: operation.next_at.map(micros),
            lease_holder: operation.lease.map(|lease| lease.holder),
            lease_until: operation.lease.map(|lease| micros(lease.until)),
            requested_by: operation.requested_by,
            error_code,
            error_text,
            created_at: micros(operation.created_at),
            finished_at: operation.finished_at.map(micros),
        }
    }
}

impl TryFrom<Model> for PaymentOperation {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let lease = |(holder, until)| Ok::<_, StoreError>(Lease { holder, until: time(until)? });
        Ok(Self {
            id: OperationId(row.id),
            payment_id: PaymentId(row.payment_id),
            refund_id: row.refund_id.map(RefundId),
            kind: stored("kind of an operation", OperationKind::parse(&row.kind))?,
            amount: row.amount,
            generation: row.generation,
            key_since: time(row.key_since)?,
            status: stored("status of an operation", OperationStatus::parse(&row.status))?,
            attempts: row.attempts,
            next_at: row.next_at.map(time).transpose()?,
            lease: row.lease_holder.zip(row.lease_until).map(lease).transpose()?,
            requested_by: row.requested_by,
            error: error_of(row.error_code, row.error_text),
            created_at: time(row.created_at)?,
            finished_at: row.finished_at.map(time).transpose()?,
        })
    }
}
