use super::TermId;
use crate::attributes::{AttributeId, NumberRange};

/// A condition on what a product has of an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttributeCondition {
    /// It has one of these terms of the attribute. Without any, no product has.
    Terms(AttributeId, Vec<TermId>),
    /// Its value is in one of these ranges.
    Numbers(AttributeId, Vec<NumberRange>),
}

impl AttributeCondition {
    /// The attribute whose terms or numbers are sought.
    pub fn attribute(&self) -> AttributeId {
        match self {
            Self::Terms(id, _) | Self::Numbers(id, _) => *id,
        }
    }
}
