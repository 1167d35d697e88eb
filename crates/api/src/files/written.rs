use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{self, BufWriter, Write};

use ::csv::WriterBuilder;
use application::Queries;
use domain::assignments::{ShownAttribute, ShownValue};
use domain::attributes::AttributeCode;
use domain::groups::GroupId;
use domain::imports::{AttributeCodes, COLUMNS, Column, WholeGroup, WholeProduct, joined};
use domain::pages::DescriptionHtml;
use domain::terms::CategoryTree;
use domain::{Price, Shop, StoreError};
use serde::ser::SerializeMap as _;
use serde_json::Value;

use super::{Format, ShownPictures};
use crate::respond::{Timestamp, no_formula};

/// The columns of an export, and what they are made of.
pub(crate) struct Cells {
    shop: Shop,
    /// What URLs of pictures begin with.
    base: String,
    /// Whether anything has a picture.
    has_pictures: bool,
    columns: Vec<Column>,
    categories: CategoryTree,
    options: Vec<AttributeCode>,
}

/// The first of the columns that are left out while a shop has neither categories, attributes nor groups.
const OF_SHOPS_WITH_MORE: &str = "category";

impl Cells {
    /// The columns of a shop, whose URLs of pictures begin with `base`.
    pub async fn of(queries: &Queries, (shop, base): (Shop, &str)) -> Result<Self, StoreError> {
        let AttributeCodes { all: codes, options } = queries.imports.codes().await?;
        let taxonomy = queries.terms.taxonomy().await?;
        let has_more = taxonomy.is_used() || !options.is_empty();
        let has_pictures = queries.media.is_used().await?;
        let fixed = COLUMNS.into_iter().take_while(|name| has_more || *name != OF_SHOPS_WITH_MORE);
        let fixed = fixed.map(Column::Fixed).filter(|column| has_pictures || !column.is_of_pictures());
        let mut columns: Vec<_> = fixed.collect();
        if has_more {
            columns.extend(options.iter().cloned().map(Column::Option));
            let own = codes.iter().filter(|code| !code.is_built_in()).cloned();
            columns.extend(own.map(|code| Column::Attribute { of_group: false, code }));
            columns.extend(codes.into_iter().map(|code| Column::Attribute { of_group: true, code }));
        }
        let base = base.to_owned();
        Ok(Self { shop, base, has_pictures, columns, categories: taxonomy.categories().clone(), options })
    }

    /// The names of the columns.
    pub fn names(&self) -> Vec<String> {
        self.columns.iter().map(Column::name).collect()
    }

    /// The groups of products.
    pub async fn groups(
        &self,
        queries: &Queries,
        products: &[WholeProduct],
    ) -> Result<HashMap<GroupId, WholeGroup>, StoreError> {
        let mut ids: Vec<_> = products.iter().filter_map(|one| Some(one.member.as_ref()?.group_id)).collect();
        ids.sort_unstable();
        ids.dedup();
        let groups = queries.imports.groups(&ids, &[]).await?;
        Ok(groups.into_iter().map(|whole| (whole.group.id, whole)).collect())
    }

    /// The pictures of products, if anything has any.
    pub async fn pictures(&self, queries: &Queries, products: &[WholeProduct]) -> Result<ShownPictures, StoreError> {
        if self.has_pictures { ShownPictures::of(queries, products.iter()).await } else { Ok(ShownPictures::default()) }
    }

    /// The values of a product, in the order of the columns.
    pub fn values(
        &self,
        whole: &WholeProduct,
        groups: &HashMap<GroupId, WholeGroup>,
        pictures: &ShownPictures,
    ) -> Vec<Value> {
        let group = whole.member.as_ref().and_then(|member| groups.get(&member.group_id));
        self.columns.iter().map(|column| self.value(column, whole, group, pictures)).collect()
    }

    /// The value of one column.
    pub fn value(
        &self,
        column: &Column,
        whole: &WholeProduct,
        group: Option<&WholeGroup>,
        pictures: &ShownPictures,
    ) -> Value {
        match column {
            Column::Fixed(name) if column.is_of_pictures() => pictures.value(name, whole, &self.base),
            Column::Fixed(name @ ("category" | "tag" | "brand")) => {
                self.attribute(whole.attributes.iter().find(|one| one.code.as_str() == *name && !one.is_inherited))
            }
            Column::Fixed(name) if name.starts_with("group") => text_of_group(name, group),
            Column::Fixed(name) => self.fixed(name, whole),
            Column::Option(code) => {
                let is_option = group.is_some_and(|group| group.options.contains(code));
                self.attribute(whole.attributes.iter().find(|one| one.code == *code && is_option))
            }
            Column::Attribute { of_group: false, code } => {
                let is_option = self.options.contains(code) && group.is_some_and(|group| group.options.contains(code));
                let own = |one: &&ShownAttribute| one.code == *code && !one.is_inherited && !is_option;
                self.attribute(whole.attributes.iter().find(own))
            }
            Column::Attribute { of_group: true, code } => {
                self.attribute(group.and_then(|group| group.attributes.iter().find(|one| one.code == *code)))
            }
        }
    }

    fn fixed(&self, name: &str, WholeProduct { product, on_hand, page, member, .. }: &WholeProduct) -> Value {
        let inherits = member.as_ref().is_some_and(|member| member.inherits.description);
        let time = |time: Option<domain::UtcDateTime>| serde_json::to_value(time.map(Timestamp)).unwrap_or_default();
        match name {
            "id" => product.id.to_string().into(),
            "sku" => text(product.sku.as_ref()),
            "name" => product.name.as_str().into(),
            "description" => text(product.description.as_ref().filter(|_| !inherits)),
            "price" => product.price.amount().into(),
            "currency" => self.shop.currency.code().into(),
            "status" => product.status.as_str().into(),
            "stock" => (*on_hand).into(),
            "tax_class" => product.tax_and_shipping.tax_class.as_str().into(),
            "weight_grams" => product.tax_and_shipping.weight.get().into(),
            "shippable" => product.tax_and_shipping.is_shippable.into(),
            "barcode" => text(product.particulars.barcode.as_ref()),
            "compare_at_price" => product.particulars.compare_at_price.map(Price::amount).into(),
            "available_from" => time(product.particulars.available_from),
            "available_until" => time(product.particulars.available_until),
            "slug" => text(product.slug.as_ref()),
            "description_html" => page.html.as_ref().map(DescriptionHtml::as_str).into(),
            "seo_title" => text(page.seo_title.as_ref()),
            "seo_description" => text(page.seo_description.as_ref()),
            _ => Value::Null,
        }
    }

    fn attribute(&self, shown: Option<&ShownAttribute>) -> Value {
        match shown.map(|one| &one.value) {
            None => Value::Null,
            Some(ShownValue::Value(value)) => value.to_string().into(),
            Some(ShownValue::Terms(terms)) => {
                let is_list =
                    shown.is_some_and(|one| matches!(one.code.as_str(), "category" | "tag")) || terms.len() > 1;
                let path = |term: &domain::assignments::ShownTerm| {
                    let above = self.categories.ancestors(term.id);
                    let names = above.iter().map(|node| node.name.as_str()).chain([term.name.as_str()]);
                    names.collect::<Vec<_>>().join(" > ")
                };
                let paths: Vec<_> = terms.iter().map(path).collect();
                match paths.as_slice() {
                    [one] if !is_list => one.clone().into(),
                    _ => joined(paths.iter().map(String::as_str)).into(),
                }
            }
        }
    }
}

fn text_of_group(name: &str, group: Option<&WholeGroup>) -> Value {
    let Some(WholeGroup { group, page, .. }) = group else { return Value::Null };
    match name {
        "group" => group.slug.as_str().into(),
        "group.name" => group.name.as_str().into(),
        "group.description" => text(group.description.as_ref()),
        "group.description_html" => page.html.as_ref().map(DescriptionHtml::as_str).into(),
        "group.seo_title" => text(page.seo_title.as_ref()),
        "group.seo_description" => text(page.seo_description.as_ref()),
        _ => Value::Null,
    }
}

fn text(text: Option<&impl ToString>) -> Value {
    text.map(ToString::to_string).into()
}

/// Writes products in a format.
pub(crate) struct Writer<W: Write> {
    out: Out<W>,
    names: Vec<String>,
}

enum Out<W: Write> {
    Csv(Box<::csv::Writer<W>>),
    Ndjson(BufWriter<W>),
}

impl<W: Write> Writer<W> {
    /// Goes on with a file.
    pub fn of(format: Format, to: W, names: Vec<String>) -> Self {
        let out = match format {
            Format::Csv => Out::Csv(Box::new(WriterBuilder::new().has_headers(false).from_writer(to))),
            Format::Ndjson => Out::Ndjson(BufWriter::new(to)),
        };
        Self { out, names }
    }

    /// Starts the file: writes the CSV header.
    pub fn start(&mut self) -> io::Result<()> {
        match &mut self.out {
            Out::Csv(csv) => Ok(csv.write_record(&self.names)?),
            Out::Ndjson(_) => Ok(()),
        }
    }

    /// Writes a row, in the order of the columns.
    pub fn write(&mut self, values: &[Value]) -> io::Result<()> {
        match &mut self.out {
            Out::Csv(csv) => {
                let cells = self.names.iter().zip(values).map(|(name, value)| cell(name, value));
                Ok(csv.write_record(cells.map(|cell| cell.into_owned().into_bytes()))?)
            }
            Out::Ndjson(out) => {
                let mut json = serde_json::Serializer::new(&mut *out);
                let mut map = serde::Serializer::serialize_map(&mut json, None)?;
                for (name, value) in self.names.iter().zip(values) {
                    map.serialize_entry(name, value)?;
                }
                map.end()?;
                out.write_all(b"\n")
            }
        }
    }

    /// Flushes the buffer, and returns what was written to.
    pub fn finish(self) -> io::Result<W> {
        match self.out {
            Out::Csv(csv) => csv.into_inner().map_err(|error| io::Error::other(error.to_string())),
            Out::Ndjson(out) => out.into_inner().map_err(io::IntoInnerError::into_error),
        }
    }
}

/// A value as a cell. An empty cell means no description, so an empty description is written as one space, which an
/// import trims. A text that a spreadsheet would read as a formula has an apostrophe before it.
pub(crate) fn cell<'a>(name: &str, value: &'a Value) -> Cow<'a, str> {
    match value {
        Value::Null => "".into(),
        Value::String(text) if text.is_empty() && name.ends_with("description") => " ".into(),
        Value::String(text) => no_formula(text.into()),
        other => other.to_string().into(),
    }
}

/// A line of a CSV file whose cells are not formulas.
pub(crate) fn exported_line(cells: impl IntoIterator<Item = String>) -> Vec<u8> {
    let cells: Vec<_> = cells.into_iter().map(|cell| no_formula(cell.into())).collect();
    csv_line(cells.iter().map(AsRef::as_ref))
}

/// A line of a CSV file.
pub(crate) fn csv_line<'a>(cells: impl Iterator<Item = &'a str>) -> Vec<u8> {
    let mut writer = WriterBuilder::new().from_writer(Vec::new());
    // Nothing is written to a file or a connection here.
    let _ = writer.write_record(cells);
    writer.into_inner().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use domain::imports::unquoted;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_cell_is_no_formula_and_is_read_as_it_was_r233(text in "['=+@\\-a\t\r]{0,5}") {
            let value = Value::from(text.clone());
            let cell = cell("name", &value);
            prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']));
            prop_assert_eq!(unquoted(&cell), text);
        }
    }
}
