use async_trait::async_trait;

use super::{Cart, Line, Quantity};
use crate::customers::CustomerId;
use crate::products::{Offer, ProductId};
use crate::{StoreError, UtcDateTime};

/// Carts within a transaction.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait CartRepository: Send {
    /// Makes the cart if there is none, raises its version and keeps others from changing it until the transaction
    /// ends. Answers the cart at its new version: it was at the one before, 0 if there was none.
    async fn touch(&mut self, customer_id: CustomerId, now: UtcDateTime) -> Result<Cart, StoreError>;

    /// The same, and what is offered of a product that may be put into it.
    async fn touch_for(
        &mut self,
        customer_id: CustomerId,
        product_id: ProductId,
        now: UtcDateTime,
    ) -> Result<(Cart, Option<Offer>), StoreError>;

    /// Takes everything out of the cart, raises its version and keeps others from changing it until the transaction
    /// ends. Answers what was in it, in order of product id; nothing if there is no cart.
    async fn take(&mut self, customer_id: CustomerId, now: UtcDateTime) -> Result<Vec<Line>, StoreError>;

    /// Sets the quantity of a product, which need not be in the cart.
    async fn put(
        &mut self,
        customer_id: CustomerId,
        product_id: ProductId,
        quantity: Quantity,
    ) -> Result<(), StoreError>;

    /// Takes a product out; says whether it was in.
    async fn remove(&mut self, customer_id: CustomerId, product_id: ProductId) -> Result<bool, StoreError>;

    /// Takes everything out.
    async fn clear(&mut self, customer_id: CustomerId) -> Result<(), StoreError>;

    /// Forgets the cart and what is in it.
    async fn delete(&mut self, customer_id: CustomerId) -> Result<(), StoreError>;

    /// Forgets up to `limit` empty carts that have not changed since `before`; says how many.
    async fn purge(&mut self, before: UtcDateTime, limit: u64) -> Result<u64, StoreError>;
}

/// Reads of carts, outside any transaction.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait CartQueries: Send + Sync {
    /// The cart of a customer; an empty one if nothing was ever put into it.
    async fn get(&self, customer_id: CustomerId) -> Result<Cart, StoreError>;
}
