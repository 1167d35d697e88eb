use domain::groups::{Group, GroupId, GroupName};
use domain::products::Description;
use domain::slugs::Slug;
use domain::{StoreError, Version};
use sea_orm::entity::prelude::*;

use super::{Unique, page_texts};
use crate::db::convert::{micros, searchable, time};

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "product_groups")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    pub words: String,
    pub slug: String,
    pub description: Option<String>,
    pub created_at: i64,
    pub updated_at: i64,
    pub version: i64,
}

pub const UNIQUE_SLUG: Unique =
    Unique { constraint: "product_groups_slug_unique", column: "product_groups.slug", key: Group::UNIQUE_SLUG };

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "page_texts::Entity", from = "Column::Id", to = "page_texts::Column::ResourceId")]
    PageTexts,
}

impl Related<page_texts::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::PageTexts.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl From<&Group> for Model {
    fn from(group: &Group) -> Self {
        Self {
            id: group.id.0,
            name: group.name.as_str().to_owned(),
            words: searchable(group.name.as_str()),
            slug: group.slug.as_str().to_owned(),
            description: group.description.as_ref().map(|text| text.as_str().to_owned()),
            created_at: micros(group.created_at),
            updated_at: micros(group.updated_at),
            version: group.version.0,
        }
    }
}

impl Model {
    /// The group with its options.
    pub fn with(self, options: Vec<domain::attributes::AttributeId>) -> Result<Group, StoreError> {
        Ok(Group {
            id: GroupId(self.id),
            name: GroupName::from_trusted(self.name),
            slug: Slug::from_trusted(self.slug),
            description: self.description.map(Description::from_trusted),
            options,
            created_at: time(self.created_at)?,
            updated_at: time(self.updated_at)?,
            version: Version(self.version),
        })
    }
}
