use super::{AttributeCode, AttributeId, AttributeType};
use crate::{Code, Invalid, UniqueKey, UtcDateTime, Version};

crate::text::text! {
    /// The name of an attribute, for people: 1 to 200 characters.
    AttributeName, 1, 200, One
}

crate::text::text! {
    /// The unit of the numbers of an attribute, such as `ml`: 1 to 16 characters.
    Unit, 1, 16, One
}

crate::number::number! {
    /// The place of an attribute among others, or of a term among those beside it. Those at the same place are in order of
    /// creation.
    Position, 0, 1_000_000
}

impl Default for Position {
    fn default() -> Self {
        Self::from_trusted(0)
    }
}

/// What products are said to be by.
#[expect(clippy::struct_excessive_bools, reason = "each says something else, in words of its own")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// A `UUIDv7`: sorts by time of creation.
    pub id: AttributeId,
    /// The code, unique. It never changes.
    pub code: AttributeCode,
    /// The name, for people.
    pub name: AttributeName,
    /// What kind of values it has. It never changes.
    pub kind: AttributeType,
    /// Whether a product may have several of its terms. It never changes.
    pub is_multiple: bool,
    /// Whether products are found by it.
    pub is_filterable: bool,
    /// Whether only staff see it.
    pub is_internal: bool,
    /// Whether its terms are in a tree. Only those of categories are.
    pub is_hierarchical: bool,
    /// The unit of its numbers.
    pub unit: Option<Unit>,
    /// The place among other attributes.
    pub position: Position,
    /// Time of creation.
    pub created_at: UtcDateTime,
    /// Time of the last change.
    pub updated_at: UtcDateTime,
    /// 1 when created, one more with each change.
    pub version: Version,
}

/// The input for a new attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributeDetails {
    /// The name in requests, unique: 1 to 32 of `a-z`, `0-9` and `_`. It never changes.
    pub code: AttributeCode,
    /// The name for people: 1 to 200 characters.
    pub name: AttributeName,
    /// What kind of values it has.
    pub kind: AttributeType,
    /// Whether a product may have several of its terms.
    pub is_multiple: bool,
    /// Whether products are found by it.
    pub is_filterable: bool,
    /// Whether only staff see it.
    pub is_internal: bool,
    /// The unit of its numbers.
    pub unit: Option<Unit>,
    /// The place among other attributes.
    pub position: Position,
}

/// A change of an attribute. `None` keeps the value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AttributeChange {
    /// The new name; `None` keeps it.
    pub name: Option<AttributeName>,
    /// Whether products are found by it.
    pub is_filterable: Option<bool>,
    /// Whether only staff see it.
    pub is_internal: Option<bool>,
    /// The unit of its numbers; `Some(None)` takes it away.
    pub unit: Option<Option<Unit>>,
    /// The new place among other attributes; `None` keeps it.
    pub position: Option<Position>,
}

impl Attribute {
    /// No two attributes share a code: the field, and what a refusal says of it.
    pub const UNIQUE_CODE: UniqueKey = UniqueKey { field: "code", taken: "belongs to another attribute" };
    /// The most attributes of a shop.
    pub const MOST: u64 = 200;
    const MOST_TERMS: u64 = 60_000;
    /// The most terms of a tree.
    const MOST_IN_TREE: u64 = 10_000;

    /// A new attribute, at its first version, created at `now`.
    pub fn new(id: AttributeId, details: AttributeDetails, now: UtcDateTime) -> Self {
        let AttributeDetails { code, name, kind, is_multiple, is_filterable, is_internal, unit, position } = details;
        Self {
            id,
            code,
            name,
            kind,
            is_multiple,
            is_filterable,
            is_internal,
            is_hierarchical: false,
            unit,
            position,
            created_at: now,
            updated_at: now,
            version: Version::FIRST,
        }
    }

    /// The attribute after a change, unchanged if the change has no effect.
    #[must_use]
    pub fn changed(&self, change: &AttributeChange, now: UtcDateTime) -> Self {
        let AttributeChange { name, is_filterable, is_internal, unit, position } = change.clone();
        let after = Self {
            name: name.unwrap_or_else(|| self.name.clone()),
            is_filterable: is_filterable.unwrap_or(self.is_filterable),
            is_internal: is_internal.unwrap_or(self.is_internal),
            unit: unit.unwrap_or_else(|| self.unit.clone()),
            position: position.unwrap_or(self.position),
            ..self.clone()
        };
        if after == *self { after } else { Self { updated_at: now, version: self.version.next(), ..after } }
    }

    /// What does not go together, by field.
    pub fn refusals(&self) -> Vec<(&'static str, Invalid)> {
        let refusal = |field, refused: bool, message| refused.then(|| (field, Invalid::new(Code::Excluded, message)));
        let several = refusal(
            "multiple",
            self.is_multiple && self.kind != AttributeType::Choice,
            "must be false, except for a choice",
        );
        let text =
            refusal("filterable", self.is_filterable && self.kind == AttributeType::Text, "must be false for a text");
        let unit = refusal("unit", self.unit.is_some() && !self.kind.is_number(), "is for integers and decimals only");
        [several, text, unit].into_iter().flatten().collect()
    }

    /// Whether its terms are made when they are first used.
    pub fn grows(&self) -> bool {
        self.code.as_str() == AttributeCode::TAG
    }

    /// The most terms that it may have.
    pub const fn most_terms(&self) -> u64 {
        if self.is_hierarchical { Self::MOST_IN_TREE } else { Self::MOST_TERMS }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::attribute;
    use super::*;

    #[test]
    fn a_change_keeps_what_it_does_not_name_and_counts_only_if_something_changes_r200() {
        let before = attribute("width", AttributeType::Decimal);
        let later = UtcDateTime::UNIX_EPOCH + std::time::Duration::from_secs(1);
        let change = AttributeChange { unit: Some(Unit::parse("cm").ok()), ..AttributeChange::default() };
        let after = before.changed(&change, later);
        assert_eq!(
            (after.version, after.updated_at, after.unit.as_ref().map(Unit::as_str)),
            (Version(2), later, Some("cm"))
        );
        assert_eq!((&after.name, after.is_filterable), (&before.name, true));
        assert_eq!(after.changed(&AttributeChange::default(), later), after);
        assert_eq!(after.changed(&change, later), after);
        let bare = after.changed(&AttributeChange { unit: Some(None), ..AttributeChange::default() }, later);
        assert_eq!(bare.unit, None);
    }

    #[test]
    fn only_choices_are_multiple_only_numbers_have_units_and_texts_are_not_filtered_by_r200() {
        for kind in AttributeType::ALL {
            let of_all = Attribute {
                is_multiple: true,
                is_filterable: true,
                unit: Unit::parse("ml").ok(),
                ..attribute("a", *kind)
            };
            let refused: Vec<_> = of_all.refusals().into_iter().map(|(field, _)| field).collect();
            let expected: &[&str] = match kind {
                AttributeType::Choice => &["unit"],
                AttributeType::Text => &["multiple", "filterable", "unit"],
                AttributeType::Integer | AttributeType::Decimal => &["multiple"],
                AttributeType::Boolean | AttributeType::Date => &["multiple", "unit"],
            };
            assert_eq!(refused, expected, "{kind:?}");
        }
    }
}
