use domain::tax_classes::{TaxClass, TaxClassCode, TaxClassId, TaxClassName};
use domain::{StoreError, Version};
use sea_orm::entity::prelude::*;

use super::Unique;
use crate::db::convert::{micros, time};

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "tax_classes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub code: String,
    pub name: String,
    pub created_at: i64,
    pub updated_at: i64,
    pub version: i64,
}

pub const UNIQUE_CODE: Unique =
    Unique { constraint: "tax_classes_code_unique", column: "tax_classes.code", key: TaxClass::UNIQUE_CODE };

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&TaxClass> for Model {
    fn from(class: &TaxClass) -> Self {
        Self {
            id: class.id.0,
            code: class.code.as_str().to_owned(),
            name: class.name.as_str().to_owned(),
            created_at: micros(class.created_at),
            updated_at: micros(class.updated_at),
            version: class.version.0,
        }
    }
}

impl TryFrom<Model> for TaxClass {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: TaxClassId(row.id),
            code: TaxClassCode::from_trusted(row.code),
            name: TaxClassName::from_trusted(row.name),
            created_at: time(row.created_at)?,
            updated_at: time(row.updated_at)?,
            version: Version(row.version),
        })
    }
}
