//! Products.

mod body;
pub(super) mod create;

use actix_web::web::Data;
use application::Error;
use domain::PageRequest;
use domain::products::{ProductId, ProductStatus};
use paperclip::actix::api_v2_operation;

use self::body::ProductBody;
use crate::answer::{Audience, Listed, Shown};
use crate::extract::{FromQuery, Params, Path, Query, Reader};
use crate::problem::Problem;
use crate::state::State;

/// Which products are wanted.
pub(crate) struct Wanted {
    status: Option<ProductStatus>,
    page: PageRequest,
}

impl FromQuery for Wanted {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        let status = params.optional("status", ProductStatus::parse);
        let page = params.page("products");
        Some(Self { status: status?, page: page? })
    }
}

/// List products
#[api_v2_operation(tags(Products), operation_id = "listProducts")]
pub(crate) async fn list(
    reader: Reader,
    state: Data<State>,
    wanted: Query<Wanted>,
) -> Result<Listed<ProductBody>, Problem> {
    let Wanted { status, page } = wanted.0;
    let page = state.products.list(&reader.products(status)?, &page).await?;
    Ok(Listed::new("products", page, |view| ProductBody::of(&view, state.shop)).to(Audience::Catalogue))
}

/// Show a product
#[api_v2_operation(tags(Products), operation_id = "showProduct")]
pub(crate) async fn show(
    reader: Reader,
    state: Data<State>,
    id: Path<ProductId>,
) -> Result<Shown<ProductBody>, Problem> {
    let view = state.products.get(id.0, &reader.products(None)?).await?.ok_or(Error::NotFound("product"))?;
    Ok(Shown::new(ProductBody::of(&view, state.shop)).to(Audience::Catalogue))
}
