use actix_web::web::Data;
use application::products::CreateProduct;
use domain::Price;
use domain::products::{Description, ProductDetails, ProductName, Sku};
use domain::stock::InitialStock;
use paperclip::actix::api_v2_operation;
use serde_json::{Value, json};

use super::body::ProductBody;
use crate::answer::{Created, Kept};
use crate::extract::read::{integer, object, text};
use crate::extract::{Admin, Fields, FromFields, Once};
use crate::refused::Refused;
use crate::state::State;

impl FromFields for CreateProduct {
    const NAME: &'static str = "NewProduct";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let name = fields.required("name", &text(ProductName::parse));
        let price = fields.required("price", &object::<Price>());
        let sku = fields.optional("sku", &text(Sku::parse));
        let description = fields.optional("description", &text(Description::parse));
        let initial_stock = fields.optional("initial_stock", &integer(InitialStock::parse));
        let details = ProductDetails { name: name?, price: price?, sku: sku?, description: description? };
        Some(Self { details, initial_stock: initial_stock?.unwrap_or_default() })
    }

    fn example() -> Value {
        json!({
            "name": "Blue mug",
            "price": Price::example(),
            "sku": "MUG-B",
            "description": "Holds 300 ml, and goes into the dishwasher.",
            "initial_stock": 10,
        })
    }
}

/// Put a product on sale
///
/// With its first stock, if any. No two products have the same SKU.
#[api_v2_operation(tags(Products), operation_id = "createProduct")]
pub(crate) async fn create(
    admin: Admin,
    state: Data<State>,
    once: Once<CreateProduct>,
) -> Result<Kept<Created<ProductBody>>, Refused<CreateProduct>> {
    let shop = state.shop;
    let present = move |view: &domain::products::ProductView| {
        Created::at(format!("/api/v1/products/{}", view.product.id), &ProductBody::of(view, shop))
    };
    Ok(admin.runner(&state).run_once(once.claim, once.body, present).await?.try_into()?)
}
