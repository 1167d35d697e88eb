//! One change of many products that a filter chooses.

use application::FieldError;
use application::imports::{BulkUpdate, CreateBulkImport};
use domain::attributes::AttributeInput;
use domain::catalogue::Question;
use domain::collections::CollectionFilter;
use domain::imports::{Bulk, BulkChange, Column};
use domain::products::ProductFilter;
use domain::{Code, Invalid, SearchText, Shop};
use serde_json::{Value, json};

use super::super::collections::Parameters;
use super::batch::PriceStep;
use super::given::GivenAttributes;
use super::narrowed::Narrowed;
use super::update::Change;
use crate::context::State;
use crate::extract::read::{Read, object};
use crate::extract::{Fields, FromFields, Report};
use crate::problem::Problem;
use crate::schema::Definitions;

/// The words that are searched for, among the parameters of a filter.
const WORDS: &str = "q";

/// Parser of the filter that chooses products: that of a collection, and words.
pub(super) struct Select;

impl Read for Select {
    type Out = CollectionFilter;

    fn read(&self, value: Value, path: &str, report: &mut Report) -> Option<CollectionFilter> {
        Parameters.read(value, path, report)
    }

    fn schema(&self, definitions: &mut Definitions) -> Value {
        let mut schema = Parameters.schema(definitions);
        if let Some(schema) = schema.as_object_mut() {
            let text = "Parameters of `GET /products` with their text, but for `collection`, `updated_after` and what does \
                        not narrow a list.";
            schema.insert("description".to_owned(), text.into());
        }
        schema
    }
}

/// The words of a filter, if it has any.
fn words(select: &CollectionFilter) -> Result<Option<SearchText>, FieldError> {
    let Some(typed) = select.parameters().get(WORDS) else { return Ok(None) };
    let words = SearchText::parse(typed).and_then(|words| match words {
        Some(words) => Ok(Some(words)),
        None => Err(Invalid::new(Code::TooShort, "must have a word")),
    });
    words.map_err(|invalid| FieldError::new(WORDS, invalid))
}

/// What changes of each product.
pub(super) struct EachChange(BulkUpdate);

impl FromFields for EachChange {
    const NAME: &'static str = "ProductBulkChange";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let price = fields.optional("price", &object::<PriceStep>());
        let change = Change::from_others(fields);
        let attributes = fields.optional("attributes", &GivenAttributes);
        let (price, given) = (price?.map(|PriceStep(repricing)| repricing), attributes?.unwrap_or_default());
        let Change { of_product, page } = change?;
        let of_one =
            [("slug", of_product.slug.is_some()), ("barcode", matches!(of_product.particulars.barcode, Some(Some(_))))];
        let of_one: Vec<_> = of_one.into_iter().filter(|(_, is_given)| *is_given).collect();
        for (field, _) in &of_one {
            fields.refuse(field, Invalid::new(Code::NotAllowed, "must not be given: only one product has it"));
        }
        if !of_one.is_empty() {
            return None;
        }
        let update = BulkUpdate { change: of_product, price, page, given };
        if update == BulkUpdate::default() {
            fields.refuse_object(Invalid::new(Code::TooShort, "must change something"));
            return None;
        }
        Some(Self(update))
    }

    fn example() -> Value {
        json!({ "price": { "percent": -10 }, "attributes": { "tag": ["sale"] } })
    }
}

/// Parser of a change that is kept as it was sent.
pub(super) struct KeptChange;

impl Read for KeptChange {
    type Out = (BulkChange, BulkUpdate);

    fn read(&self, value: Value, path: &str, report: &mut Report) -> Option<Self::Out> {
        let kept = report.keep(path, BulkChange::new(value.to_string()));
        let EachChange(update) = object::<EachChange>().read(value, path, report)?;
        Some((kept?, update))
    }

    fn schema(&self, definitions: &mut Definitions) -> Value {
        object::<EachChange>().schema(definitions)
    }
}

/// What a kept change means.
///
/// # Errors
/// Why it cannot be read any more.
pub(crate) fn kept(change: &BulkChange, shop: Shop) -> Result<BulkUpdate, String> {
    let value = serde_json::from_str(change.as_str()).map_err(|error| error.to_string())?;
    let mut report = Report::new(shop);
    let read = report.object::<EachChange>(value, "");
    report.finish(read).map(|EachChange(update)| update).map_err(|error| error.to_string())
}

/// The columns of an export that have what a change may change.
pub(crate) fn columns(change: &BulkChange, given: &[(String, AttributeInput)]) -> Vec<Column> {
    let value: Value = serde_json::from_str(change.as_str()).unwrap_or_default();
    let mut names: Vec<_> = value.as_object().into_iter().flat_map(|members| members.keys().cloned()).collect();
    // Given alone, its text becomes the description.
    if names.iter().any(|name| name == "description_html") && !names.iter().any(|name| name == "description") {
        names.push("description".to_owned());
    }
    let of_attribute = |code: &String| Column::parse(code).or_else(|| Column::parse(&format!("attr.{code}")));
    let fields = names.iter().filter_map(|name| Column::parse(name));
    fields.chain(given.iter().filter_map(|(code, _)| of_attribute(code))).collect()
}

/// A change of the products that a filter finds now.
pub(crate) struct Selected {
    pub select: CollectionFilter,
    pub change: BulkChange,
    pub update: BulkUpdate,
}

impl Selected {
    /// The command that begins it, with the products that are found now.
    ///
    /// # Errors
    /// If the filter is refused, or finds too many.
    pub async fn command(self, state: &State) -> Result<CreateBulkImport, Problem> {
        let Self { select, change, update } = self;
        let of_select = |fault: FieldError| FieldError { field: format!("select.{}", fault.field), ..fault };
        let refused =
            |faults: Vec<FieldError>| application::Error::Invalid(faults.into_iter().map(of_select).collect());
        let search = words(&select).map_err(|fault| refused(vec![fault]))?;
        let others = select.parameters().iter().filter(|(name, _)| *name != WORDS);
        let narrowed = Narrowed::of(others, state).map_err(refused)?;
        let lost = narrowed.sought.lost(state).await?;
        if !lost.is_empty() {
            return Err(refused(lost).into());
        }
        let bulk = Bulk { select, change };
        let Some(filter) = narrowed.filter(state).await? else {
            return Ok(CreateBulkImport { bulk, update, products: Vec::new() });
        };
        let filter = ProductFilter { search, ..filter };
        let found = state.queries.catalogue.passing(&filter, Bulk::MOST_PRODUCTS).await?;
        let count = if found.is_none() {
            let counts = state.counts.counts(&Question { filter, facets: Vec::new() }).await?;
            counts.map(|counts| counts.total)
        } else {
            None
        };
        let products = Bulk::products(found, count).map_err(|invalid| application::Error::field("select", invalid))?;
        Ok(CreateBulkImport { bulk, update, products })
    }
}

#[cfg(test)]
mod tests {
    use domain::products::Repricing;

    use super::*;

    fn read(change: &Value) -> Result<BulkUpdate, String> {
        kept(&BulkChange::new(change.to_string()).unwrap(), crate::example::shop())
    }

    #[test]
    fn a_change_of_many_products_changes_something_and_nothing_that_one_product_alone_has_r232() {
        for good in [json!({"status": "archived"}), json!({"barcode": null}), EachChange::example()] {
            assert!(read(&good).is_ok(), "{good}");
        }
        for bad in [
            json!({}),
            json!({"slug": "mug"}),
            json!({"barcode": "4006381333931"}),
            json!({"sku": "a"}),
            json!({"id": 1}),
        ] {
            assert!(read(&bad).is_err(), "{bad}");
        }
        let percent = read(&json!({"price": {"percent": -10}})).unwrap().price;
        assert!(matches!(percent, Some(Repricing::Percent(_))));
    }

    #[test]
    fn the_values_before_a_change_have_the_columns_of_an_export_r232() {
        let change = json!({"price": {"percent": 5}, "description_html": "<p>x</p>", "attributes": {"tag": null, "colour": "blue"}});
        let update = read(&change).unwrap();
        let columns = columns(&BulkChange::new(change.to_string()).unwrap(), &update.given);
        let mut names: Vec<_> = columns.iter().map(Column::name).collect();
        names.sort_unstable();
        assert_eq!(names, ["attr.colour", "description", "description_html", "price", "tag"]);
    }
}
