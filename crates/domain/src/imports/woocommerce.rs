//! Product files of `WooCommerce`.

mod attributes;
mod headers;
mod notes;

use std::collections::{HashMap, HashSet};

use self::headers::{Meaning, Meaning as M, meaning};
use super::cells::{html as cleaned, rounded, yes_or_no};
use super::made::slug_of;
use super::{Choices, Definition, FileRow, PlainRow, RowFault, RowPictures, Translated, joined, listed, unquoted};
use crate::attributes::AttributeType;
use crate::products::Barcode;
use crate::slugs::Slug;
use crate::{Code, Currency, DecimalMark, minor_units};

/// The columns of a `WooCommerce` file.
#[derive(Debug, Clone)]
pub struct WooCommerce {
    header: Vec<String>,
    meanings: Vec<Meaning>,
    currency: Currency,
    decimal: DecimalMark,
    /// Whether pictures are read.
    fetches: bool,
    /// The choices of the shop. An attribute of the file that has the name of one is that one.
    pub(super) choices: Choices,
}

/// A product with variations.
#[derive(Debug, Clone)]
struct Parent {
    slug: Slug,
    row: FileRow,
}

/// The products with variations of a whole file, which stand anywhere in it.
#[derive(Debug, Clone, Default)]
pub struct Parents {
    all: Vec<Parent>,
    /// By SKU, and by `id:100`.
    by_key: HashMap<String, usize>,
    slugs: HashSet<Slug>,
    /// The places in `all` of products whose notes were given, with their first variation, and are not given again.
    noted: HashSet<usize>,
}

impl WooCommerce {
    /// Whether a header is one of `WooCommerce`.
    pub fn is_header(header: &[String]) -> bool {
        let has = |name: &str| header.iter().any(|one| one.trim().eq_ignore_ascii_case(name));
        has("Type") && has("Regular price") && (has("SKU") || has("ID") || has("Name"))
    }

    /// Reads the header.
    ///
    /// # Errors
    /// The names of columns that `WooCommerce` does not have.
    pub fn new(header: &[String], currency: Currency, decimal: DecimalMark) -> Result<Self, Vec<String>> {
        let found: Vec<_> = header.iter().map(|name| meaning(name)).collect();
        let unknown = header.iter().zip(&found).filter(|(name, found)| found.is_none() && !name.trim().is_empty());
        let unknown: Vec<_> = unknown.map(|(name, _)| name.trim().to_owned()).collect();
        if !unknown.is_empty() {
            return Err(unknown);
        }
        let meanings = found.into_iter().map(|found| found.unwrap_or(M::Ignored)).collect();
        Ok(Self { header: header.to_vec(), meanings, currency, decimal, fetches: false, choices: Choices::default() })
    }

    /// The same columns, with or without that of pictures.
    #[must_use]
    pub fn fetching(self, fetches: bool) -> Self {
        Self { fetches, ..self }
    }

    fn place(&self, meaning: Meaning) -> Option<usize> {
        self.meanings.iter().position(|one| *one == meaning)
    }

    fn get<'a>(&self, row: &'a FileRow, meaning: Meaning) -> Option<&'a str> {
        Some(unquoted(row.cell(self.place(meaning)?)))
    }

    fn text<'a>(&self, row: &'a FileRow, meaning: Meaning) -> Option<&'a str> {
        self.get(row, meaning).filter(|text| !text.is_empty())
    }

    fn name(&self, meaning: Meaning) -> &str {
        self.place(meaning).and_then(|place| self.header.get(place)).map_or("line", |name| name.as_str())
    }

    fn kinds(&self, row: &FileRow) -> Vec<String> {
        listed(self.get(row, M::Type).unwrap_or("simple")).iter().map(|kind| kind.to_ascii_lowercase()).collect()
    }

    /// Looks at a row before any is translated, to know the products with variations.
    pub fn look(&self, row: &FileRow, parents: &mut Parents) {
        if !self.kinds(row).iter().any(|kind| kind == "variable") {
            return;
        }
        let wanted = self.slug(row);
        let mut others = std::iter::once(wanted.clone()).chain((2..).map(|number| wanted.numbered(number)));
        let slug = others.find(|slug| !parents.slugs.contains(slug)).unwrap_or(wanted);
        parents.slugs.insert(slug.clone());
        let place = parents.all.len();
        if let Some(sku) = self.text(row, M::Sku) {
            parents.by_key.insert(sku.to_owned(), place);
        }
        if let Some(id) = self.text(row, M::Id) {
            parents.by_key.insert(format!("id:{id}"), place);
        }
        parents.all.push(Parent { slug, row: row.clone() });
    }

    /// The slug of a product. It is made of the name, and, if that is not enough, of the id or the SKU in the other
    /// shop.
    fn slug(&self, row: &FileRow) -> Slug {
        let name = self.get(row, M::Name).unwrap_or_default();
        let id = self.text(row, M::Id).map(|id| format!("id:{id}"));
        let key = id.or_else(|| self.text(row, M::Sku).map(str::to_owned));
        slug_of(name, key.as_deref().unwrap_or(name))
    }

    /// What a row means.
    pub fn translate(&self, row: &FileRow, parents: &mut Parents) -> Translated {
        let mut to = Translated::default();
        let kinds = self.kinds(row);
        let is = |kind: &str| kinds.iter().any(|one| one == kind);
        if let Some(kind) = ["grouped", "external", "downloadable"].into_iter().find(|kind| is(kind)) {
            let message = format!("must be simple, variable or variation: {kind} products are not imported");
            to.faults.push(RowFault::new(row.line, self.name(M::Type), Code::NotAllowed, message));
            return to;
        }
        self.note_of(row, &mut to);
        if is("variable") {
            // Its variations bring what it says.
            return to;
        }
        let mut made = PlainRow::at(row.line);
        if is("variation") {
            let key = self.get(row, M::Parent).unwrap_or_default();
            let Some(place) = parents.by_key.get(key).copied() else {
                let message = "must be the SKU of a variable product of the file, or id: and its ID";
                to.faults.push(RowFault::new(row.line, self.name(M::Parent), Code::NotFound, message));
                return to;
            };
            let is_first = parents.noted.insert(place);
            let Some(parent) = parents.all.get(place) else { return to };
            self.variation(row, parent, is_first, &mut made, &mut to);
        } else {
            if let Some(name) = self.get(row, M::Name) {
                made.set("name", name);
                if self.text(row, M::Sku).is_none() {
                    // It is known by something, so that it is not made again by a second import.
                    made.set("slug", self.slug(row).as_str());
                }
            }
            self.texts(row, false, &mut made);
            self.pictures(row, false, &mut made);
            self.taxonomy(row, false, &mut made);
            self.attributes(row, false, &[], &mut made, &mut to);
        }
        self.goods(row, is("virtual"), &mut made, &mut to);
        to.rows.push(made);
        to
    }

    /// The fields of a variation. Each variation repeats the shared fields of its parent, so that these are not lost if
    /// one variation is refused.
    fn variation(&self, row: &FileRow, parent: &Parent, is_first: bool, made: &mut PlainRow, to: &mut Translated) {
        made.set("group", parent.slug.as_str());
        let mut options = Vec::new();
        for place in self.attribute_places() {
            let name = self.text(row, M::AttributeName(place));
            if let Some(name) = name
                && let Some(value) = self.text(row, M::AttributeValue(place))
            {
                let option = Definition::choice(name, &self.choices);
                made.set_option(&option, unescaped(value));
                options.push(option);
            }
        }
        if options.is_empty() {
            let message = "must name the attributes by which the variation differs";
            to.faults.push(RowFault::new(row.line, "line", Code::Required, message));
        }
        if let Some(name) = self.get(&parent.row, M::Name) {
            made.set("group.name", name);
        }
        self.texts(&parent.row, true, made);
        self.pictures(&parent.row, true, made);
        self.taxonomy(&parent.row, true, made);
        let mut again = Translated::default();
        self.attributes(&parent.row, true, &options, made, if is_first { to } else { &mut again });
        self.pictures(row, false, made);
        if let Some(text) = self.text(row, M::Description) {
            made.set("description_html", cleaned(&unescaped(text)));
        }
    }

    fn texts(&self, row: &FileRow, of_group: bool, made: &mut PlainRow) {
        if let Some(html) = self.text(row, M::Description).or_else(|| self.text(row, M::ShortDescription)) {
            made.set(if of_group { "group.description_html" } else { "description_html" }, cleaned(&unescaped(html)));
        }
    }

    fn pictures(&self, row: &FileRow, of_group: bool, made: &mut PlainRow) {
        if self.fetches
            && let Some(cell) = self.get(row, M::Pictures)
        {
            let [[own, _], [groups, _]] = RowPictures::COLUMNS;
            made.set(if of_group { groups } else { own }, joined(listed(cell).iter().map(String::as_str)));
        }
    }

    /// What is bought: its prices, its stock, its weight.
    fn goods(&self, row: &FileRow, is_virtual: bool, made: &mut PlainRow, to: &mut Translated) {
        if let Some(sku) = self.get(row, M::Sku) {
            made.set("sku", sku);
        }
        if let Some(barcode) = self.get(row, M::Barcode) {
            if barcode.is_empty() || Barcode::parse(barcode).is_ok() {
                made.set("barcode", barcode);
            } else {
                to.note(
                    row.line,
                    "a barcode that is no GTIN, or has a wrong check digit, is kept as the attribute barcode_text",
                );
                let text = Definition::of("barcode_text", "Barcode", AttributeType::Text, true);
                made.set_attribute(false, &text, barcode);
            }
        }
        self.status(row, made, to);
        self.prices(row, made, to);
        if let Some(stock) = self.text(row, M::Stock)
            && let Some(units) = to.keep(row.line, self.name(M::Stock), rounded(stock.trim_start_matches('-'), 1))
        {
            if stock.starts_with('-') {
                to.note(row.line, "a stock below zero is read as 0");
            }
            made.set("stock", if stock.starts_with('-') { 0 } else { units }.to_string());
        }
        if let Some((place, unit)) = self.meanings.iter().enumerate().find_map(|(place, meaning)| match meaning {
            M::Weight(unit) => Some((place, *unit)),
            _ => None,
        }) && !row.cell(place).is_empty()
        {
            let field = self.header.get(place).map_or("line", String::as_str);
            if let Some(micrograms) = to.keep(row.line, field, rounded(row.cell(place), unit)) {
                made.set("weight_grams", ((micrograms + 500_000) / 1_000_000).to_string());
            }
        }
        if is_virtual {
            made.set("shippable", "false");
        }
        if let Some(class) = self.text(row, M::TaxClass).filter(|class| *class != "parent") {
            made.set("tax_class", class);
        }
    }

    fn status(&self, row: &FileRow, made: &mut PlainRow, to: &mut Translated) {
        let Some(published) = self.text(row, M::Published) else { return };
        let is_hidden = self.text(row, M::Visibility) == Some("hidden");
        match published {
            "0" | "-1" => made.set("status", "draft"),
            text => match to.keep(row.line, self.name(M::Published), yes_or_no(text)) {
                Some(true) if !is_hidden => made.set("status", "active"),
                Some(_) => made.set("status", "draft"),
                None => {}
            },
        }
    }

    fn prices(&self, row: &FileRow, made: &mut PlainRow, to: &mut Translated) {
        let (sale, regular) = (self.text(row, M::SalePrice), self.text(row, M::RegularPrice));
        let amount = |text: &str| minor_units(text, self.decimal, self.currency);
        match (sale, regular) {
            (Some(sale), Some(regular)) => {
                let is_above = amount(sale).is_ok_and(|sale| amount(regular).is_ok_and(|regular| regular > sale));
                let mut columns = self.meanings.iter().enumerate();
                let is_dated = columns.any(|(place, one)| *one == M::SaleDate && !row.cell(place).is_empty());
                if is_dated {
                    to.note(row.line, "a sale price that has dates is left out: the regular price is taken");
                    made.set("price", regular);
                } else {
                    made.set("price", sale);
                    made.set("compare_at_price", if is_above { regular } else { "" });
                }
            }
            (Some(price), None) | (None, Some(price)) => {
                made.set("price", price);
                if self.place(M::SalePrice).is_some() {
                    made.set("compare_at_price", "");
                }
            }
            (None, None) => {}
        }
    }
}

/// A text as it was before line breaks and commas were written with a backslash.
fn unescaped(text: &str) -> String {
    text.replace("\\n", "\n").replace("\\,", ",")
}
