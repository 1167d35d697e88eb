//! What products have of attributes.

use std::collections::HashMap;
use std::sync::Arc;

use application::assignments::{AssignAttributes, ProductAttributes};
use domain::StoreError;
use domain::assignments::{ShownAttribute, ShownTerm, ShownValue};
use domain::attributes::{AttributeCode, AttributeName, AttributeType, Scalar, Unit};
use domain::products::ProductId;
use domain::slugs::Slug;
use domain::terms::{CategoryNode, TermId, TermKey, TermName};
use serde::Serialize;
use serde_json::{Value, json};

use super::TAG;
use super::given::Assignment;
use crate::context::State;
use crate::extract::{Body, IfMatch, Path, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::{Resource, Word};
use crate::schema::{Apiv2Schema, DefaultSchemaRaw, ResponseBody, with_schema};
use crate::{example, respond};

/// What a product has of an attribute: `values` of a choice, `value` of another type.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "ProductAttribute")]
pub(crate) struct ProductAttributeBody {
    code: String,
    name: String,
    #[serde(rename = "type")]
    kind: Word<AttributeType>,
    /// The unit of a number; null without one.
    unit: Option<String>,
    /// The terms, the main one first.
    #[serde(skip_serializing_if = "Option::is_none")]
    values: Option<Vec<ProductTermBody>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<ValueBody>,
}

/// A term of a product.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "ProductTerm")]
pub(crate) struct ProductTermBody {
    slug: String,
    name: String,
}

/// A category on the way to a product.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "Breadcrumb")]
pub(crate) struct BreadcrumbBody {
    slug: String,
    name: String,
}

/// A text, a number, true or false, a day; a decimal as a text.
#[derive(Serialize)]
pub(crate) struct ValueBody(Value);

impl Apiv2Schema for ValueBody {
    fn raw_schema() -> DefaultSchemaRaw {
        with_schema(json!({
            "description": "A text, a whole number, true or false; a decimal such as `0.35` and a day such as `2026-11-27` \
                as texts.",
        }))
    }
}

/// What a product has of attributes.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "ProductAttributes")]
pub(crate) struct ProductAttributesBody {
    /// In order of the attributes' positions.
    attributes: Vec<ProductAttributeBody>,
    /// The main category and those above it, from the top down.
    breadcrumbs: Vec<BreadcrumbBody>,
    /// The version of the product.
    version: i64,
}

impl From<&ShownAttribute> for ProductAttributeBody {
    fn from(shown: &ShownAttribute) -> Self {
        let (values, value) = match &shown.value {
            ShownValue::Terms(terms) => (Some(terms.iter().map(ProductTermBody::from).collect()), None),
            ShownValue::Value(value) => (None, Some(value.into())),
        };
        Self {
            code: shown.code.to_string(),
            name: shown.name.to_string(),
            kind: shown.kind.as_str().into(),
            unit: shown.unit.as_ref().map(ToString::to_string),
            values,
            value,
        }
    }
}

impl From<&ShownTerm> for ProductTermBody {
    fn from(term: &ShownTerm) -> Self {
        Self { slug: term.slug.to_string(), name: term.name.to_string() }
    }
}

impl From<&Scalar> for ValueBody {
    fn from(value: &Scalar) -> Self {
        Self(match value {
            Scalar::Integer(number) => (*number).into(),
            Scalar::Boolean(value) => (*value).into(),
            text @ (Scalar::Text(_) | Scalar::Decimal(_) | Scalar::Date(_)) => text.to_string().into(),
        })
    }
}

impl From<&CategoryNode> for BreadcrumbBody {
    fn from(node: &CategoryNode) -> Self {
        Self { slug: node.slug.to_string(), name: node.name.to_string() }
    }
}

impl ProductAttributesBody {
    pub(in crate::routes) fn of(has: &ProductAttributes, version: i64) -> Self {
        Self {
            attributes: has.attributes.iter().map(ProductAttributeBody::from).collect(),
            breadcrumbs: has.breadcrumbs.iter().map(BreadcrumbBody::from).collect(),
            version,
        }
    }
}

impl ResponseBody for ProductAttributesBody {
    fn example() -> Self {
        Self::of(&example(), 2)
    }
}

impl respond::Body for ProductAttributesBody {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

/// What a product has, for examples.
pub(super) fn example() -> ProductAttributes {
    let text = |text: &str| text.to_owned();
    let (slug, name) = (Slug::from_trusted(text("mugs")), TermName::from_trusted(text("Mugs")));
    let term = ShownTerm { id: TermId(example::id()), slug: slug.clone(), name: name.clone() };
    let category = ShownAttribute {
        code: AttributeCode::category(),
        name: AttributeName::from_trusted(text("Category")),
        kind: AttributeType::Choice,
        unit: None,
        is_internal: false,
        is_inherited: false,
        value: ShownValue::Terms(vec![term]),
    };
    let capacity = ShownAttribute {
        code: AttributeCode::from_trusted(text("capacity_ml")),
        name: AttributeName::from_trusted(text("Capacity")),
        kind: AttributeType::Integer,
        unit: Some(Unit::from_trusted(text("ml"))),
        is_internal: false,
        is_inherited: false,
        value: ShownValue::Value(Scalar::Integer(350)),
    };
    let id = TermId(example::id());
    let mugs = CategoryNode { id, parent_id: None, slug, name, position: domain::attributes::Position::default() };
    ProductAttributes { attributes: vec![category, capacity], breadcrumbs: vec![mugs] }
}

/// What a product has, as staff or somebody else sees it.
pub(super) async fn of(state: &State, id: ProductId, sees_all: bool) -> Result<ProductAttributes, StoreError> {
    let attributes = of_all(state, &[id], sees_all).await?.remove(&id).unwrap_or_default();
    let mut breadcrumbs = Vec::new();
    if let Some(main) = attributes.iter().find_map(ShownAttribute::main_category) {
        let taxonomy = state.taxonomies.current().await?;
        let tree = taxonomy.categories();
        let own = tree.find(&TermKey::Id(main)).map(|category| &category.node);
        breadcrumbs = tree.ancestors(main).into_iter().chain(own).cloned().collect();
    }
    Ok(ProductAttributes { attributes, breadcrumbs })
}

/// The same of several products. Where no attribute is used, nothing is read.
pub(super) async fn of_all(
    state: &State,
    ids: &[ProductId],
    sees_all: bool,
) -> Result<HashMap<ProductId, Vec<ShownAttribute>>, StoreError> {
    if ids.is_empty() || !state.taxonomies.current().await?.is_used() {
        return Ok(HashMap::new());
    }
    let mut shown = state.queries.assignments.shown(ids).await?;
    if !sees_all {
        for attributes in shown.values_mut() {
            attributes.retain(|attribute| !attribute.is_internal);
        }
    }
    Ok(shown)
}

pub(crate) const ASSIGN: Operation = Operation::new(
    TAG,
    "assignAttributes",
    "Give a product terms and values of attributes",
    "What is given replaces what the product had of the same attributes; others stay, and null takes away. Terms are named \
     by slug or id. Tags that do not exist are made. The first category is the main one, to which the `breadcrumbs` lead. \
     A product has at most 100 terms. In a product group, null goes back to what the group has, and its options are \
     refused: `PATCH /product-groups/{id}/products/{product_id}` changes their terms.",
)
.problems(&[Kind::IN_USE, Kind::TOO_MANY_THERE]);

pub(crate) async fn assign(
    staff: Staff,
    state: Arc<State>,
    id: Path<ProductId>,
    expected: IfMatch,
    given: Body<Assignment>,
) -> Result<Resource<ProductAttributesBody>, Problem> {
    let assign = AssignAttributes { product_id: id.0, given: given.0.0, expected: expected.0 };
    let (version, has) = staff.runner(&state).run(assign).await?;
    Ok(Resource(ProductAttributesBody::of(&has, version.0)))
}
