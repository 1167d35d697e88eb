use std::sync::Arc;

use application::attributes::UpdateAttribute;
use domain::attributes::{AttributeChange, AttributeName, Position, Unit};
use serde_json::{Value, json};

use super::TAG;
use super::body::AttributeBody;
use crate::context::State;
use crate::extract::read::{Boolean, integer, text};
use crate::extract::{AttributeSegment, Body, Fields, FromFields, IfMatch, Path, Staff};
use crate::operation::Operation;
use crate::problem::Problem;
use crate::respond::Resource;

impl FromFields for AttributeChange {
    const NAME: &'static str = "AttributeChange";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let name = fields.change("name", &text(AttributeName::parse));
        let is_filterable = fields.change("filterable", &Boolean);
        let is_internal = fields.change("internal", &Boolean);
        let unit = fields.change_or_clear("unit", &text(Unit::parse));
        let position = fields.change("position", &integer(Position::parse));
        Some(Self {
            name: name?,
            is_filterable: is_filterable?,
            is_internal: is_internal?,
            unit: unit?,
            position: position?,
        })
    }

    fn example() -> Value {
        json!({ "name": "Volume", "position": 20 })
    }
}

pub(crate) const UPDATE: Operation = Operation::new(
    TAG,
    "updateAttribute",
    "Change an attribute",
    "Fields that are not named stay; null takes the unit away.",
);

pub(crate) async fn update(
    staff: Staff,
    state: Arc<State>,
    code: Path<AttributeSegment>,
    expected: IfMatch,
    change: Body<AttributeChange>,
) -> Result<Resource<AttributeBody>, Problem> {
    let update = UpdateAttribute { code: code.0.0, change: change.0, expected: expected.0 };
    let attribute = staff.runner(&state).run(update).await?;
    Ok(Resource(AttributeBody::from(&attribute)))
}
