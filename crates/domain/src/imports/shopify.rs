//! Product files of Shopify, with the headers from before 2024 and from after.

mod headers;
mod notes;
mod pictures;

use self::headers::{Meaning, Meaning as M, meaning};
use super::cells::{html, rounded, yes_or_no};
use super::made::slug_of;
use super::{Choices, Definition, FileRow, PlainRow, RowFault, Translated, joined, listed, unquoted};
use crate::attributes::AttributeType;
use crate::groups::Group;
use crate::products::Barcode;
use crate::slugs::Slug;
use crate::terms::{SeoDescription, SeoTitle};
use crate::{Code, Currency, DecimalMark, minor_units, plain_integer};

/// The columns of a Shopify file.
#[derive(Debug, Clone)]
pub struct Shopify {
    header: Vec<String>,
    meanings: Vec<Meaning>,
    currency: Currency,
    /// Whether values of the shop's own become attributes.
    metafields: bool,
    /// Whether pictures are read.
    fetches: bool,
    /// The choices of the shop. An option of the file that has the name of one is that one.
    pub(super) choices: Choices,
}

impl Shopify {
    /// Whether a header is one of Shopify.
    pub fn is_header(header: &[String]) -> bool {
        let has =
            |names: &[&str]| header.iter().any(|name| names.iter().any(|one| name.trim().eq_ignore_ascii_case(one)));
        has(&["Handle", "URL handle"]) && has(&["Variant Price", "Option1 Name", "Variant SKU", "Compare-at price"])
    }

    /// Reads the header.
    ///
    /// # Errors
    /// The names of columns that Shopify does not have.
    pub fn new(header: &[String], currency: Currency, metafields: bool) -> Result<Self, Vec<String>> {
        let found: Vec<_> = header.iter().map(|name| meaning(name)).collect();
        let unknown = header.iter().zip(&found).filter(|(name, found)| found.is_none() && !name.trim().is_empty());
        let unknown: Vec<_> = unknown.map(|(name, _)| name.trim().to_owned()).collect();
        if !unknown.is_empty() {
            return Err(unknown);
        }
        let meanings = found.into_iter().map(|found| found.unwrap_or(M::Ignored)).collect();
        Ok(Self {
            header: header.to_vec(),
            meanings,
            currency,
            metafields,
            fetches: false,
            choices: Choices::default(),
        })
    }

    /// The product that a row belongs to: rows with the same one, next to each other, make one product.
    pub fn handle<'a>(&self, row: &'a FileRow) -> &'a str {
        self.get(row, &M::Handle).unwrap_or_default()
    }

    fn place(&self, meaning: &Meaning) -> Option<usize> {
        self.meanings.iter().position(|one| one == meaning)
    }

    fn get<'a>(&self, row: &'a FileRow, meaning: &Meaning) -> Option<&'a str> {
        Some(unquoted(row.cell(self.place(meaning)?)))
    }

    /// The text of a cell, if there is one.
    fn text<'a>(&self, row: &'a FileRow, meaning: &Meaning) -> Option<&'a str> {
        self.get(row, meaning).filter(|text| !text.is_empty())
    }

    fn name(&self, meaning: &Meaning) -> &str {
        self.place(meaning).and_then(|place| self.header.get(place)).map_or("line", |name| name.as_str())
    }

    /// What the rows of one product mean.
    pub fn translate(&self, rows: &[FileRow]) -> Translated {
        let mut to = Translated::default();
        let Some(first) = rows.first() else { return to };
        let handle = self.handle(first);
        if handle.is_empty() {
            to.faults.push(RowFault::new(first.line, self.name(&M::Handle), Code::Required, "is required"));
            return to;
        }
        let handle = Slug::parse(handle).unwrap_or_else(|_| slug_of(handle, handle));
        let options = self.options(first);
        let is_variant = |row: &&FileRow| {
            let says = |meaning| self.text(row, &meaning).is_some();
            says(M::Price) || says(M::Sku) || says(M::OptionValue(0)) || says(M::Quantity) || says(M::Barcode)
        };
        let variants: Vec<_> = rows.iter().filter(is_variant).collect();
        let variants = if variants.is_empty() { vec![first] } else { variants };
        self.note_of_all(rows, &mut to);
        // Each variant says what all have in common, so that it is not lost with one that is refused.
        let mut shared = PlainRow::at(first.line);
        self.shared(first, !options.is_empty(), &mut shared);
        self.pictures(rows, !options.is_empty(), &mut shared, &mut to);
        for (number, row) in variants.iter().enumerate() {
            let mut made = PlainRow::at(row.line);
            if options.is_empty() {
                if number > 0 {
                    let message = "must not repeat a product that has no options";
                    to.faults.push(RowFault::new(row.line, self.name(&M::Handle), Code::Repeated, message));
                    continue;
                }
                made.set("slug", handle.as_str());
                made.say(&shared);
            } else if number >= Group::MOST_MEMBERS {
                let message = format!("must be of a product with at most {} variants", Group::MOST_MEMBERS);
                to.faults.push(RowFault::new(row.line, "line", Code::TooLong, message));
                continue;
            } else {
                made.set("group", handle.as_str());
                made.say(&shared);
                self.own_picture(row, &mut made);
                for (place, option) in options.iter().enumerate() {
                    let Some(option) = option else { continue };
                    if let Some(value) = self.text(row, &M::OptionValue(place)) {
                        made.set_option(option, value);
                    } else {
                        let (field, message) = (self.name(&M::OptionValue(place)), "is required for a variant");
                        to.faults.push(RowFault::new(row.line, field, Code::Required, message));
                    }
                }
            }
            self.variant(first, row, &mut made, &mut to);
            to.rows.push(made);
        }
        to
    }

    /// The attributes by which variants differ, at their places.
    fn options(&self, first: &FileRow) -> Vec<Option<Definition>> {
        let name = |place| self.text(first, &M::OptionName(place));
        let is_none = name(0).is_none_or(|name| name.eq_ignore_ascii_case("title"))
            && self.text(first, &M::OptionValue(0)).is_none_or(|value| value.eq_ignore_ascii_case("default title"));
        if is_none {
            return Vec::new();
        }
        (0..3).map(|place| name(place).map(|name| Definition::choice(name, &self.choices))).collect()
    }

    /// The fields that all variants share; without variants, the fields of the product.
    fn shared(&self, first: &FileRow, of_group: bool, to: &mut PlainRow) {
        let texts = [
            (M::Title, "name", "group.name"),
            (M::Body, "description_html", "group.description_html"),
            (M::SeoTitle, "seo_title", "group.seo_title"),
            (M::SeoDescription, "seo_description", "group.seo_description"),
        ];
        for (meaning, own, groups) in texts {
            if let Some(text) = self.get(first, &meaning) {
                let text = match &meaning {
                    M::Body => html(text).to_owned(),
                    M::SeoTitle => text.chars().take(SeoTitle::MAX).collect(),
                    M::SeoDescription => text.chars().take(SeoDescription::MAX).collect(),
                    _ => text.to_owned(),
                };
                to.set(if of_group { groups } else { own }, text);
            }
        }
        let built_in = |code: &str| Definition::of(code, code, AttributeType::Choice, false);
        let mut give = |code: &str, text: String| to.set_attribute(of_group, &built_in(code), text);
        if let Some(vendor) = self.get(first, &M::Vendor) {
            give("brand", vendor.to_owned());
        }
        if let Some(category) = self.get(first, &M::Category) {
            give("category", joined((!category.is_empty()).then_some(category)));
        }
        if let Some(tags) = self.get(first, &M::Tags) {
            give("tag", joined(listed(tags).iter().map(String::as_str)));
        }
        if let Some(kind) = self.get(first, &M::Type) {
            to.set_attribute(of_group, &Definition::of("type", "Type", AttributeType::Choice, false), kind);
        }
        for (place, meaning) in self.meanings.iter().enumerate() {
            if let M::Metafield(key) = meaning
                && self.metafields
                && !first.cell(place).is_empty()
            {
                let text: String = unquoted(first.cell(place)).chars().take(500).collect();
                to.set_attribute(of_group, &Definition::of(key, key, AttributeType::Text, false), text);
            }
        }
    }

    /// The fields of one variant.
    fn variant(&self, first: &FileRow, row: &FileRow, made: &mut PlainRow, to: &mut Translated) {
        if let Some(status) = self.status(first, to) {
            made.set("status", status);
        }
        if let Some(sku) = self.get(row, &M::Sku) {
            made.set("sku", sku.strip_prefix('\'').unwrap_or(sku));
        }
        self.barcode(row, made, to);
        if let Some(price) = self.text(row, &M::Price) {
            made.set("price", price);
        }
        self.compare_at(row, made, to);
        if let Some(cost) = self.text(row, &M::Cost) {
            made.set_attribute(false, &Definition::of("cost", "Cost", AttributeType::Decimal, true), cost);
        }
        if let Some(quantity) = self.text(row, &M::Quantity) {
            match to.keep(row.line, self.name(&M::Quantity), plain_integer(quantity)) {
                Some(units) if units < 0 => {
                    to.note(row.line, "a stock below zero is read as 0");
                    made.set("stock", "0");
                }
                Some(units) => made.set("stock", units.to_string()),
                None => {}
            }
        }
        if let Some(grams) = self.text(row, &M::Grams)
            && let Some(grams) = to.keep(row.line, self.name(&M::Grams), rounded(grams, 1))
        {
            made.set("weight_grams", grams.to_string());
        }
        if let Some(ships) = self.text(row, &M::Ships)
            && let Some(ships) = to.keep(row.line, self.name(&M::Ships), yes_or_no(ships))
        {
            made.set("shippable", ships.to_string());
        }
    }

    fn status(&self, first: &FileRow, to: &mut Translated) -> Option<&'static str> {
        let (status, published) = (self.text(first, &M::Status), self.text(first, &M::Published));
        if status.is_none() && published.is_none() {
            return None;
        }
        let read = published.map_or(Ok(true), yes_or_no);
        let is_published = to.keep(first.line, self.name(&M::Published), read)?;
        match status.unwrap_or("active").to_ascii_lowercase().as_str() {
            "active" if is_published => Some("active"),
            "active" | "draft" | "unlisted" => Some("draft"),
            "archived" => Some("archived"),
            _ => {
                let message = "must be one of: active, draft, archived, unlisted";
                to.faults.push(RowFault::new(first.line, self.name(&M::Status), Code::NotAllowed, message));
                None
            }
        }
    }

    /// The barcode of a row. One that is not valid is kept as the attribute `barcode_text`.
    fn barcode(&self, row: &FileRow, made: &mut PlainRow, to: &mut Translated) {
        let Some(barcode) = self.get(row, &M::Barcode) else { return };
        let barcode = barcode.strip_prefix('\'').unwrap_or(barcode);
        if barcode.is_empty() || Barcode::parse(barcode).is_ok() {
            made.set("barcode", barcode);
            return;
        }
        to.note(
            row.line,
            "a barcode that is no GTIN, or has a wrong check digit, is kept as the attribute barcode_text",
        );
        let text = Definition::of("barcode_text", "Barcode", AttributeType::Text, true);
        made.set_attribute(false, &text, barcode);
    }

    fn compare_at(&self, row: &FileRow, made: &mut PlainRow, to: &mut Translated) {
        let Some(compare_at) = self.get(row, &M::CompareAt) else { return };
        let amount = |text: &str| minor_units(text, DecimalMark::Point, self.currency);
        let is_above = match (amount(compare_at), self.text(row, &M::Price).map(amount)) {
            (Ok(above), Some(Ok(price))) => above > price,
            _ => true,
        };
        if !is_above {
            to.note(row.line, "a compare-at price that is not above the price is left out");
        }
        made.set("compare_at_price", if is_above { compare_at } else { "" });
    }
}
