use std::sync::Arc;

use application::terms::CreateTerm;
use domain::attributes::Position;
use domain::slugs::Slug;
use domain::terms::{SeoDescription, SeoTitle, Term, TermDescription, TermDetails, TermId, TermName};
use serde_json::{Value, json};

use super::TAG;
use super::body::TermBody;
use crate::context::State;
use crate::extract::read::{id, integer, text};
use crate::extract::{AttributeSegment, Fields, FromFields, IdempotentBody, Path, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::{Created, Idempotent};

impl FromFields for TermDetails {
    const NAME: &'static str = "NewTerm";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let name = fields.required("name", &text(TermName::parse));
        let slug = fields.optional("slug", &text(Slug::parse));
        let parent_id = fields.optional("parent_id", &id(TermId));
        let position = fields.optional("position", &integer(Position::parse));
        let description = fields.optional("description", &text(TermDescription::parse));
        let seo_title = fields.optional("seo_title", &text(SeoTitle::parse));
        let seo_description = fields.optional("seo_description", &text(SeoDescription::parse));
        Some(Self {
            name: name?,
            slug: slug?,
            parent_id: parent_id?,
            position: position?.unwrap_or_default(),
            description: description?,
            seo_title: seo_title?,
            seo_description: seo_description?,
        })
    }

    fn example() -> Value {
        json!({ "name": "Blue", "slug": "blue", "position": 3 })
    }
}

pub(crate) const CREATE: Operation = Operation::new(
    TAG,
    "createTerm",
    "Add a term to an attribute that is a choice",
    "Without a `slug` one is made of the name. Only categories have a `parent_id`. An attribute has at most 60,000 terms, \
     and there are at most 10,000 categories.",
)
.problems(&[Kind::DUPLICATE, Kind::TOO_MANY_THERE]);

pub(crate) async fn create(
    staff: Staff,
    state: Arc<State>,
    code: Path<AttributeSegment>,
    request: IdempotentBody<TermDetails>,
) -> Result<Idempotent<Created<TermBody>>, Problem> {
    let attribute = code.0.0.clone();
    let present =
        move |made: &Term| Created::at(TermBody::location(made, &attribute), &TermBody::of(made, &attribute, &[], ""));
    let create = CreateTerm { attribute: code.0.0, details: request.body };
    Ok(staff.runner(&state).run_once(request.claim, create, present).await?.try_into()?)
}
