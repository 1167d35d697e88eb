use std::collections::BTreeMap;

use domain::attributes::Position;
use domain::collections::{
    Collection, CollectionDetails, CollectionFilter, CollectionId, CollectionName, ListedCollection, Pins,
};
use domain::media::Shown;
use domain::products::{ProductId, ProductSort};
use domain::slugs::Slug;
use serde::Serialize;
use serde_json::json;

use super::super::media::MediaBody;
use super::super::products::media::bodies;
use crate::example;
use crate::respond::{Body, Id, Timestamp};
use crate::schema::{self, Apiv2Schema, DefaultSchemaRaw, ResponseBody, with_schema};

/// Products that are shown together.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "Collection")]
pub(crate) struct CollectionBody {
    id: Id,
    name: String,
    /// Its name in addresses.
    slug: String,
    description: Option<String>,
    /// The order of the products after those that stand first, as the `sort` of a list of products; null for the order of
    /// all lists.
    sort: Option<String>,
    /// The place among other collections.
    position: i64,
    /// Its pictures, the main one first.
    media: Vec<MediaBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    filter: Option<FilterBody>,
    /// The products that stand first, in order. Only staff see them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pins: Option<Vec<Id>>,
    /// Whether the filter names a term or an attribute that is gone: then it finds less than it says. Only staff see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    broken: Option<bool>,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i64,
}

/// The parameters of a filter.
#[derive(Serialize)]
pub(crate) struct FilterBody(Option<BTreeMap<String, String>>);

impl Apiv2Schema for FilterBody {
    fn raw_schema() -> DefaultSchemaRaw {
        with_schema(schema::nullable(json!({
            "type": "object",
            "description": "Parameters of `GET /products` with their text; null if it has its pins only. Only staff see it.",
            "additionalProperties": { "type": "string" },
        })))
    }
}

impl CollectionBody {
    pub(super) fn location(collection: &Collection) -> String {
        format!("/api/v1/collections/{}", collection.id)
    }

    /// As everybody sees it.
    pub(super) fn of(collection: &Collection, pictures: &[Shown], base: &str) -> Self {
        Self {
            id: Id(collection.id.0),
            name: collection.name.to_string(),
            slug: collection.slug.to_string(),
            description: collection.description.as_ref().map(ToString::to_string),
            sort: collection.sort.map(|sort| sort.as_str().to_owned()),
            position: collection.position.get(),
            media: bodies(pictures, base),
            filter: None,
            pins: None,
            broken: None,
            created_at: Timestamp(collection.created_at),
            updated_at: Timestamp(collection.updated_at),
            version: collection.version.0,
        }
    }

    /// The same with what staff see besides.
    pub(super) fn for_staff(self, collection: &Collection, is_broken: bool) -> Self {
        let filter = collection.filter.as_ref().map(|filter| filter.parameters().clone());
        let pins = collection.pins.products().iter().map(|id| Id(id.0)).collect();
        Self { filter: Some(FilterBody(filter)), pins: Some(pins), broken: Some(is_broken), ..self }
    }
}

impl ResponseBody for CollectionBody {
    fn example() -> Self {
        let filter = [("category".to_owned(), "mugs".to_owned()), ("on_sale".to_owned(), "true".to_owned())];
        let details = CollectionDetails {
            name: CollectionName::from_trusted("Mugs on sale".to_owned()),
            slug: None,
            filter: Some(CollectionFilter::from_trusted(filter.into_iter().collect())),
            pins: Pins::from_trusted(vec![ProductId(example::id())]),
            sort: Some(ProductSort::Price),
            description: None,
            position: Position::default(),
        };
        let slug = Slug::from_trusted("mugs-on-sale".to_owned());
        let collection = Collection::new(CollectionId(example::id()), details, slug, example::NOW);
        let whole = Self::of(&collection, &[], "").for_staff(&collection, false);
        Self { media: vec![MediaBody::example()], ..whole }
    }
}

impl Body for CollectionBody {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

/// A collection in a list.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "ListedCollection")]
pub(crate) struct ListedCollectionBody {
    id: Id,
    name: String,
    /// Its name in addresses.
    slug: String,
    description: Option<String>,
    /// The order of the products after those that stand first; null for the order of all lists.
    sort: Option<String>,
    /// The place among other collections.
    position: i64,
    /// The main picture; null without one.
    image: Option<MediaBody>,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i64,
}

impl ListedCollectionBody {
    pub(super) fn of(listed: &ListedCollection, picture: Option<&Shown>, base: &str) -> Self {
        Self {
            id: Id(listed.id.0),
            name: listed.name.to_string(),
            slug: listed.slug.to_string(),
            description: listed.description.as_ref().map(ToString::to_string),
            sort: listed.sort.map(|sort| sort.as_str().to_owned()),
            position: listed.position.get(),
            image: picture.map(|shown| MediaBody::shown(shown, base)),
            created_at: Timestamp(listed.created_at),
            updated_at: Timestamp(listed.updated_at),
            version: listed.version.0,
        }
    }
}

impl ResponseBody for ListedCollectionBody {
    fn example() -> Self {
        let listed = ListedCollection {
            id: CollectionId(example::id()),
            name: CollectionName::from_trusted("Mugs on sale".to_owned()),
            slug: Slug::from_trusted("mugs-on-sale".to_owned()),
            sort: Some(ProductSort::Price),
            description: None,
            position: Position::default(),
            created_at: example::NOW,
            updated_at: example::NOW,
            version: domain::Version::FIRST,
        };
        Self { image: Some(MediaBody::example()), ..Self::of(&listed, None, "") }
    }
}
