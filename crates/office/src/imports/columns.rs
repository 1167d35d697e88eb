//! The columns of a file, and what each is read as.

use application::Error;
use domain::imports::{AttributeCodes, COLUMNS, Column, FileFormat, Import, ImportOptions, ImportRow, Reading};
use domain::{Code, Currency, Invalid};
use maud::{Markup, html};

use crate::form::{Form, HeldAs};
use crate::parts::Field;
use crate::request::Staff;

/// The columns of the file of an import.
pub(super) struct Columns {
    all: Vec<One>,
    /// The fields that a column can be read as, of the shop's own columns.
    fields: Vec<String>,
    /// Whether people say what a column is read as: those of another shop are known.
    pub(super) are_mapped: bool,
}

struct One {
    /// The name of its field in a form.
    name: String,
    header: String,
    /// What it is read as, if anything.
    field: Option<String>,
    /// What it is mapped to.
    mapped: String,
    /// Its cell in the first row.
    example: String,
}

impl Columns {
    /// The columns of an import, with the fields that this shop has.
    ///
    /// # Errors
    /// If the database does not answer.
    pub(super) async fn of(staff: &Staff, import: &Import) -> Result<Self, Error> {
        let queries = &staff.office.queries.imports;
        let first = queries.rows(import.id, None, 0, 1).await?.into_iter().next();
        let AttributeCodes { all: attributes, options } = queries.codes().await?;
        let named = |of_group| move |code| Column::Attribute { of_group, code };
        let own = attributes.iter().filter(|code| !code.is_built_in()).cloned().map(named(false));
        let of_group = attributes.iter().cloned().map(named(true));
        let all = own.chain(of_group).chain(options.iter().cloned().map(Column::Option));
        let fields = COLUMNS.iter().map(|name| (*name).to_owned()).chain(all.map(|column| column.name())).collect();
        Ok(Self::new(import, first.as_ref(), fields, staff.office.shop.currency))
    }

    fn new(import: &Import, first: Option<&ImportRow>, fields: Vec<String>, currency: Currency) -> Self {
        let reading = Reading::new(&import.header, &import.options.manner(currency));
        let are_mapped = match &reading {
            Ok(reading) => reading.format() == FileFormat::Plain,
            Err(_) => import.options.format.is_none_or(|format| format == FileFormat::Plain),
        };
        let read = reading.map(|reading| reading.columns()).unwrap_or_default();
        let one = |(place, header): (usize, &String)| {
            let is = |name: &str| name.trim().eq_ignore_ascii_case(header.trim());
            let mapped = import.options.mapping.iter().find(|(theirs, _)| is(theirs));
            let field = read.iter().find(|(name, _)| name == header).and_then(|(_, field)| field.clone());
            One {
                name: format!("column-{place}"),
                header: header.clone(),
                field: field.or_else(|| Column::parse(header).map(|column| column.name())),
                mapped: mapped.map(|(_, ours)| ours.clone()).unwrap_or_default(),
                example: first.and_then(|row| row.row.cells.get(place)).cloned().unwrap_or_default(),
            }
        };
        let all = import.header.iter().enumerate().filter(|(_, header)| !header.trim().is_empty()).map(one).collect();
        Self { all, fields, are_mapped }
    }

    /// What the fields hold.
    pub(super) fn held(&self) -> Vec<HeldAs<'_>> {
        if !self.are_mapped {
            return Vec::new();
        }
        self.all.iter().map(|one| (one.name.as_str(), one.mapped.clone())).collect()
    }

    /// The chosen mapping of columns, as pairs of header and field; `None` if something is refused.
    pub(super) fn typed(&self, form: &mut Form) -> Option<Vec<(String, String)>> {
        let chosen: Vec<_> = self.all.iter().map(|one| (one, typed_one(form, one))).collect();
        let mut mapping = Vec::new();
        for (one, chosen) in chosen {
            if let Some(field) = chosen? {
                mapping.push((one.header.clone(), field));
            }
        }
        if let Some(place) = ImportOptions::mapped_twice(&mapping) {
            let second = self
                .all
                .iter()
                .rev()
                .find(|one| mapping.get(place).is_some_and(|(header, _)| one.header == *header))?;
            return form.refuse(&second.name, Invalid::new(Code::Repeated, "stands in the file twice: map neither"));
        }
        Some(mapping)
    }

    /// The columns, with a choice for each if `is_open`.
    pub(super) fn show(&self, form: &Form, is_open: bool) -> Markup {
        html! {
            table {
                thead { tr { th { "Column" } th { "In the first row" } th { "Read as" } } }
                tbody {
                    @for one in &self.all {
                        tr {
                            td data-label="Column" { span.name { (one.header) } }
                            td data-label="In the first row" { span.word { (cut(&one.example)) } }
                            td data-label="Read as" {
                                @if is_open && self.are_mapped { (self.choice(form, one)) } @else {
                                    @match &one.field {
                                        Some(field) => (field),
                                        None => span.faint { "left out" },
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    fn choice(&self, form: &Form, one: &One) -> Markup {
        let by_name = one.field.as_deref().filter(|_| one.mapped.is_empty());
        let by_name = by_name.or_else(|| self.fields.iter().map(String::as_str).find(|field| *field == one.header));
        let by_name = by_name.map_or_else(|| "unknown".to_owned(), |field| format!("{field}, by its name"));
        let others = self.fields.iter().map(|field| (field.as_str(), field.as_str()));
        let kept = (one.mapped.as_str(), one.mapped.as_str());
        let is_other = !one.mapped.is_empty() && !self.fields.contains(&one.mapped);
        let options: Vec<_> =
            [("", by_name.as_str())].into_iter().chain(others).chain(is_other.then_some(kept)).collect();
        html! { (Field::choice(form, &one.name, &one.header, &options).unlabelled()) }
    }
}

/// What a column is to be read as.
fn typed_one(form: &mut Form, one: &One) -> Option<Option<String>> {
    form.optional(&one.name, |raw| match Column::parse(raw) {
        Some(column) => Ok(column.name()),
        None if raw == one.mapped => Ok(raw.to_owned()),
        None => Err(Invalid::new(Code::NotAllowed, "must be one of the fields in the list")),
    })
}

/// The beginning of a cell.
fn cut(cell: &str) -> String {
    const MOST: usize = 60;
    let mut signs = cell.chars();
    let begin: String = signs.by_ref().take(MOST).collect();
    if signs.next().is_some() { format!("{begin}…") } else { begin }
}

#[cfg(test)]
mod tests {
    use domain::{UtcDateTime, Uuid};

    use super::*;

    fn columns(header: &[&str], options: ImportOptions) -> Columns {
        let id = domain::imports::ImportId(Uuid::nil());
        let header = header.iter().map(|name| (*name).to_owned()).collect();
        let import = Import::new(id, options, header, None, UtcDateTime::UNIX_EPOCH);
        let fields = ["sku", "name", "price"].map(ToOwned::to_owned).into();
        Columns::new(&import, None, fields, Currency::default())
    }

    #[test]
    fn a_column_is_read_as_what_is_chosen_r245() {
        let columns = columns(&["Artikel", "price"], ImportOptions::default());
        let mut form = Form::showing([("column-0", "sku"), ("column-1", "")]);
        assert_eq!(columns.typed(&mut form), Some(vec![("Artikel".to_owned(), "sku".to_owned())]));
        let mut form = Form::showing([("column-0", "nonsense")]);
        assert_eq!(columns.typed(&mut form), None);
        assert_eq!(form.fault("column-0"), Some("must be one of the fields in the list"));
        let shown = columns.show(&form, true).into_string();
        assert!(shown.contains("price, by its name") && shown.contains("unknown"), "{shown}");
    }

    #[test]
    fn a_mapping_by_a_client_stays_r245() {
        let mapping = vec![("Artikel".to_owned(), "left_out".to_owned())];
        let columns = columns(&["sku", "Artikel"], ImportOptions { mapping, ..ImportOptions::default() });
        let held = columns.held();
        assert_eq!(held, [("column-0", String::new()), ("column-1", "left_out".to_owned())]);
        let mut form = Form::filled(domain::Version::FIRST, &held);
        assert!(columns.show(&form, true).into_string().contains("<option value=\"left_out\" selected>"));
        assert_eq!(columns.typed(&mut form).unwrap()[0].1, "left_out");
    }

    #[test]
    fn columns_of_another_shop_are_not_mapped_by_hand_r245() {
        let header = ["Handle", "Title", "Variant SKU", "Variant Price", "Variant Inventory Qty"];
        let columns = columns(&header, ImportOptions { format: Some(FileFormat::Shopify), ..ImportOptions::default() });
        assert!(!columns.are_mapped && columns.held().is_empty());
        assert!(!columns.show(&Form::default(), true).into_string().contains("<select"));
    }
}
