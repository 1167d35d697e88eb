use application::{Actor, AuditEntry};
use domain::StoreError;
use domain::keys::Principal;
use sea_orm::entity::prelude::*;

use crate::db::convert::{micros, time};

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "audit_log")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub actor_id: Uuid,
    pub request_id: String,
    pub action: String,
    pub resource: String,
    pub resource_id: Uuid,
    pub fields_before: String,
    pub fields_after: String,
    pub at: i64,
    pub actor_is_key: bool,
    pub customer_id: Option<Uuid>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<&AuditEntry> for Model {
    type Error = StoreError;

    fn try_from(entry: &AuditEntry) -> Result<Self, StoreError> {
        Ok(Self {
            id: entry.id,
            actor_id: entry.actor.who.id(),
            actor_is_key: entry.actor.who.is_key(),
            request_id: entry.actor.request_id.clone(),
            action: entry.action.clone(),
            resource: entry.resource.clone(),
            resource_id: entry.resource_id,
            fields_before: json(&entry.before)?,
            fields_after: json(&entry.after)?,
            at: micros(entry.at),
            customer_id: None,
        })
    }
}

impl TryFrom<Model> for AuditEntry {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            actor: Actor { who: Principal::of(row.actor_id, row.actor_is_key), request_id: row.request_id },
            action: row.action,
            resource: row.resource,
            resource_id: row.resource_id,
            before: fields(&row.fields_before)?,
            after: fields(&row.fields_after)?,
            at: time(row.at)?,
        })
    }
}

type Fields = Vec<(String, Option<String>)>;

fn json(fields: &Fields) -> Result<String, StoreError> {
    serde_json::to_string(fields).map_err(|error| StoreError::Internal(error.into()))
}

fn fields(json: &str) -> Result<Fields, StoreError> {
    serde_json::from_str(json).map_err(|error| StoreError::Internal(error.into()))
}
