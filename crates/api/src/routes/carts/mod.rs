//! The caller's own cart.

mod body;
pub(super) mod items;

use std::sync::Arc;

use application::carts::ClearCart;

use self::body::CartBody;
use crate::context::State;
use crate::extract::{IfMatch, Shopper};
use crate::operation::{Operation, Tag};
use crate::problem::Problem;
use crate::respond::{NoContent, Resource};

pub(super) const TAG: &Tag = &Tag { name: "Cart", description: "What the caller is about to order." };

pub(crate) const SHOW: Operation = Operation::new(
    TAG,
    "showCart",
    "Show the cart",
    "Prices and stock are today's. A product that is gone has neither name nor price.",
);

pub(crate) async fn show(shopper: Shopper, state: Arc<State>) -> Result<Resource<CartBody>, Problem> {
    let cart = state.queries.carts.get(shopper.0).await?;
    Ok(Resource(CartBody::of(&cart, state.shop)))
}

pub(crate) const CLEAR: Operation = Operation::new(TAG, "clearCart", "Empty the cart", "An empty cart stays empty.");

pub(crate) async fn clear(shopper: Shopper, state: Arc<State>, expected: IfMatch) -> Result<NoContent, Problem> {
    state.runner.run(ClearCart { customer_id: shopper.0, expected: expected.0 }).await?;
    Ok(NoContent)
}
