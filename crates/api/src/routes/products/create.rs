use std::sync::Arc;

use application::groups::{MadeProduct, MakeProduct, Values};
use domain::Price;
use domain::groups::GroupId;
use domain::media::{Gallery, Placed};
use domain::products::ProductName;
use serde_json::{Value, json};

use super::super::groups::OptionValues;
use super::TAG;
use super::body::ProductBody;
use super::fields::ProductFields;
use super::media::as_gallery;
use crate::context::State;
use crate::example;
use crate::extract::read::{id, list_or_none, object, text};
use crate::extract::{Fields, FromFields, IdempotentBody, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::{Created, Idempotent};

/// The place of a product that is made in a group.
struct InGroup {
    id: GroupId,
    values: Values,
}

impl FromFields for InGroup {
    const NAME: &'static str = "NewProductInGroup";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let id = fields.required("id", &id(GroupId));
        let values = fields.optional("values", &OptionValues);
        Some(Self { id: id?, values: values?.unwrap_or_default() })
    }

    fn example() -> Value {
        json!({ "id": example::id(), "values": { "size": "m" } })
    }
}

impl FromFields for MakeProduct {
    const NAME: &'static str = "NewProduct";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let name = fields.required("name", &text(ProductName::parse));
        let price = fields.required("price", &object::<Price>());
        let rest = ProductFields::take(fields);
        let media = fields.optional("media", &list_or_none(object::<Placed>(), Gallery::MOST));
        let group = fields.optional("group", &object::<InGroup>());
        let media = match media? {
            Some(placed) => as_gallery(placed, fields),
            None => Some(Gallery::default()),
        };
        let group = group?.map(|InGroup { id, values }| (id, values));
        Some(Self { product: rest?.made(Some(name?), price?), media: media?, group })
    }

    fn example() -> Value {
        json!({
            "name": "Blue mug",
            "price": Price::example(),
            "compare_at_price": { "amount": 2499, "currency": "USD" },
            "sku": "MUG-B",
            "barcode": "4006381333931",
            "description": "Holds 300 ml, and goes into the dishwasher.",
            "slug": "blue-mug",
            "seo_title": "A blue mug of stoneware",
            "tax_class": "standard",
            "weight_grams": 350,
            "shippable": true,
            "initial_stock": 10,
            "attributes": { "category": ["mugs"], "tag": ["new"] },
        })
    }
}

pub(crate) const CREATE: Operation = Operation::new(
    TAG,
    "createProduct",
    "Create a product with its stock",
    "With its first stock, if any, what it has of `attributes`, as in `PUT /products/{id}/attributes`, its pictures, as in `PUT \
     /products/{id}/media`, and its place in a `group`, as in `POST /product-groups/{id}/products`: all of it, or nothing. No two \
     products have the same SKU or barcode. `compare_at_price` must be above the price. With an `available_from` in the \
     future it is stored as `scheduled`, and is for sale from then on. Without a `slug` one is made of the name. \
     `description_html` is cleaned; given alone, its text becomes the `description`.",
)
.problems(&[Kind::DUPLICATE, Kind::DUPLICATE_COMBINATION, Kind::IN_USE, Kind::TOO_MANY_THERE]);

pub(crate) async fn create(
    staff: Staff,
    state: Arc<State>,
    request: IdempotentBody<MakeProduct>,
) -> Result<Idempotent<Created<ProductBody>>, Problem> {
    let (shop, base) = (state.shop, state.media.base.clone());
    let present = move |made: &MadeProduct| {
        let MadeProduct { view, attributes, page, pictures } = made;
        let body = ProductBody::of(view, shop).for_staff(&view.product).whole(attributes);
        let body = body.pictured(pictures, &base).with_page(page, &base);
        Created::at(format!("/api/v1/products/{}", view.product.id), &body)
    };
    Ok(staff.runner(&state).run_once(request.claim, request.body, present).await?.try_into()?)
}
