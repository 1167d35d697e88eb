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
use crate::answer::{Audience, Shown};
use crate::extract::{Path, Reader};
use crate::problem::Problem;
use crate::state::State;

/// Show a product
#[api_v2_operation(tags(Products), operation_id = "showProduct")]
pub(crate) async fn show(
    reader: Reader,
    state: Data<State>,
    id: Path<ProductId>,
) -> Result<Shown<ProductBody>, Problem> {
    let view = state.products.get(id.0, reader.only()).await?.ok_or(Error::NotFound("product"))?;
    Ok(Shown::new(ProductBody::of(&view, state.shop)).to(Audience::Catalogue))
}
