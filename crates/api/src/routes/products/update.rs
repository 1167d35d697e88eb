use actix_web::web::Data;
use application::products::UpdateProduct;
use domain::Price;
use domain::products::{Description, ProductChange, ProductId, ProductName, ProductStatus, Sku};
use paperclip::actix::api_v2_operation;
use serde_json::{Value, json};

use super::body::ProductBody;
use crate::answer::Shown;
use crate::extract::read::{object, text};
use crate::extract::{Admin, Body, Fields, FromFields, IfMatch, Path};
use crate::refused::Refused;
use crate::state::State;

impl FromFields for ProductChange {
    const NAME: &'static str = "ProductChange";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let name = fields.change("name", &text(ProductName::parse));
        let price = fields.change("price", &object::<Price>());
        let sku = fields.change_or_clear("sku", &text(Sku::parse));
        let description = fields.change_or_clear("description", &text(Description::parse));
        let status = fields.change("status", &text(ProductStatus::parse));
        Some(Self { name: name?, price: price?, sku: sku?, description: description?, status: status? })
    }

    fn example() -> Value {
        json!({ "price": Price::example(), "status": "active" })
    }
}

/// Change a product; null takes its SKU or description away
///
/// Fields that are not named stay. An archived product is not for sale.
#[api_v2_operation(tags(Products), operation_id = "updateProduct")]
pub(crate) async fn update(
    admin: Admin,
    state: Data<State>,
    id: Path<ProductId>,
    expected: IfMatch,
    change: Body<ProductChange>,
) -> Result<Shown<ProductBody>, Refused<UpdateProduct>> {
    let update = UpdateProduct { id: id.0, change: change.0, expected: expected.0 };
    let view = admin.runner(&state).run(update).await?;
    Ok(Shown::new(ProductBody::of(&view, state.shop)))
}
