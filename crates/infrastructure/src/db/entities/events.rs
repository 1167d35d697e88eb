use domain::StoreError;
use domain::events::PublishedEvent;
use sea_orm::entity::prelude::*;

use super::outbox;
use crate::db::convert::time;

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "events")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i64,
    pub id: Uuid,
    pub event_type: String,
    pub stream: Uuid,
    pub data: String,
    pub at: i64,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// An event of the outbox at its position; `None` if it was written before events had data.
    pub fn at(position: i64, waiting: outbox::Model) -> Option<Self> {
        let outbox::Model { id, topic, subject, at, data } = waiting;
        Some(Self { position, id, event_type: topic, stream: subject, data: data?, at })
    }
}

impl TryFrom<Model> for PublishedEvent {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let Model { position, id, event_type, stream, data, at } = row;
        Ok(Self { position, id, event_type, stream, data, at: time(at)? })
    }
}
