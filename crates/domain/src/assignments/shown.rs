use crate::attributes::{AttributeCode, AttributeName, AttributeType, Scalar, Unit};
use crate::slugs::Slug;
use crate::terms::{TermId, TermName};

/// What a product has of an attribute, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownAttribute {
    /// The name of the attribute in requests, such as `colour`.
    pub code: AttributeCode,
    /// The name of the attribute for people: 1 to 200 characters.
    pub name: AttributeName,
    /// The type of its values.
    pub kind: AttributeType,
    /// The unit of its numbers.
    pub unit: Option<Unit>,
    /// Whether only staff see it.
    pub is_internal: bool,
    /// Whether a member has it from its group.
    pub is_inherited: bool,
    /// What the product has.
    pub value: ShownValue,
}

/// The terms or the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShownValue {
    /// Terms, the main one first.
    Terms(Vec<ShownTerm>),
    /// The one value of an attribute that is no choice.
    Value(Scalar),
}

/// A term of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownTerm {
    /// Names the term in requests, as its slug does.
    pub id: TermId,
    /// Its name in addresses.
    pub slug: Slug,
    /// The name for people: 1 to 200 characters.
    pub name: TermName,
}

impl ShownAttribute {
    /// The main category of a product, if this is where its categories are.
    pub fn main_category(&self) -> Option<TermId> {
        match &self.value {
            ShownValue::Terms(terms) if self.code.as_str() == AttributeCode::CATEGORY => {
                terms.first().map(|term| term.id)
            }
            _ => None,
        }
    }
}
