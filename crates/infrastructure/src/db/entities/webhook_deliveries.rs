use domain::webhooks::{Delivery, DeliveryId, DeliveryStatus, EndpointId};
use domain::{Lease, StoreError};
use sea_orm::entity::prelude::*;

use crate::db::convert::{micros, stored, time};

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_deliveries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub endpoint_id: Uuid,
    pub event_id: Uuid,
    pub status: String,
    pub attempts: i64,
    pub spent: i64,
    pub next_at: Option<i64>,
    pub lease_holder: Option<Uuid>,
    pub lease_until: Option<i64>,
    pub created_at: i64,
    pub done_at: Option<i64>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&Delivery> for Model {
    fn from(delivery: &Delivery) -> Self {
        Self {
            id: delivery.id.0,
            endpoint_id: delivery.endpoint_id.0,
            event_id: delivery.event_id,
            status: delivery.status.as_str().to_owned(),
            attempts: delivery.attempts,
            spent: delivery.spent,
            next_at: delivery.next_at.map(micros),
            lease_holder: delivery.lease.map(|lease| lease.holder),
            lease_until: delivery.lease.map(|lease| micros(lease.until)),
            created_at: micros(delivery.created_at),
            done_at: delivery.done_at.map(micros),
        }
    }
}

impl TryFrom<Model> for Delivery {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let lease = match row.lease_holder.zip(row.lease_until) {
            Some((holder, until)) => Some(Lease { holder, until: time(until)? }),
            None => None,
        };
        Ok(Self {
            id: DeliveryId(row.id),
            endpoint_id: EndpointId(row.endpoint_id),
            event_id: row.event_id,
            status: stored("status of a delivery", DeliveryStatus::parse(&row.status))?,
            attempts: row.attempts,
            spent: row.spent,
            next_at: row.next_at.map(time).transpose()?,
            lease,
            created_at: time(row.created_at)?,
            done_at: row.done_at.map(time).transpose()?,
        })
    }
}
