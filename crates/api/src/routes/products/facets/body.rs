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
    pub(super) value: String,
    pub(super) name: String,
    /// How many products of the list have it.
    pub(super) count: i64,
    /// Whether the list is filtered by it.
    pub(super) selected: bool,
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

/// Values, and whether there are more.
pub(super) struct Values {
    pub(super) shown: Vec<FacetValueBody>,
    pub(super) more: bool,
}

impl FacetBody {
    pub(super) fn new(code: &str, name: &str) -> Self {
        let (code, name) = (code.to_owned(), name.to_owned());
        Self { code, name, values: None, more: None, min: None, max: None, buckets: None }
    }

    pub(super) fn with_values(self, Values { shown, more }: Values) -> Self {
        Self { values: Some(shown), more: Some(more), ..self }
    }

    /// Whether no product of the list has anything of it.
    pub(super) fn is_empty(&self) -> bool {
        self.min.is_none() && self.values.iter().flatten().all(|value| value.count == 0 && !value.selected)
    }

    /// Facets as the server might send them.
    pub(crate) fn examples(shop: Shop) -> Vec<Self> {
        let value = |value: &str, name: &str, count, selected| FacetValueBody {
            value: value.to_owned(),
            name: name.to_owned(),
            count,
            selected,
        };
        let colours = vec![value("blue", "Blue", 12, true), value("red", "Red", 7, false)];
        let spread = Counted {
            min: 1499,
            max: 2499,
            buckets: vec![Bucket { from: 1000, to: 2000, count: 8 }, Bucket { from: 2000, to: 3000, count: 4 }],
        };
        vec![
            Self::new("attr.colour", "Colour").with_values(Values { shown: colours, more: false }),
            counted(Self::new("price", "Price"), None, Some(spread), shop),
        ]
    }
}

/// A count as the API shows it.
pub(super) fn shown(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A facet of numbers of an attribute of this type, or of prices.
pub(super) fn counted(body: FacetBody, kind: Option<AttributeType>, counted: Option<Counted>, shop: Shop) -> FacetBody {
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

/// A facet of what is so or is not.
pub(super) fn flag(body: FacetBody, values: [(&str, u64, bool); 2]) -> FacetBody {
    let has_any = values.iter().any(|(_, count, selected)| *count > 0 || *selected);
    let value = |(word, count, selected): (&str, u64, bool)| FacetValueBody {
        value: word.to_owned(),
        name: if word == "true" { "Yes" } else { "No" }.to_owned(),
        count: shown(count),
        selected,
    };
    let shown = if has_any { values.into_iter().map(value).collect() } else { Vec::new() };
    body.with_values(Values { shown, more: false })
}
