use std::sync::Arc;

use application::collections::CreateCollection;
use domain::attributes::Position;
use domain::collections::{Collection, CollectionDetails, CollectionName};
use domain::products::{Description, ProductSort};
use domain::slugs::Slug;
use serde_json::{Value, json};

use super::TAG;
use super::body::CollectionBody;
use super::given::{Parameters, as_pins, pins, refused};
use crate::context::State;
use crate::example;
use crate::extract::read::{integer, text};
use crate::extract::{Fields, FromFields, IdempotentBody, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::{Created, Idempotent};

impl FromFields for CollectionDetails {
    const NAME: &'static str = "NewCollection";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let name = fields.required("name", &text(CollectionName::parse));
        let slug = fields.optional("slug", &text(Slug::parse));
        let filter = fields.optional("filter", &Parameters);
        let pins = fields.optional("pins", &pins());
        let sort = fields.optional("sort", &text(ProductSort::parse));
        let description = fields.optional("description", &text(Description::parse));
        let position = fields.optional("position", &integer(Position::parse));
        let pins = pins.and_then(|products| as_pins(products.unwrap_or_default(), fields));
        Some(Self {
            name: name?,
            slug: slug?,
            filter: filter?,
            pins: pins?,
            sort: sort?,
            description: description?.filter(|text| !text.as_str().is_empty()),
            position: position?.unwrap_or_default(),
        })
    }

    fn example() -> Value {
        json!({
            "name": "Mugs on sale",
            "filter": { "category": "mugs", "on_sale": "true" },
            "pins": [example::ID],
            "sort": "price",
        })
    }
}

pub(crate) const CREATE: Operation = Operation::new(
    TAG,
    "createCollection",
    "Make a collection of a filter, and of products that stand first",
    "`filter` has parameters of `GET /products` with their text; a list refuses what it would refuse here. `pins` stand \
     first, in their order, whether the filter finds them or not; without a filter they are all that there is. Which \
     products it has is worked out when they are listed. `sort` is the order of what comes after the pins. Without a \
     `slug` one is made of the name. There are at most 1,000 collections.",
)
.problems(&[Kind::DUPLICATE, Kind::TOO_MANY_THERE]);

pub(crate) async fn create(
    staff: Staff,
    state: Arc<State>,
    request: IdempotentBody<CollectionDetails>,
) -> Result<Idempotent<Created<CollectionBody>>, Problem> {
    let refused = refused(&state, request.body.filter.as_ref()).await?;
    let present = |made: &Collection| {
        Created::at(CollectionBody::location(made), &CollectionBody::of(made, &[], "").for_staff(made, false))
    };
    let create = CreateCollection { details: request.body, refused };
    Ok(staff.runner(&state).run_once(request.claim, create, present).await?.try_into()?)
}
