//! What requests give of a collection.

use application::FieldError;
use domain::collections::{CollectionFilter, Pins, PinsFault};
use domain::products::ProductId;
use domain::{Code, Invalid, StoreError};
use serde_json::{Value, json};

use super::super::products::Narrowed;
use crate::context::State;
use crate::extract::read::{List, Read, id, list_or_none};
use crate::extract::{Fields, Report};
use crate::schema::Definitions;

/// The most characters of the name of a parameter that is refused.
const SHOWN: usize = 64;

/// Parser of a filter: an object of texts, by the names of parameters.
pub(in crate::routes) struct Parameters;

impl Read for Parameters {
    type Out = CollectionFilter;

    fn read(&self, value: Value, path: &str, report: &mut Report) -> Option<CollectionFilter> {
        let Value::Object(members) = value else {
            return report.keep(path, Err(Invalid::new(Code::WrongType, "must be an object")));
        };
        let read = members.into_iter().map(|(name, value)| match value {
            Value::String(text) if text.chars().count() <= CollectionFilter::LONGEST => Some((name, text)),
            refused => {
                let shown: String = name.chars().take(SHOWN).collect();
                let invalid = if refused.is_string() {
                    let message = format!("must have at most {} characters", CollectionFilter::LONGEST);
                    Invalid::new(Code::TooLong, message)
                } else {
                    Invalid::new(Code::WrongType, "must be a text, as in the query of a list of products")
                };
                report.keep(&format!("{path}.{shown}"), Err(invalid))
            }
        });
        let read: Vec<_> = read.collect();
        let parameters: Option<Vec<_>> = read.into_iter().collect();
        report.keep(path, CollectionFilter::new(parameters?))
    }

    fn schema(&self, _: &mut Definitions) -> Value {
        json!({
            "type": "object",
            "description": "Parameters of `GET /products` with their text, but for `collection`, `q`, `updated_after` and \
                what does not narrow a list.",
            "minProperties": 1,
            "maxProperties": CollectionFilter::MOST,
            "additionalProperties": { "type": "string", "maxLength": CollectionFilter::LONGEST },
        })
    }
}

/// Parser of pins.
pub(super) fn pins() -> List<impl Read<Out = ProductId>> {
    list_or_none(id(ProductId), Pins::MOST)
}

/// The products as pins; `None` after adding the refusal.
pub(super) fn as_pins(products: Vec<ProductId>, fields: &mut Fields<'_>) -> Option<Pins> {
    match Pins::new(products) {
        Ok(pins) => Some(pins),
        Err(fault @ PinsFault::Twice(place)) => {
            fields.refuse(&format!("pins[{place}]"), fault.invalid());
            None
        }
        Err(fault @ PinsFault::TooMany) => {
            fields.refuse("pins", fault.invalid());
            None
        }
    }
}

/// What is wrong with a filter: what a list of products would refuse, and names of what there is not.
pub(super) async fn refused(state: &State, filter: Option<&CollectionFilter>) -> Result<Vec<FieldError>, StoreError> {
    let Some(filter) = filter else { return Ok(Vec::new()) };
    let faults = match Narrowed::kept(filter, state) {
        Ok(narrowed) => narrowed.sought.lost(state).await?,
        Err(faults) => faults,
    };
    let of_filter = |fault: FieldError| FieldError { field: format!("filter.{}", fault.field), ..fault };
    Ok(faults.into_iter().map(of_filter).collect())
}
