use std::sync::Arc;

use application::attributes::CreateAttribute;
use domain::attributes::{Attribute, AttributeCode, AttributeDetails, AttributeName, AttributeType, Position, Unit};
use serde_json::{Value, json};

use super::TAG;
use super::body::AttributeBody;
use crate::context::State;
use crate::extract::read::{Boolean, integer, text};
use crate::extract::{Fields, FromFields, IdempotentBody, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::{Created, Idempotent};

impl FromFields for AttributeDetails {
    const NAME: &'static str = "NewAttribute";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let code = fields.required("code", &text(AttributeCode::parse));
        let name = fields.required("name", &text(AttributeName::parse));
        let kind = fields.required("type", &text(AttributeType::parse));
        let is_multiple = fields.optional("multiple", &Boolean);
        let is_filterable = fields.optional("filterable", &Boolean);
        let is_internal = fields.optional("internal", &Boolean);
        let unit = fields.optional("unit", &text(Unit::parse));
        let position = fields.optional("position", &integer(Position::parse));
        Some(Self {
            code: code?,
            name: name?,
            kind: kind?,
            is_multiple: is_multiple?.unwrap_or(false),
            is_filterable: is_filterable?.unwrap_or(false),
            is_internal: is_internal?.unwrap_or(false),
            unit: unit?,
            position: position?.unwrap_or_default(),
        })
    }

    fn example() -> Value {
        json!({ "code": "capacity_ml", "name": "Capacity", "type": "integer", "filterable": true, "unit": "ml", "position": 10 })
    }
}

pub(crate) const CREATE: Operation = Operation::new(
    TAG,
    "createAttribute",
    "Make an attribute",
    "A `choice` has terms, of which a product has one, or several if it is `multiple`. A `text` is never `filterable`, and \
     only an `integer` or a `decimal` has a `unit`. Code, type and `multiple` never change. A shop has at most 200.",
)
.problems(&[Kind::DUPLICATE, Kind::TOO_MANY_THERE]);

pub(crate) async fn create(
    staff: Staff,
    state: Arc<State>,
    request: IdempotentBody<AttributeDetails>,
) -> Result<Idempotent<Created<AttributeBody>>, Problem> {
    let present = |made: &Attribute| Created::at(AttributeBody::location(made), &AttributeBody::from(made));
    Ok(staff.runner(&state).run_once(request.claim, CreateAttribute(request.body), present).await?.try_into()?)
}
