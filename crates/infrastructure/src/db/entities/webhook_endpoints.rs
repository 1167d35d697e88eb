use domain::events::TypePatterns;
use domain::webhooks::{Endpoint, EndpointDescription, EndpointId, EndpointStatus, Target};
use domain::{StoreError, Version};
use sea_orm::entity::prelude::*;

use crate::db::convert::{micros, stored, time};

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_endpoints")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub url: String,
    pub types: String,
    pub description: Option<String>,
    pub status: String,
    pub generation: i64,
    pub rotated_at: Option<i64>,
    pub position: i64,
    pub replay_after: Option<i64>,
    pub replay_before: Option<i64>,
    pub last_success_at: Option<i64>,
    pub failures: i64,
    pub failing_since: Option<i64>,
    pub created_at: i64,
    pub updated_at: i64,
    pub version: i64,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&Endpoint> for Model {
    fn from(endpoint: &Endpoint) -> Self {
        Self {
            id: endpoint.id.0,
            url: endpoint.target.as_str().to_owned(),
            types: endpoint.types.as_str().to_owned(),
            description: endpoint.description.as_ref().map(|text| text.as_str().to_owned()),
            status: endpoint.status.as_str().to_owned(),
            generation: endpoint.generation,
            rotated_at: endpoint.rotated_at.map(micros),
            position: endpoint.position,
            replay_after: endpoint.replay.map(|(after, _)| after),
            replay_before: endpoint.replay.map(|(_, before)| before),
            last_success_at: endpoint.last_success_at.map(micros),
            failures: endpoint.failures,
            failing_since: endpoint.failing_since.map(micros),
            created_at: micros(endpoint.created_at),
            updated_at: micros(endpoint.updated_at),
            version: endpoint.version.0,
        }
    }
}

impl TryFrom<Model> for Endpoint {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: EndpointId(row.id),
            target: stored("URL of an endpoint", Target::from_stored(&row.url))?,
            types: TypePatterns::from_trusted(row.types),
            description: row.description.map(EndpointDescription::from_trusted),
            status: stored("status of an endpoint", EndpointStatus::parse(&row.status))?,
            generation: row.generation,
            rotated_at: row.rotated_at.map(time).transpose()?,
            position: row.position,
            replay: row.replay_after.zip(row.replay_before),
            last_success_at: row.last_success_at.map(time).transpose()?,
            failures: row.failures,
            failing_since: row.failing_since.map(time).transpose()?,
            created_at: time(row.created_at)?,
            updated_at: time(row.updated_at)?,
            version: Version(row.version),
        })
    }
}
