//! Products.

mod body;
pub(super) mod create;
pub(super) mod delete;
pub(super) mod list;
pub(super) mod update;

use actix_web::web::Data;
use application::Error;
use domain::products::ProductId;
use paperclip::actix::api_v2_operation;

use self::body::ProductBody;
use crate::answer::{Catalogued, ready};
use crate::extract::{Path, Question, Reader};
use crate::problem::Problem;
use crate::state::State;

/// Show a product
///
/// Customers see active products only: others are a 404 for them.
#[api_v2_operation(tags(Products), operation_id = "showProduct")]
pub(crate) async fn show(
    reader: Reader,
    state: Data<State>,
    question: Question,
    id: Path<ProductId>,
) -> Result<Catalogued<ProductBody>, Problem> {
    let make = async {
        let view = state.products.get(id.0, reader.only()).await?;
        Ok(view.map(|view| ready(&ProductBody::of(&view, state.shop))))
    };
    let ready = state.product_responses.get_or_render(question.line(), Box::pin(make)).await?;
    Ok(ready.ok_or(Error::NotFound("product"))?.into())
}
