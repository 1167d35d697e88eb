//! What is said of a file: what its columns become, and what is left out.

use std::collections::BTreeSet;

use super::Shopify;
use super::headers::Meaning as M;
use super::headers::Meaning;
use crate::imports::cells::yes_or_no;
use crate::imports::pictures::NOT_FETCHED;
use crate::imports::{FileRow, Translated};
use crate::terms::{SeoDescription, SeoTitle};

impl Shopify {
    /// The column of a plain file that each column becomes, if any.
    pub fn fields(&self) -> Vec<Option<String>> {
        let field = |meaning: &Meaning| {
            let name = match meaning {
                M::Handle => "slug",
                M::Title => "name",
                M::Body => "description_html",
                M::Vendor => "brand",
                M::Category => "category",
                M::Type => "attr.type",
                M::Tags => "tag",
                M::Published | M::Status => "status",
                M::OptionName(_) | M::OptionValue(_) => "option",
                M::Sku => "sku",
                M::Barcode => "barcode",
                M::Price => "price",
                M::CompareAt => "compare_at_price",
                M::Cost => "attr.cost",
                M::Quantity => "stock",
                M::Grams => "weight_grams",
                M::Ships => "shippable",
                M::SeoTitle => "seo_title",
                M::SeoDescription => "seo_description",
                M::Picture | M::VariantPicture if self.fetches => "media",
                M::PictureAlt if self.fetches => "media_alt",
                M::Metafield(key) if self.metafields => return Some(format!("attr.{key}")),
                _ => return None,
            };
            Some(name.to_owned())
        };
        self.meanings.iter().map(field).collect()
    }

    /// Notes what is not imported of the rows of a product, each note once.
    pub(super) fn note_of_all(&self, rows: &[FileRow], to: &mut Translated) {
        let mut said = BTreeSet::new();
        for row in rows {
            let mut say = |text: &'static str| {
                if said.insert(text) {
                    to.note(row.line, text);
                }
            };
            let names_picture = self.text(row, &M::Picture).or_else(|| self.text(row, &M::VariantPicture)).is_some();
            if !self.fetches && names_picture {
                say(NOT_FETCHED);
            }
            let is_kept = |meaning: &Meaning| self.place(meaning).is_some() && self.text(row, &M::Price).is_some();
            if is_kept(&M::Tracker) && self.text(row, &M::Tracker).is_none() {
                say("a product whose stock is not counted there has a stock here: nothing is sold that is not there");
            }
            if self.text(row, &M::Policy).is_some_and(|policy| yes_or_no(policy) == Ok(true) || policy == "continue") {
                say("a product that is sold when it is out of stock there is not here");
            }
            if self.text(row, &M::Taxable).is_some_and(|text| yes_or_no(text) == Ok(false)) {
                say(
                    "a product without tax gets the tax class that it has, or standard; give it one with a tax rate of 0",
                );
            }
            let is_long =
                |meaning: &Meaning, most| self.text(row, meaning).is_some_and(|text| text.chars().count() > most);
            if is_long(&M::SeoTitle, SeoTitle::MAX) || is_long(&M::SeoDescription, SeoDescription::MAX) {
                say(
                    "a text for search engines is cut where it is too long: a title has 70 characters, a description 200",
                );
            }
            if self.text(row, &M::TaxCode).is_some() {
                say("tax codes are left out");
            }
        }
        for (name, meaning) in self.header.iter().zip(&self.meanings) {
            let is_left_out = matches!(meaning, M::Ignored) || matches!(meaning, M::Metafield(_)) && !self.metafields;
            let is_left_out = is_left_out && !name.trim().is_empty();
            if is_left_out && let Some(place) = self.header.iter().position(|one| one == name) {
                let row = rows.iter().find(|row| !row.cell(place).is_empty());
                if let Some(row) = row {
                    to.note(row.line, format!("the column {:?} is left out", name.trim()));
                }
            }
        }
    }
}
