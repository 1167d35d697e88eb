use std::sync::Arc;

use application::carts::{AddItem, RemoveItem, SetItem};
use domain::Quantity;
use domain::carts::{Cart, LineChange};
use domain::products::ProductId;
use serde_json::{Value, json};

use super::TAG;
use super::body::CartBody;
use crate::context::State;
use crate::example;
use crate::extract::read::{id, integer};
use crate::extract::{Body, Fields, FromFields, IdempotentBody, IfMatch, Path, Shopper};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::{Idempotent, Resource, Updated};

/// Units of a product.
pub(crate) struct Item {
    pub(crate) product_id: ProductId,
    pub(crate) quantity: Quantity,
}

impl FromFields for Item {
    const NAME: &'static str = "Item";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let product_id = fields.required("product_id", &id(ProductId));
        let quantity = fields.required("quantity", &integer(Quantity::parse));
        Some(Self { product_id: product_id?, quantity: quantity? })
    }

    fn example() -> Value {
        json!({ "product_id": example::ID, "quantity": 2 })
    }
}

/// How many are wanted; none takes the line away.
pub(crate) struct NewQuantity(LineChange);

impl FromFields for NewQuantity {
    const NAME: &'static str = "NewQuantity";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        fields.required("quantity", &integer(LineChange::parse)).map(Self)
    }

    fn example() -> Value {
        json!({ "quantity": 3 })
    }
}

pub(crate) const ADD: Operation = Operation::new(
    TAG,
    "addCartItem",
    "Add units of a product to the cart",
    "On top of those that are in it: at most 999 of a product, at most 100 products. Nothing is reserved. 422 if the product is archived or deleted.",
)
.problems(&[Kind::CART_LINE_FULL, Kind::CART_FULL]);

pub(crate) async fn add(
    shopper: Shopper,
    state: Arc<State>,
    request: IdempotentBody<Item>,
) -> Result<Idempotent<Updated<CartBody>>, Problem> {
    let IdempotentBody { body: Item { product_id, quantity }, claim } = request;
    let add = AddItem { customer_id: shopper.0, product_id, quantity };
    let shop = state.shop;
    let present = move |cart: &Cart| Updated::with(&CartBody::of(cart, shop));
    Ok(state.runner.run_once(claim, add, present).await?.try_into()?)
}

pub(crate) const SET: Operation = Operation::new(
    TAG,
    "setCartItem",
    "Set the quantity of a product in the cart",
    "0 takes the product out of it. 404 if it is not in it. Of a product that was archived or deleted since, fewer are possible, and more are a 422.",
);

pub(crate) async fn set(
    shopper: Shopper,
    state: Arc<State>,
    product_id: Path<ProductId>,
    expected: IfMatch,
    quantity: Body<NewQuantity>,
) -> Result<Resource<CartBody>, Problem> {
    let (customer_id, NewQuantity(change)) = (shopper.0, quantity.0);
    let set = SetItem { customer_id, product_id: product_id.0, change, expected: expected.0 };
    let cart = state.runner.run(set).await?;
    Ok(Resource(CartBody::of(&cart, state.shop)))
}

pub(crate) const REMOVE: Operation =
    Operation::new(TAG, "removeCartItem", "Remove a product from the cart", "404 if it is not in it.");

pub(crate) async fn remove(
    shopper: Shopper,
    state: Arc<State>,
    product_id: Path<ProductId>,
    expected: IfMatch,
) -> Result<Resource<CartBody>, Problem> {
    let remove = RemoveItem { customer_id: shopper.0, product_id: product_id.0, expected: expected.0 };
    let cart = state.runner.run(remove).await?;
    Ok(Resource(CartBody::of(&cart, state.shop)))
}
