use std::collections::HashMap;

use super::made::code_of;
use crate::attributes::{Attribute, AttributeCode, AttributeType};
use crate::sort_key;

/// The choices that a shop has, by their names. A file that names one means it, and makes no second one of that name.
#[derive(Debug, Clone, Default)]
pub struct Choices(HashMap<String, AttributeCode>);

impl Choices {
    /// Those of these attributes of which a product has one term. Of two with the same name the first one is meant.
    pub fn of(attributes: &[Attribute]) -> Self {
        let is_one =
            |one: &&Attribute| one.kind == AttributeType::Choice && !one.is_multiple && !one.code.is_built_in();
        let mut all = HashMap::new();
        for one in attributes.iter().filter(is_one) {
            all.entry(sort_key(one.name.as_str())).or_insert_with(|| one.code.clone());
        }
        Self(all)
    }

    /// The code of the attribute with this name, or the code that is made of the name: `Shoe size` is `shoe_size`.
    pub(super) fn code(&self, name: &str) -> AttributeCode {
        self.0.get(&sort_key(name)).cloned().unwrap_or_else(|| code_of(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attributes::AttributeName;
    use crate::attributes::tests::attribute;

    #[test]
    fn a_choice_of_the_shop_is_meant_by_its_name_and_no_other_attribute_r228_r229() {
        let named = |code: &str, name: &str, kind| Attribute {
            name: AttributeName::parse(name).unwrap(),
            ..attribute(code, kind)
        };
        let choices = Choices::of(&[
            named("razmer", "Размер", AttributeType::Choice),
            named("razmer_2", "размер", AttributeType::Choice),
            named("width", "Width", AttributeType::Integer),
            Attribute { is_multiple: true, ..named("colours", "Colour", AttributeType::Choice) },
            named("brand", "Marke", AttributeType::Choice),
        ]);
        for (name, code) in [("РАЗМЕР", "razmer"), ("Width", "width"), ("Colour", "colour"), ("Marke", "marke")] {
            assert_eq!(choices.code(name).as_str(), code, "{name}");
        }
    }
}
