use std::sync::Arc;

use application::products::{EachOutcome, ProductKey, ProductUpdate, UpdateProducts, update_each};
use application::{ChangeOutcome, Error, Response};
use domain::imports::Import;
use domain::products::{Addition, PercentChange, ProductId, Repricing, Sku};
use domain::{Code, Invalid, Price, Rule, Ruled, Uuid, Version};
use serde::Serialize;
use serde_json::{Value, json};

use super::super::imports::ImportBody;
use super::TAG;
use super::bulk::{KeptChange, Select, Selected};
use super::given::GivenAttributes;
use super::update::Change;
use crate::context::State;
use crate::example;
use crate::extract::read::{id, integer, list, object, shop_currency, text, unchecked_integer};
use crate::extract::{Fields, FromFields, IdempotentBody, Staff};
use crate::operation::{Operation, Signature};
use crate::problem::{BatchResult, Kind, Problem};
use crate::respond::{self, Accepted, Body, Idempotent, Updated};
use crate::schema::{Apiv2Schema, ResponseBody};

/// The most products in one request.
const MOST: usize = 500;

/// Whether a refused change refuses the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    All,
    Each,
}

impl Mode {
    fn parse(raw: &str) -> Result<Self, Invalid> {
        match raw {
            "all" => Ok(Self::All),
            "each" => Ok(Self::Each),
            _ => Err(Invalid::new(Code::NotAllowed, "must be one of: all, each")),
        }
    }
}

impl Ruled for Mode {
    fn rule() -> Rule {
        Rule::OneOf(vec!["all", "each"])
    }
}

/// Changes of many products.
pub(crate) enum Batch {
    /// Each named, with its own change.
    Named { updates: Vec<ProductUpdate>, mode: Mode },
    /// One change of what a filter finds.
    Selected(Box<Selected>),
}

impl FromFields for Batch {
    const NAME: &'static str = "ProductBatch";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let items = fields.optional("items", &list(object::<Item>(), MOST));
        let mode = fields.optional("mode", &text(Mode::parse));
        let select = fields.optional("select", &Select);
        let change = fields.optional("change", &KeptChange);
        let (items, mode) = match (items?, mode?, select?, change?) {
            (Some(items), mode, None, None) => (items, mode),
            (None, None, Some(select), Some((change, update))) => {
                return Some(Self::Selected(Box::new(Selected { select, change, update })));
            }
            (None, _, None, None) => {
                fields.refuse("items", Invalid::new(Code::Required, "is required, or else select and change"));
                return None;
            }
            _ => {
                let rule = "must have either items, which mode may be for, or select and change";
                fields.refuse_object(Invalid::new(Code::Excluded, rule));
                return None;
            }
        };
        let updates: Vec<_> = items.into_iter().map(|Item(update)| update).collect();
        if updates.is_empty() {
            fields.refuse("items", Invalid::new(Code::TooShort, "must have at least one element"));
            return None;
        }
        Some(Self::Named { updates, mode: mode.unwrap_or(Mode::All) })
    }

    fn example() -> Value {
        json!({ "items": [Item::example(), { "sku": "MUG-R", "status": "archived" }], "mode": "all" })
    }
}

/// The change of one product.
struct Item(ProductUpdate);

impl FromFields for Item {
    const NAME: &'static str = "ProductBatchItem";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let id = fields.optional("id", &id(ProductId));
        let sku = fields.change_or_clear("sku", &text(Sku::parse));
        let version = fields.optional("version", &unchecked_integer(Rule::integer(1, i64::MAX)));
        let price = fields.optional("price", &object::<PriceStep>());
        let change = Change::from_others(fields);
        let attributes = fields.optional("attributes", &GivenAttributes);
        let (product, sku) = match (id?, sku?) {
            (Some(id), sku) => (ProductKey::Id(id), sku),
            (None, Some(Some(sku))) => (ProductKey::Sku(sku), None),
            (None, _) => {
                fields.refuse("id", Invalid::new(Code::Required, "is required, or else a sku"));
                return None;
            }
        };
        let Change { mut of_product, page } = change?;
        of_product.sku = sku;
        let price = price?.map(|PriceStep(repricing)| repricing);
        let (expected, given) = (version?.map(Version), attributes?.unwrap_or_default());
        Some(Self(ProductUpdate { product, expected, change: of_product, price, page, given }))
    }

    fn example() -> Value {
        json!({ "id": example::ID, "version": 3, "price": { "percent": -10 }, "attributes": { "tag": ["sale"] } })
    }
}

/// How a price changes: to an amount, by a percentage, or by an amount.
pub(super) struct PriceStep(pub(super) Repricing);

impl FromFields for PriceStep {
    const NAME: &'static str = "PriceStep";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let currency = shop_currency(fields.shop());
        let amount = fields.optional("amount", &integer(Price::parse));
        let currency = fields.optional("currency", &currency);
        let percent = fields.optional("percent", &integer(PercentChange::parse));
        let add = fields.optional("add", &object::<Added>());
        let (amount, currency, percent, add) = (amount?, currency?, percent?, add?);
        let step = match (amount, currency, percent, add) {
            (Some(price), Some(_), None, None) => Repricing::To(price),
            (None, None, Some(percent), None) => Repricing::Percent(percent),
            (None, None, None, Some(Added(amount))) => Repricing::Add(amount),
            _ => {
                let rule = "must have either an amount and its currency, or a percent, or what to add";
                fields.refuse_object(Invalid::new(Code::Excluded, rule));
                return None;
            }
        };
        Some(Self(step))
    }

    fn example() -> Value {
        json!({ "percent": -10 })
    }
}

/// An amount of money that is added; a negative one is taken away.
struct Added(Addition);

impl FromFields for Added {
    const NAME: &'static str = "PriceAddition";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let currency = shop_currency(fields.shop());
        let amount = fields.required("amount", &integer(Addition::parse));
        fields.required("currency", &currency).and(amount).map(Self)
    }

    fn example() -> Value {
        json!({ "amount": -100, "currency": "USD" })
    }
}

/// What became of changes of many products, in their order.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "ProductBatchResults")]
pub(crate) struct BatchBody {
    results: Vec<BatchResult>,
}

impl ResponseBody for BatchBody {
    fn example() -> Self {
        let id = ProductId(Uuid::try_parse(example::ID).unwrap_or_default());
        let refused = BatchResult::refused(1, None, Error::NotFound("product").into());
        Self { results: vec![BatchResult::done(0, id), refused] }
    }
}

/// Results are no resource.
impl Body for BatchBody {
    fn version(&self) -> Option<i64> {
        None
    }
}

pub(crate) const BATCH: Operation = Operation::new(
    TAG,
    "batchProducts",
    "Change many products at once",
    "Up to 500, each with its `id`, or else its `sku`, and the fields of `PATCH /products/{id}`, `attributes` as in `PUT \
     /products/{id}/attributes`, and a `price` to change to, a `percent` of it, which is rounded half up to the minor \
     unit, or an amount to `add`. With `mode` `all` every change is done or none: a refused one is a 422 \
     `/problems/batch-refused`, whose `results` tell the problem of each. With `each` every change is on its own, and the \
     answer tells what became of it. A change of a `version` that is past is refused. With an `Idempotency-Key` each \
     change is done once, also if the request is sent again after it was interrupted.\n\nWith `select` and `change` in place \
     of `items`, one change is done to up to 10,000 products, those that the filter finds now. The answer is a 202 with an \
     import of the kind `bulk`: it is checked first, and nothing is changed before it is started.",
)
.problems(&[Kind::BATCH_REFUSED]);

/// What a batch leads to: results, or an import.
pub(crate) struct BatchOutcome;

impl respond::Outcome for BatchOutcome {
    fn describe(signature: &mut Signature) {
        <Accepted<ImportBody> as respond::Outcome>::describe(signature);
        signature.others.extend(signature.success.take());
        <Updated<BatchBody> as respond::Outcome>::describe(signature);
    }
}

pub(crate) async fn batch(
    staff: Staff,
    state: Arc<State>,
    request: IdempotentBody<Batch>,
) -> Result<Idempotent<BatchOutcome>, Problem> {
    let (runner, IdempotentBody { body, claim }) = (staff.runner(&state), request);
    let (updates, mode) = match body {
        Batch::Named { updates, mode } => (updates, mode),
        Batch::Selected(selected) => {
            let currency = state.shop.currency;
            let present = move |import: &Import| Accepted::with(&ImportBody::of(import, currency));
            let create = selected.command(&state).await?;
            return Ok(runner.run_once(claim, create, present).await?.try_into()?);
        }
    };
    let done = match mode {
        Mode::All => {
            let present = |outcomes: &Vec<ChangeOutcome>| Updated::with(&BatchBody { results: results(outcomes) });
            runner.run_once(claim, UpdateProducts(updates), present).await?
        }
        Mode::Each => {
            let claim = claim.map(|claim| claim.split(updates.len())).transpose();
            let claim = claim.map_err(|invalid| too_long(&invalid))?;
            let done = update_each(&runner, claim, updates).await?;
            let results = done.into_iter().enumerate().map(result).collect();
            Response::First(Updated::with(&BatchBody { results }))
        }
    };
    Ok(done.try_into()?)
}

fn results(outcomes: &[ChangeOutcome]) -> Vec<BatchResult> {
    let done = outcomes.iter().enumerate().filter_map(|(index, outcome)| Some(BatchResult::done(index, outcome.id?)));
    done.collect()
}

fn result((index, outcome): (usize, EachOutcome)) -> BatchResult {
    match outcome {
        EachOutcome::Done(id) => BatchResult::done(index, id),
        EachOutcome::Refused(known, error) => BatchResult::refused(index, known, error.into()),
        EachOutcome::NotTried(known) => {
            let problem = Problem::new(Kind::UNAVAILABLE, "It was not tried: the database did not answer before.");
            BatchResult::refused(index, known, problem)
        }
    }
}

fn too_long(invalid: &Invalid) -> Problem {
    Problem::new(Kind::BAD_HEADER, format!("Idempotency-Key {} with the number of a change.", invalid.message))
}
