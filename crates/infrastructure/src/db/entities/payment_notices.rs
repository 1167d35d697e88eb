use domain::StoreError;
use domain::payments::{EventId, NoticeKind, NoticeStatus, PaymentNotice, ProviderMessage, ProviderName, Reference};
use sea_orm::entity::prelude::*;

use crate::db::convert::{micros, stored, time};

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "payment_notices")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub provider: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub event_id: String,
    pub kind: String,
    pub reference: Option<String>,
    pub received_at: i64,
    pub status: String,
    pub attempts: i64,
    pub next_at: Option<i64>,
    pub error: Option<String>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&PaymentNotice> for Model {
    fn from(notice: &PaymentNotice) -> Self {
        Self {
            provider: notice.provider.as_str().to_owned(),
            event_id: notice.event_id.to_string(),
            kind: notice.kind.to_string(),
            reference: notice.reference.as_ref().map(ToString::to_string),
            received_at: micros(notice.received_at),
            status: notice.status.as_str().to_owned(),
            attempts: notice.attempts,
            next_at: notice.next_at.map(micros),
            error: notice.error.as_ref().map(|error| error.as_str().to_owned()),
        }
    }
}

impl TryFrom<Model> for PaymentNotice {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            provider: ProviderName::from_trusted(row.provider),
            event_id: EventId::from_trusted(row.event_id),
            kind: NoticeKind::from_trusted(row.kind),
            reference: row.reference.map(Reference::from_trusted),
            received_at: time(row.received_at)?,
            status: stored("status of a notice", NoticeStatus::parse(&row.status))?,
            attempts: row.attempts,
            next_at: row.next_at.map(time).transpose()?,
            error: row.error.as_deref().map(ProviderMessage::new),
        })
    }
}
