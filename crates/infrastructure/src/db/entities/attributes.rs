use domain::attributes::{Attribute, AttributeCode, AttributeId, AttributeName, AttributeType, Position, Unit};
use domain::{StoreError, Version};
use sea_orm::entity::prelude::*;

use super::Unique;
use crate::db::convert::{micros, stored, time};

#[allow(clippy::struct_excessive_bools, reason = "each is a column")]
#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "attributes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub code: String,
    pub name: String,
    pub r#type: String,
    pub multiple: bool,
    pub filterable: bool,
    pub internal: bool,
    pub hierarchical: bool,
    pub unit: Option<String>,
    pub position: i64,
    pub created_at: i64,
    pub updated_at: i64,
    pub version: i64,
}

pub const UNIQUE_CODE: Unique =
    Unique { constraint: "attributes_code_unique", column: "attributes.code", key: Attribute::UNIQUE_CODE };

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&Attribute> for Model {
    fn from(attribute: &Attribute) -> Self {
        Self {
            id: attribute.id.0,
            code: attribute.code.as_str().to_owned(),
            name: attribute.name.as_str().to_owned(),
            r#type: attribute.kind.as_str().to_owned(),
            multiple: attribute.is_multiple,
            filterable: attribute.is_filterable,
            internal: attribute.is_internal,
            hierarchical: attribute.is_hierarchical,
            unit: attribute.unit.as_ref().map(|unit| unit.as_str().to_owned()),
            position: attribute.position.get(),
            created_at: micros(attribute.created_at),
            updated_at: micros(attribute.updated_at),
            version: attribute.version.0,
        }
    }
}

impl TryFrom<Model> for Attribute {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: AttributeId(row.id),
            code: AttributeCode::from_trusted(row.code),
            name: AttributeName::from_trusted(row.name),
            kind: stored("attribute type", AttributeType::parse(&row.r#type))?,
            is_multiple: row.multiple,
            is_filterable: row.filterable,
            is_internal: row.internal,
            is_hierarchical: row.hierarchical,
            unit: row.unit.map(Unit::from_trusted),
            position: Position::from_trusted(row.position),
            created_at: time(row.created_at)?,
            updated_at: time(row.updated_at)?,
            version: Version(row.version),
        })
    }
}
