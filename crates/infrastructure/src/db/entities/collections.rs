use std::collections::BTreeMap;

use domain::attributes::Position;
use domain::collections::{Collection, CollectionFilter, CollectionId, CollectionName, ListedCollection, Pins};
use domain::products::{Description, ProductSort};
use domain::slugs::Slug;
use domain::{StoreError, Version};
use sea_orm::entity::prelude::*;

use super::Unique;
use crate::db::convert::{micros, stored, time};

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "collections")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    pub slug: String,
    /// A JSON object of texts.
    pub filter: Option<String>,
    pub sort: Option<String>,
    pub description: Option<String>,
    pub position: i64,
    pub created_at: i64,
    pub updated_at: i64,
    pub version: i64,
}

pub const UNIQUE_SLUG: Unique =
    Unique { constraint: "collections_slug_unique", column: "collections.slug", key: Collection::UNIQUE_SLUG };

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<&Collection> for Model {
    type Error = StoreError;

    fn try_from(collection: &Collection) -> Result<Self, StoreError> {
        let json = |filter: &CollectionFilter| serde_json::to_string(filter.parameters());
        let filter = collection.filter.as_ref().map(json).transpose();
        Ok(Self {
            id: collection.id.0,
            name: collection.name.as_str().to_owned(),
            slug: collection.slug.as_str().to_owned(),
            filter: filter.map_err(|error| StoreError::Internal(error.into()))?,
            sort: collection.sort.map(|sort| sort.as_str().to_owned()),
            description: collection.description.as_ref().map(|text| text.as_str().to_owned()),
            position: collection.position.get(),
            created_at: micros(collection.created_at),
            updated_at: micros(collection.updated_at),
            version: collection.version.0,
        })
    }
}

impl Model {
    /// The collection with its pins.
    pub fn with(self, pins: Pins) -> Result<Collection, StoreError> {
        let broken = |error| StoreError::corrupt(format!("the stored filter of a collection is broken: {error}"));
        let filter = self.filter.as_deref().map(serde_json::from_str::<BTreeMap<String, String>>);
        let filter = filter.transpose().map_err(broken)?.map(CollectionFilter::from_trusted);
        let listed = ListedCollection::try_from(Self { filter: None, ..self })?;
        Ok(Collection {
            id: listed.id,
            name: listed.name,
            slug: listed.slug,
            filter,
            pins,
            sort: listed.sort,
            description: listed.description,
            position: listed.position,
            created_at: listed.created_at,
            updated_at: listed.updated_at,
            version: listed.version,
        })
    }
}

impl TryFrom<Model> for ListedCollection {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: CollectionId(row.id),
            name: CollectionName::from_trusted(row.name),
            slug: Slug::from_trusted(row.slug),
            sort: stored("order of a collection", row.sort.as_deref().map(ProductSort::parse).transpose())?,
            description: row.description.map(Description::from_trusted),
            position: Position::from_trusted(row.position),
            created_at: time(row.created_at)?,
            updated_at: time(row.updated_at)?,
            version: Version(row.version),
        })
    }
}
