//! What a product has of attributes.

use super::headers::Meaning as M;
use super::{Definition, FileRow, PlainRow, Translated, WooCommerce, joined, listed};
use crate::attributes::AttributeType;

impl WooCommerce {
    pub(super) fn attribute_places(&self) -> impl Iterator<Item = usize> {
        let places = self.meanings.iter().filter_map(|meaning| match meaning {
            M::AttributeName(place) => Some(*place),
            _ => None,
        });
        places.collect::<Vec<_>>().into_iter()
    }

    pub(super) fn taxonomy(&self, row: &FileRow, of_group: bool, made: &mut PlainRow) {
        for (meaning, code) in [(M::Categories, "category"), (M::Tags, "tag"), (M::Brands, "brand")] {
            if let Some(text) = self.get(row, meaning) {
                let all = listed(text);
                // A product has one brand.
                let all = if code == "brand" {
                    all.first().cloned().unwrap_or_default()
                } else {
                    joined(all.iter().map(String::as_str))
                };
                made.set_attribute(of_group, &Definition::of(code, code, AttributeType::Choice, false), all);
            }
        }
    }

    /// The attributes that are no options. One of several values has the first: the others are left out, which is noted.
    pub(super) fn attributes(
        &self,
        row: &FileRow,
        of_group: bool,
        options: &[Definition],
        made: &mut PlainRow,
        to: &mut Translated,
    ) {
        for place in self.attribute_places() {
            let Some(name) = self.text(row, M::AttributeName(place)) else { continue };
            let attribute = Definition::choice(name, &self.choices);
            if options.iter().any(|option| option.code == attribute.code) || attribute.code.is_built_in() {
                continue;
            }
            let values = listed(self.get(row, M::AttributeValue(place)).unwrap_or_default());
            if values.len() > 1 {
                to.note(row.line, format!("of several values of the attribute {name:?} the first is taken"));
            }
            if let Some(value) = values.first() {
                made.set_attribute(of_group, &attribute, value.as_str());
            }
        }
    }
}
