use domain::attributes::{AttributeId, Position};
use domain::slugs::Slug;
use domain::terms::{CategoryNode, SeoDescription, SeoTitle, Term, TermDescription, TermId, TermName};
use domain::{StoreError, Version, sort_key};
use sea_orm::entity::prelude::*;

use super::{Unique, attributes};
use crate::db::convert::{micros, searchable, time};
use crate::db::engine::{Error, FromRow, Row};

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "terms")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub attribute_id: Uuid,
    pub parent_id: Option<Uuid>,
    pub name: String,
    pub name_key: Option<String>,
    pub words: String,
    pub slug: String,
    pub position: i64,
    pub description: Option<String>,
    pub seo_title: Option<String>,
    pub seo_description: Option<String>,
    pub created_at: i64,
    pub updated_at: i64,
    pub version: i64,
}

pub const UNIQUE_SLUG: Unique =
    Unique { constraint: "terms_slug_unique", column: "terms.attribute_id, terms.slug", key: Term::UNIQUE_SLUG };

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "attributes::Entity", from = "Column::AttributeId", to = "attributes::Column::Id")]
    Attribute,
}

impl Related<attributes::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Attribute.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl From<&Term> for Model {
    fn from(term: &Term) -> Self {
        Self {
            id: term.id.0,
            attribute_id: term.attribute_id.0,
            parent_id: term.parent_id.map(|parent| parent.0),
            name: term.name.as_str().to_owned(),
            name_key: Some(sort_key(term.name.as_str())),
            words: searchable(term.name.as_str()),
            slug: term.slug.as_str().to_owned(),
            position: term.position.get(),
            description: term.description.as_ref().map(|text| text.as_str().to_owned()),
            seo_title: term.seo_title.as_ref().map(|text| text.as_str().to_owned()),
            seo_description: term.seo_description.as_ref().map(|text| text.as_str().to_owned()),
            created_at: micros(term.created_at),
            updated_at: micros(term.updated_at),
            version: term.version.0,
        }
    }
}

impl TryFrom<Model> for Term {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: TermId(row.id),
            attribute_id: AttributeId(row.attribute_id),
            parent_id: row.parent_id.map(TermId),
            name: TermName::from_trusted(row.name),
            slug: Slug::from_trusted(row.slug),
            position: Position::from_trusted(row.position),
            description: row.description.map(TermDescription::from_trusted),
            seo_title: row.seo_title.map(SeoTitle::from_trusted),
            seo_description: row.seo_description.map(SeoDescription::from_trusted),
            created_at: time(row.created_at)?,
            updated_at: time(row.updated_at)?,
            version: Version(row.version),
        })
    }
}

/// What the tree of categories has of a row. The columns are read by index.
pub struct NodeRow(pub CategoryNode);

impl NodeRow {
    pub const COLUMNS: [Column; 5] = [Column::Id, Column::ParentId, Column::Slug, Column::Name, Column::Position];
}

impl FromRow for NodeRow {
    fn from_row(row: &Row) -> Result<Self, Error> {
        let parent_id: Option<Uuid> = row.at(1)?;
        Ok(Self(CategoryNode {
            id: TermId(row.at(0)?),
            parent_id: parent_id.map(TermId),
            slug: Slug::from_trusted(row.at(2)?),
            name: TermName::from_trusted(row.at(3)?),
            position: Position::from_trusted(row.at(4)?),
        }))
    }
}
