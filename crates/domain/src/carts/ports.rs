use async_trait::async_trait;

use super::{Cart, Line};
use crate::customers::CustomerId;
use crate::products::{Offer, ProductId};
use crate::{PricingSnapshot, Quantity, StoreError, UtcDateTime};

/// Carts within a transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait CartRepository: Send {
    /// Locks the cart until the transaction ends and raises its version by one. Creates the cart if there is none.
    /// Returns it at its new version: 1 if it is new.
    async fn lock_and_bump(&mut self, customer_id: CustomerId, now: UtcDateTime) -> Result<Cart, StoreError>;

    /// [`Self::lock_and_bump`], and the current offer of a product; `None` if there is no such product.
    async fn lock_and_bump_with_offer(
        &mut self,
        customer_id: CustomerId,
        product_id: ProductId,
        now: UtcDateTime,
    ) -> Result<(Cart, Option<Offer>), StoreError>;

    /// Locks the cart until the transaction ends, empties it and raises its version by one. Returns the lines that it
    /// had, in order of product id, and what their prices depend on; no lines if there is no cart.
    async fn take(
        &mut self,
        customer_id: CustomerId,
        now: UtcDateTime,
    ) -> Result<(Vec<Line>, PricingSnapshot), StoreError>;

    /// Sets the quantity of a product; adds it if it is not in the cart.
    async fn put(
        &mut self,
        customer_id: CustomerId,
        product_id: ProductId,
        quantity: Quantity,
    ) -> Result<(), StoreError>;

    /// Removes a product. Returns whether it was in the cart.
    async fn remove(&mut self, customer_id: CustomerId, product_id: ProductId) -> Result<bool, StoreError>;

    /// Deletes all lines of the cart.
    async fn clear(&mut self, customer_id: CustomerId) -> Result<(), StoreError>;

    /// Deletes those of these carts that are empty and have not changed since `before`. Returns how many.
    async fn purge(&mut self, of: &[CustomerId], before: UtcDateTime) -> Result<u64, StoreError>;
}

/// The place of a cart among all, the longest unchanged first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CartAge {
    /// When it changed last.
    pub updated_at: UtcDateTime,
    /// Whose cart it is. Orders carts that changed at the same time.
    pub customer_id: CustomerId,
}

/// A cart that has not changed for some time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OldCart {
    /// Its place among all.
    pub age: CartAge,
    /// Whether it has no lines.
    pub is_empty: bool,
}

/// Reads of carts, outside any transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait CartQueries: Send + Sync {
    /// The cart of a customer; an empty one at version 0 if it was never used.
    async fn get(&self, customer_id: CustomerId) -> Result<Cart, StoreError>;

    /// The lines of a cart, in order of product id, and what their prices depend on; no lines if there is no cart.
    async fn lines(&self, customer_id: CustomerId) -> Result<(Vec<Line>, PricingSnapshot), StoreError>;

    /// Up to `limit` carts that have not changed since `before`, the longest unchanged first, after this one.
    async fn unchanged(
        &self,
        before: UtcDateTime,
        after: Option<CartAge>,
        limit: u64,
    ) -> Result<Vec<OldCart>, StoreError>;
}
