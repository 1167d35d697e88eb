//! The caller's own cart.

mod body;
pub(super) mod items;

use actix_web::web::Data;
use application::carts::ClearCart;
use paperclip::actix::api_v2_operation;

use self::body::CartBody;
use crate::answer::{NoContent, Shown};
use crate::extract::{IfMatch, Shopper};
use crate::problem::Problem;
use crate::state::State;

/// Show the cart
///
/// Prices and stock are today's. A product that is gone has neither name nor price.
#[api_v2_operation(tags(Cart), operation_id = "showCart")]
pub(crate) async fn show(shopper: Shopper, state: Data<State>) -> Result<Shown<CartBody>, Problem> {
    let cart = state.carts.get(shopper.0).await?;
    Ok(Shown::new(CartBody::of(&cart, state.shop)))
}

/// Take everything out of the cart
///
/// An empty cart stays empty.
#[api_v2_operation(tags(Cart), operation_id = "clearCart")]
pub(crate) async fn clear(shopper: Shopper, state: Data<State>, expected: IfMatch) -> Result<NoContent, Problem> {
    state.runner.run(ClearCart { customer_id: shopper.0, expected: expected.0 }).await?;
    Ok(NoContent)
}
