use std::sync::Arc;

use application::groups::{CreateGroup, NewMember, NewMembers, OptionInput};
use domain::groups::{Group, GroupName, GroupView, SkuPattern};
use domain::products::{Description, ProductId};
use domain::slugs::Slug;
use domain::{Code, Invalid, Price};
use serde_json::{Value, json};

use super::super::products::page;
use super::TAG;
use super::body::GroupBody;
use super::given::OptionValues;
use crate::context::State;
use crate::extract::read::{id, list_or_none, object, text};
use crate::extract::{Fields, FromFields, IdempotentBody, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::{Created, Idempotent};

/// Products that are made, one for each combination of terms.
struct Generate {
    price: Price,
    sku_pattern: Option<SkuPattern>,
}

impl FromFields for Generate {
    const NAME: &'static str = "GeneratedMembers";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let price = fields.required("price", &object::<Price>());
        let sku_pattern = fields.optional("sku_pattern", &text(SkuPattern::parse));
        Some(Self { price: price?, sku_pattern: sku_pattern? })
    }

    fn example() -> Value {
        json!({ "price": Price::example(), "sku_pattern": "TEE-{size}" })
    }
}

impl FromFields for CreateGroup {
    const NAME: &'static str = "NewProductGroup";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let name = fields.optional("name", &text(GroupName::parse));
        let slug = fields.optional("slug", &text(Slug::parse));
        let description = fields.optional("description", &text(Description::parse));
        let page = page(fields);
        let options = fields.required("options", &list_or_none(object::<OptionInput>(), Group::MOST_OPTIONS));
        let products = fields.optional("products", &list_or_none(object::<NewMember>(), Group::MOST_MEMBERS));
        let generate = fields.optional("generate", &object::<Generate>());
        let from = fields.optional("from", &id(ProductId));
        let values = fields.optional("values", &OptionValues);
        let (products, generate, from, values) = (products?, generate?, from?, values?);
        if products.is_some() && generate.is_some() {
            let message = "cannot be given together with products";
            fields.refuse("generate", Invalid::new(Code::Excluded, message));
            return None;
        }
        if values.is_some() && from.is_none() {
            fields.refuse("values", Invalid::new(Code::Excluded, "is for the product that `from` names"));
            return None;
        }
        let members = match generate {
            Some(Generate { price, sku_pattern }) => NewMembers::All { price, sku_pattern },
            None => NewMembers::Products(products.unwrap_or_default()),
        };
        let from = from.map(|id| (id, values.unwrap_or_default()));
        let page = page?;
        let description = page.described(description?);
        Some(Self { name: name?, slug: slug?, description, page, options: options?, members, from })
    }

    fn example() -> Value {
        json!({
            "name": "T-shirt",
            "description": "Of cotton.",
            "options": [{ "attribute": "size", "terms": ["s", "m"] }],
            "generate": { "price": Price::example(), "sku_pattern": "TEE-{size}" },
        })
    }
}

pub(crate) const CREATE: Operation = Operation::new(
    TAG,
    "createProductGroup",
    "Create a product group, with products that are made or one that is there",
    "`options` are up to 3 attributes that are choices with one term. `products` are made with their `values`, or \
     `generate` makes one for each combination of the `terms`, up to 250. `from` makes a product that is there the first \
     one: its id, stock, carts and orders stay. A product without a name of its own is called after the group and its \
     terms. Without options products of any kind stand together. \
     Without a `slug` one is made of the name, and `description_html` is cleaned, as by `POST /products`.",
)
.problems(&[Kind::DUPLICATE, Kind::DUPLICATE_COMBINATION, Kind::IN_USE, Kind::TOO_MANY_THERE]);

pub(crate) async fn create(
    staff: Staff,
    state: Arc<State>,
    request: IdempotentBody<CreateGroup>,
) -> Result<Idempotent<Created<GroupBody>>, Problem> {
    let (shop, base) = (state.shop, state.media.base.clone());
    let present =
        move |view: &GroupView| Created::at(GroupBody::location(view), &GroupBody::of(view, shop, &base, true));
    Ok(staff.runner(&state).run_once(request.claim, request.body, present).await?.try_into()?)
}
