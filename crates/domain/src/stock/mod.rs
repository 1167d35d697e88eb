//! Stock: how many of a product are on hand, and every change that ever was.

mod movement;
mod ports;
mod quantity;

pub use movement::{Movement, MovementKind, Reason};
pub use ports::*;
pub use quantity::{Adjustment, InitialStock, MAX_ON_HAND};

use crate::products::ProductId;
use crate::{UtcDateTime, Version};

/// The stock of one product. `on_hand` always equals the sum of its movements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stock {
    /// The product.
    pub product_id: ProductId,
    /// Units that can be sold.
    pub on_hand: i64,
    /// A restock is due below this.
    pub restock_threshold: i64,
    /// A restock fills up to this.
    pub restock_target: i64,
    /// When it last changed.
    pub updated_at: UtcDateTime,
    /// The version: one more with each movement or change of policy.
    pub version: Version,
}

impl Stock {
    /// The stock of a new product.
    pub const fn new(product_id: ProductId, on_hand: i64, now: UtcDateTime) -> Self {
        Self { product_id, on_hand, restock_threshold: 0, restock_target: 0, updated_at: now, version: Version::FIRST }
    }

    /// Whether a restock is due.
    pub const fn below_threshold(&self) -> bool {
        self.on_hand < self.restock_threshold
    }
}

/// Units of a product that a transaction adds to its stock, or takes if negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StockChange {
    /// The product.
    pub product_id: ProductId,
    /// Units; never 0.
    pub quantity: i64,
}

/// What is on hand after a change, still within its transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StockLevel {
    /// The product.
    pub product_id: ProductId,
    /// Units on hand.
    pub on_hand: i64,
    /// The version that the change made.
    pub version: Version,
}
