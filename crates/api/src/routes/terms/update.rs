use std::sync::Arc;

use application::terms::UpdateTerm;
use domain::attributes::Position;
use domain::slugs::Slug;
use domain::terms::{SeoDescription, SeoTitle, TermChange, TermDescription, TermId, TermName};
use serde_json::{Value, json};

use super::super::products::media::gallery;
use super::TAG;
use super::body::TermBody;
use crate::context::State;
use crate::extract::read::{id, integer, text};
use crate::extract::{AttributeSegment, Body, Fields, FromFields, IdOrSlug, IfMatch, Nested, Path, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::Resource;

impl FromFields for TermChange {
    const NAME: &'static str = "TermChange";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let name = fields.change("name", &text(TermName::parse));
        let slug = fields.change("slug", &text(Slug::parse));
        let parent_id = fields.change_or_clear("parent_id", &id(TermId));
        let position = fields.change("position", &integer(Position::parse));
        let description = fields.change_or_clear("description", &text(TermDescription::parse));
        let seo_title = fields.change_or_clear("seo_title", &text(SeoTitle::parse));
        let seo_description = fields.change_or_clear("seo_description", &text(SeoDescription::parse));
        Some(Self {
            name: name?,
            slug: slug?,
            parent_id: parent_id?,
            position: position?,
            description: description?,
            seo_title: seo_title?,
            seo_description: seo_description?,
        })
    }

    fn example() -> Value {
        json!({ "name": "Sky blue", "seo_title": "Everything in sky blue" })
    }
}

pub(crate) const UPDATE: Operation = Operation::new(
    TAG,
    "updateTerm",
    "Change a term",
    "Fields that are not named stay; null takes texts away. A new name does not change the slug. A new `parent_id` moves a \
     category with all that is below it, and null moves it to the top.",
)
.problems(&[Kind::DUPLICATE, Kind::CYCLE]);

pub(crate) async fn update(
    staff: Staff,
    state: Arc<State>,
    path: Path<Nested<AttributeSegment, IdOrSlug>>,
    expected: IfMatch,
    change: Body<TermChange>,
) -> Result<Resource<TermBody>, Problem> {
    let Nested(AttributeSegment(attribute), IdOrSlug(key)) = path.0;
    let update = UpdateTerm { attribute: attribute.clone(), key, change: change.0, expected: expected.0 };
    let term = staff.runner(&state).run(update).await?;
    let pictures = gallery(&state, term.id.into()).await?;
    Ok(Resource(TermBody::of(&term, &attribute, &pictures, &state.media.base)))
}
