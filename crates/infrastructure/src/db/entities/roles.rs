use domain::access::Scopes;
use domain::roles::{CustomRole, RoleId, RoleName};
use domain::{StoreError, Version};
use sea_orm::entity::prelude::*;

use super::Unique;
use crate::db::convert::{micros, stored, time};

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "roles")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    pub scopes: String,
    pub created_at: i64,
    pub updated_at: i64,
    pub version: i64,
}

pub const UNIQUE_NAME: Unique =
    Unique { constraint: "roles_name_unique", column: "roles.name", key: CustomRole::UNIQUE_NAME };

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&CustomRole> for Model {
    fn from(role: &CustomRole) -> Self {
        Self {
            id: role.id.0,
            name: role.name.as_str().to_owned(),
            scopes: role.scopes.to_string(),
            created_at: micros(role.created_at),
            updated_at: micros(role.updated_at),
            version: role.version.0,
        }
    }
}

impl TryFrom<Model> for CustomRole {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: RoleId(row.id),
            name: stored("role", RoleName::parse(&row.name))?,
            scopes: Scopes::from_trusted(&row.scopes),
            created_at: time(row.created_at)?,
            updated_at: time(row.updated_at)?,
            version: Version(row.version),
        })
    }
}
