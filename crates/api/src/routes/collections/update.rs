use std::sync::Arc;

use application::collections::UpdateCollection;
use domain::attributes::Position;
use domain::collections::{CollectionChange, CollectionName};
use domain::products::{Description, ProductSort};
use domain::slugs::Slug;
use serde_json::{Value, json};

use super::super::products::media::gallery;
use super::TAG;
use super::body::CollectionBody;
use super::given::{Parameters, as_pins, pins, refused};
use super::products::is_broken;
use crate::context::State;
use crate::example;
use crate::extract::read::{integer, text};
use crate::extract::{Body, CollectionSegment, Fields, FromFields, IfMatch, Path, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::Resource;

impl FromFields for CollectionChange {
    const NAME: &'static str = "CollectionChange";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let name = fields.change("name", &text(CollectionName::parse));
        let slug = fields.change("slug", &text(Slug::parse));
        let filter = fields.change_or_clear("filter", &Parameters);
        let pins = fields.change("pins", &pins());
        let sort = fields.change_or_clear("sort", &text(ProductSort::parse));
        let description = fields.change_or_clear("description", &text(Description::parse));
        let position = fields.change("position", &integer(Position::parse));
        let pins = match pins? {
            Some(products) => as_pins(products, fields).map(Some),
            None => Some(None),
        };
        let empty_is_none = |text: Option<Description>| text.filter(|text| !text.as_str().is_empty());
        Some(Self {
            name: name?,
            slug: slug?,
            filter: filter?,
            pins: pins?,
            sort: sort?,
            description: description?.map(empty_is_none),
            position: position?,
        })
    }

    fn example() -> Value {
        json!({ "pins": [example::ID], "sort": "-created_at" })
    }
}

pub(crate) const UPDATE: Operation = Operation::new(
    TAG,
    "updateCollection",
    "Change a collection",
    "Fields that are not named stay; null takes away. `filter` and `pins` are all of it from now on. A new name does not \
     change the `slug`; an old `slug` leads to the new one.",
)
.problems(&[Kind::DUPLICATE]);

pub(crate) async fn update(
    staff: Staff,
    state: Arc<State>,
    key: Path<CollectionSegment>,
    expected: IfMatch,
    change: Body<CollectionChange>,
) -> Result<Resource<CollectionBody>, Problem> {
    let refused = refused(&state, change.0.filter.as_ref().and_then(Option::as_ref)).await?;
    let update = UpdateCollection { key: key.0.0, change: change.0, refused, expected: expected.0 };
    let collection = staff.runner(&state).run(update).await?;
    let is_broken = is_broken(&state, &collection).await?;
    let pictures = gallery(&state, collection.id.into()).await?;
    Ok(Resource(CollectionBody::of(&collection, &pictures, &state.media.base).for_staff(&collection, is_broken)))
}
