use std::sync::Arc;

use application::zones::UpdateZone;
use domain::pricing::{ShippingTax, ZoneId};
use domain::zones::{ZoneChange, ZoneName};
use serde_json::{Value, json};

use super::TAG;
use super::area::{areas, members};
use super::body::ZoneBody;
use crate::context::State;
use crate::extract::read::text;
use crate::extract::{Body, Fields, FromFields, IfMatch, Path, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::Resource;

impl FromFields for ZoneChange {
    const NAME: &'static str = "ZoneChange";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let name = fields.change("name", &text(ZoneName::parse));
        let areas = fields.change("members", &areas());
        let shipping_tax = fields.change_or_clear("shipping_tax", &text(ShippingTax::parse));
        let members = match areas? {
            Some(areas) => members(areas, fields).map(Some),
            None => Some(None),
        };
        Some(Self { name: name?, members: members?, shipping_tax: shipping_tax? })
    }

    fn example() -> Value {
        json!({ "members": [{ "country": "DE" }, { "country": "AT" }] })
    }
}

pub(crate) const UPDATE: Operation = Operation::new(
    TAG,
    "updateZone",
    "Change a zone",
    "Fields that are not named stay. `members` are all areas of the zone from now on; null takes `shipping_tax` away.",
)
.problems(&[Kind::DUPLICATE]);

pub(crate) async fn update(
    staff: Staff,
    state: Arc<State>,
    id: Path<ZoneId>,
    expected: IfMatch,
    change: Body<ZoneChange>,
) -> Result<Resource<ZoneBody>, Problem> {
    let update = UpdateZone { id: id.0, change: change.0, expected: expected.0 };
    let zone = staff.runner(&state).run(update).await?;
    Ok(Resource(ZoneBody::from(&zone)))
}
