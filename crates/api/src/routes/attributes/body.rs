use crate::example;
use crate::respond::{Body, Id, Timestamp, Word};
use crate::schema::{Apiv2Schema, ResponseBody};
use domain::attributes::{
    Attribute, AttributeCode, AttributeDetails, AttributeId, AttributeName, AttributeType, Position, Unit,
};
use serde::Serialize;

/// What products are said to be by.
#[allow(clippy::struct_excessive_bools, reason = "each says something else, in words of its own")]
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "Attribute")]
pub(crate) struct AttributeBody {
    id: Id,
    /// Its name in requests. It never changes.
    code: String,
    name: String,
    /// What kind of values it has. It never changes.
    #[serde(rename = "type")]
    kind: Word<AttributeType>,
    /// Whether a product may have several of its terms. It never changes.
    multiple: bool,
    /// Whether products are found by it.
    filterable: bool,
    /// Whether only staff see it.
    internal: bool,
    /// Whether its terms are in a tree. Only categories are.
    hierarchical: bool,
    /// The unit of its numbers.
    unit: Option<String>,
    /// The place among other attributes.
    position: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i64,
}

impl AttributeBody {
    pub(super) fn location(attribute: &Attribute) -> String {
        format!("/api/v1/attributes/{}", attribute.code)
    }
}

impl From<&Attribute> for AttributeBody {
    fn from(attribute: &Attribute) -> Self {
        Self {
            id: Id(attribute.id.0),
            code: attribute.code.to_string(),
            name: attribute.name.to_string(),
            kind: attribute.kind.as_str().into(),
            multiple: attribute.is_multiple,
            filterable: attribute.is_filterable,
            internal: attribute.is_internal,
            hierarchical: attribute.is_hierarchical,
            unit: attribute.unit.as_ref().map(ToString::to_string),
            position: attribute.position.get(),
            created_at: Timestamp(attribute.created_at),
            updated_at: Timestamp(attribute.updated_at),
            version: attribute.version.0,
        }
    }
}

impl ResponseBody for AttributeBody {
    fn example() -> Self {
        let details = AttributeDetails {
            code: AttributeCode::from_trusted("capacity_ml".to_owned()),
            name: AttributeName::from_trusted("Capacity".to_owned()),
            kind: AttributeType::Integer,
            is_multiple: false,
            is_filterable: true,
            is_internal: false,
            unit: Some(Unit::from_trusted("ml".to_owned())),
            position: Position::from_trusted(10),
        };
        Self::from(&Attribute::new(AttributeId(example::id()), details, example::NOW))
    }
}

impl Body for AttributeBody {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}
