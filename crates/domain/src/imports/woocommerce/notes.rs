//! What is said of a file: what its columns become, and what is left out.

use super::WooCommerce;
use super::headers::Meaning as M;
use super::headers::Meaning;
use crate::imports::pictures::NOT_FETCHED;
use crate::imports::{FileRow, Translated};

impl WooCommerce {
    /// The column of a plain file that each column becomes, if any.
    pub fn fields(&self) -> Vec<Option<String>> {
        let field = |meaning: &Meaning| {
            let name = match meaning {
                M::Sku => "sku",
                M::Barcode => "barcode",
                M::Name => "name",
                M::Published | M::Visibility => "status",
                M::ShortDescription => "description",
                M::Description => "description_html",
                M::TaxClass => "tax_class",
                M::Stock => "stock",
                M::Weight(_) => "weight_grams",
                M::SalePrice => "price",
                M::RegularPrice => "compare_at_price",
                M::Categories => "category",
                M::Tags => "tag",
                M::Brands => "brand",
                M::Pictures if self.fetches => "media",
                M::Parent => "group",
                M::AttributeName(_) | M::AttributeValue(_) => "attr",
                _ => return None,
            };
            Some(name.to_owned())
        };
        self.meanings.iter().map(field).collect()
    }

    /// What is said of things that are not imported.
    pub(super) fn note_of(&self, row: &FileRow, to: &mut Translated) {
        if !self.fetches && self.text(row, M::Pictures).is_some() {
            to.note(row.line, NOT_FETCHED);
        }
        if self.text(row, M::Backorders).is_some_and(|text| !matches!(text, "0" | "no" | "false")) {
            to.note(row.line, "a product that is sold when it is out of stock there is not here");
        }
        if self.text(row, M::TaxStatus).is_some_and(|text| text != "taxable") {
            to.note(
                row.line,
                "a product without tax gets the tax class that it has, or standard; give it one with a tax rate of 0",
            );
        }
        for (place, (name, meaning)) in self.header.iter().zip(&self.meanings).enumerate() {
            if *meaning == M::Ignored && !matches!(row.cell(place), "" | "0") {
                to.note(row.line, format!("the column {:?} is left out", name.trim()));
            }
        }
    }
}
