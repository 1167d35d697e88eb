use std::time::Duration;

use domain::StoreError;
use domain::webhooks::{Answer, Attempt, AttemptAnswer, AttemptError, DeliveryId};
use sea_orm::entity::prelude::*;

use crate::db::convert::{micros, time};

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_attempts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub delivery_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub no: i64,
    pub at: i64,
    pub status: Option<i64>,
    pub duration_ms: i64,
    pub error: Option<String>,
    pub answer: Option<String>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&Attempt> for Model {
    fn from(attempt: &Attempt) -> Self {
        let Answer { status, error, body, took, .. } = &attempt.answer;
        Self {
            delivery_id: attempt.delivery_id.0,
            no: attempt.no,
            at: micros(attempt.at),
            status: status.map(i64::from),
            duration_ms: i64::try_from(took.as_millis()).unwrap_or(i64::MAX),
            error: error.as_ref().map(|text| text.as_str().to_owned()),
            answer: body.as_ref().map(|text| text.as_str().to_owned()),
        }
    }
}

impl TryFrom<Model> for Attempt {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let answer = Answer {
            status: row.status.and_then(|status| u16::try_from(status).ok()),
            // It was honoured when the next try was planned.
            retry_after: None,
            error: row.error.as_deref().map(AttemptError::new),
            body: row.answer.map(AttemptAnswer::from_trusted),
            took: Duration::from_millis(u64::try_from(row.duration_ms).unwrap_or_default()),
        };
        Ok(Self { delivery_id: DeliveryId(row.delivery_id), no: row.no, at: time(row.at)?, answer })
    }
}
