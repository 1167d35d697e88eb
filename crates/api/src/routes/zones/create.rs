use std::sync::Arc;

use application::zones::CreateZone;
use domain::pricing::{Area, ShippingTax};
use domain::zones::{Zone, ZoneDetails, ZoneName};
use serde_json::{Value, json};

use super::TAG;
use super::area::{areas, members};
use super::body::ZoneBody;
use crate::context::State;
use crate::extract::read::text;
use crate::extract::{Fields, FromFields, IdempotentBody, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::{Created, Idempotent};

impl FromFields for ZoneDetails {
    const NAME: &'static str = "NewZone";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let name = fields.required("name", &text(ZoneName::parse));
        let areas = fields.required("members", &areas());
        let shipping_tax = fields.optional("shipping_tax", &text(ShippingTax::parse));
        let members = areas.and_then(|areas| members(areas, fields));
        Some(Self { name: name?, members: members?, shipping_tax: shipping_tax? })
    }

    fn example() -> Value {
        json!({ "name": "Beverly Hills", "members": [Area::example()], "shipping_tax": "proportional" })
    }
}

pub(crate) const CREATE: Operation = Operation::new(
    TAG,
    "createZone",
    "Make a zone of countries, regions and postal codes",
    "A place has the zone that is drawn most closely around it: by the longest `postal_prefix`, then by `region`, then by \
     `country`, at last by `*`, which is everywhere and has neither of the others. Regions and prefixes are compared, \
     and kept, in capitals, prefixes also without blanks; a region is named as customers write it in their addresses. \
     No two zones have the same name.",
)
.problems(&[Kind::DUPLICATE]);

pub(crate) async fn create(
    staff: Staff,
    state: Arc<State>,
    request: IdempotentBody<ZoneDetails>,
) -> Result<Idempotent<Created<ZoneBody>>, Problem> {
    let present = |made: &Zone| Created::at(ZoneBody::location(made), &ZoneBody::from(made));
    Ok(staff.runner(&state).run_once(request.claim, CreateZone(request.body), present).await?.try_into()?)
}
