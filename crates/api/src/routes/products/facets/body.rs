use application::products::{FacetChoice, FacetValue, FacetValues, ListFacet};
use domain::Shop;
use domain::attributes::{AttributeType, Scalar};
use domain::catalogue::{Bucket, Counted};
use serde::Serialize;
use serde_json::{Value, json};

use crate::respond::Money;
use crate::schema::{Apiv2Schema, DefaultSchemaRaw, with_schema};

/// A facet of a list of products: `values` of what one chooses, `min`, `max` and `buckets` of what has an order.
#[derive(Debug, Serialize, Apiv2Schema)]
#[openapi(rename = "Facet")]
pub(crate) struct FacetBody {
    /// The parameter that filters by it.
    code: String,
    name: String,
    /// By count, then by name; at most 100, and those that are chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    values: Option<Vec<FacetValueBody>>,
    /// Whether there are more values.
    #[serde(skip_serializing_if = "Option::is_none")]
    more: Option<bool>,
    /// The least price or number.
    #[serde(skip_serializing_if = "Option::is_none")]
    min: Option<BoundBody>,
    /// The greatest price or number.
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<BoundBody>,
    /// Ranges of round numbers beside each other, at most 8.
    #[serde(skip_serializing_if = "Option::is_none")]
    buckets: Option<Vec<BucketBody>>,
}

/// A value of a facet.
#[derive(Debug, Serialize, Apiv2Schema)]
#[openapi(rename = "FacetValue")]
pub(crate) struct FacetValueBody {
    /// What the parameter takes: a slug, `true` or `false`.
    value: String,
    name: String,
    /// How many products of the list have it.
    count: i64,
    /// Whether the list is filtered by it.
    selected: bool,
}

/// A range of a facet, and how many products are in it.
#[derive(Debug, Serialize, Apiv2Schema)]
#[openapi(rename = "FacetBucket")]
pub(crate) struct BucketBody {
    /// The least that is in the range.
    from: BoundBody,
    /// The least that is above the range.
    to: BoundBody,
    count: i64,
}

/// An end of a range.
#[derive(Debug, Serialize)]
pub(crate) struct BoundBody(Value);

impl Apiv2Schema for BoundBody {
    fn raw_schema() -> DefaultSchemaRaw {
        with_schema(json!({
            "description": "Money as everywhere else; a whole number; a decimal such as `0.35` and a day such as \
                `2026-11-27` as texts.",
        }))
    }
}

impl FacetBody {
    fn new(code: &str, name: &str) -> Self {
        let (code, name) = (code.to_owned(), name.to_owned());
        Self { code, name, values: None, more: None, min: None, max: None, buckets: None }
    }

    /// A facet with what there is to choose of it.
    pub(super) fn of(facet: &ListFacet<'_>, choice: FacetChoice, shop: Shop) -> Self {
        let body = Self::new(&facet.code, &facet.name);
        match choice {
            FacetChoice::Values(values) => body.with_values(values),
            FacetChoice::Numbers(numbers) => counted(body, facet.attribute.map(|one| one.kind), numbers, shop),
        }
    }

    fn with_values(self, FacetValues { shown, has_more }: FacetValues) -> Self {
        let values = shown.into_iter().map(FacetValueBody::from).collect();
        Self { values: Some(values), more: Some(has_more), ..self }
    }

    /// Facets as the server might send them.
    pub(crate) fn examples(shop: Shop) -> Vec<Self> {
        let value = |value: &str, name: &str, count, is_chosen| FacetValue {
            value: value.to_owned(),
            name: name.to_owned(),
            count,
            is_chosen,
        };
        let colours = vec![value("blue", "Blue", 12, true), value("red", "Red", 7, false)];
        let spread = Counted {
            min: 1499,
            max: 2499,
            buckets: vec![Bucket { from: 1000, to: 2000, count: 8 }, Bucket { from: 2000, to: 3000, count: 4 }],
        };
        vec![
            Self::new("attr.colour", "Colour").with_values(FacetValues { shown: colours, has_more: false }),
            counted(Self::new("price", "Price"), None, Some(spread), shop),
        ]
    }
}

impl From<FacetValue> for FacetValueBody {
    fn from(FacetValue { value, name, count, is_chosen }: FacetValue) -> Self {
        Self { value, name, count: shown(count), selected: is_chosen }
    }
}

/// A count as the API shows it.
fn shown(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A facet of numbers of an attribute of this type, or of prices.
fn counted(body: FacetBody, kind: Option<AttributeType>, counted: Option<Counted>, shop: Shop) -> FacetBody {
    let Some(Counted { min, max, buckets }) = counted else {
        return FacetBody { buckets: Some(Vec::new()), ..body };
    };
    let bound = |number: i64| {
        BoundBody(match kind {
            None => json!(Money::from(domain::Money { amount: number, currency: shop.currency })),
            Some(kind) => match Scalar::from_trusted(kind, None, Some(number)) {
                Some(Scalar::Integer(number)) => number.into(),
                Some(other) => other.to_string().into(),
                None => number.into(),
            },
        })
    };
    let bucket =
        |bucket: &Bucket| BucketBody { from: bound(bucket.from), to: bound(bucket.to), count: shown(bucket.count) };
    let buckets = buckets.iter().map(bucket).collect();
    FacetBody { min: Some(bound(min)), max: Some(bound(max)), buckets: Some(buckets), ..body }
}
