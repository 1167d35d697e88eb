//! Attributes: properties of products, by which they are described and found. An attribute is a choice of terms, such as
//! category, brand or colour, or a text, a number, a date, or true or false.

mod attribute;
mod code;
mod condition;
mod given;
mod kind;
mod ports;
mod value;

pub use attribute::{Attribute, AttributeChange, AttributeDetails, AttributeName, Position, Unit};
pub use code::AttributeCode;
pub use condition::{NumberRange, Sought};
pub(crate) use given::MOST_TERMS;
pub use given::{AttributeInput, NewValue};
pub use kind::AttributeType;
pub use ports::*;
pub use value::{AttributeText, Decimal, Scalar};

crate::id::id! {
    /// The id of an attribute.
    AttributeId
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::{UtcDateTime, Uuid};

    /// An attribute of this type that products are found by.
    pub fn attribute(code: &str, kind: AttributeType) -> Attribute {
        let details = AttributeDetails {
            code: AttributeCode::parse(code).unwrap(),
            name: AttributeName::parse(code).unwrap(),
            kind,
            is_multiple: false,
            is_filterable: kind != AttributeType::Text,
            is_internal: false,
            unit: None,
            position: Position::default(),
        };
        Attribute::new(AttributeId(Uuid::from_u128(7)), details, UtcDateTime::UNIX_EPOCH)
    }
}
