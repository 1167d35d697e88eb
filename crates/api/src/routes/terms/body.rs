use super::super::media::MediaBody;
use super::super::products::media::bodies;
use crate::example;
use crate::respond::{Body, Id, Timestamp};
use crate::schema::{Apiv2Schema, ResponseBody};
use domain::attributes::{AttributeCode, AttributeId};
use domain::media::Shown;
use domain::slugs::Slug;
use domain::terms::{Term, TermDetails, TermId, TermName};
use serde::Serialize;

/// A value of an attribute that is a choice.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "Term")]
pub(crate) struct TermBody {
    id: Id,
    /// The code of the attribute.
    attribute: String,
    /// Its name in addresses, unique within the attribute.
    slug: String,
    name: String,
    /// The category above it, if it is one and not at the top.
    parent_id: Option<Id>,
    /// The place among those beside it.
    position: i64,
    description: Option<String>,
    /// For search engines.
    seo_title: Option<String>,
    /// For search engines.
    seo_description: Option<String>,
    /// Its pictures, the main one first.
    media: Vec<MediaBody>,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i64,
}

impl TermBody {
    pub(super) fn location(term: &Term, attribute: &AttributeCode) -> String {
        format!("/api/v1/attributes/{attribute}/terms/{}", term.id)
    }

    pub(super) fn of(term: &Term, attribute: &AttributeCode, pictures: &[Shown], base: &str) -> Self {
        Self {
            id: Id(term.id.0),
            attribute: attribute.to_string(),
            slug: term.slug.to_string(),
            name: term.name.to_string(),
            parent_id: term.parent_id.map(|parent| Id(parent.0)),
            position: term.position.get(),
            description: term.description.as_ref().map(ToString::to_string),
            seo_title: term.seo_title.as_ref().map(ToString::to_string),
            seo_description: term.seo_description.as_ref().map(ToString::to_string),
            media: bodies(pictures, base),
            created_at: Timestamp(term.created_at),
            updated_at: Timestamp(term.updated_at),
            version: term.version.0,
        }
    }
}

impl ResponseBody for TermBody {
    fn example() -> Self {
        let details = TermDetails::named(TermName::from_trusted("Blue".to_owned()));
        let slug = Slug::from_trusted("blue".to_owned());
        let (id, attribute_id) = (TermId(example::id()), AttributeId(example::id()));
        let term = Term::new(id, attribute_id, details, slug, example::NOW);
        let colour = AttributeCode::from_trusted("colour".to_owned());
        Self { media: vec![MediaBody::example()], ..Self::of(&term, &colour, &[], "") }
    }
}

impl Body for TermBody {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}
