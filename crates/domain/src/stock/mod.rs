//! Stock: units on hand of a product, and all its movements.
//!
//! `change.rs` holds the rules: stock stays between 0 and [`MAX_ON_HAND`], and is the sum of its movements.

mod change;
mod movement;
mod policy;
mod ports;
mod quantity;
mod sale;

pub use change::{StockChange, StockOutOfBounds};
pub use movement::{Movement, MovementKind, Reason};
pub use policy::RestockPolicy;
pub use ports::*;
pub use quantity::{Adjustment, InitialStock, MAX_ON_HAND};
pub use sale::{Sale, Sold};

use crate::products::ProductId;
use crate::{UtcDateTime, Version};

/// The stock of one product. `on_hand` is always the sum of its movements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stock {
    /// The product that the units are of.
    pub product_id: ProductId,
    /// Units that can be sold.
    pub on_hand: i64,
    /// The reorder point: a restock is due below this.
    pub restock_threshold: i64,
    /// A restock fills up to this.
    pub restock_target: i64,
    /// Time of the last change.
    pub updated_at: UtcDateTime,
    /// 1 when created, one more with each movement or change of policy.
    pub version: Version,
}

impl Stock {
    /// The stock of a new product. It has no reorder point yet, so that no restock is due.
    pub const fn new(product_id: ProductId, on_hand: i64, now: UtcDateTime) -> Self {
        Self { product_id, on_hand, restock_threshold: 0, restock_target: 0, updated_at: now, version: Version::FIRST }
    }

    /// Whether fewer units are on hand than the reorder point, so that a restock is due.
    pub const fn below_threshold(&self) -> bool {
        self.on_hand < self.restock_threshold
    }

    /// When the product is restocked, and up to how many units.
    pub const fn policy(&self) -> RestockPolicy {
        RestockPolicy::from_trusted(self.restock_threshold, self.restock_target)
    }

    /// The stock with a new policy; unchanged if the policy is the same.
    #[must_use]
    pub fn with_policy(&self, policy: RestockPolicy, now: UtcDateTime) -> Self {
        if policy == self.policy() {
            return self.clone();
        }
        Self {
            restock_threshold: policy.threshold(),
            restock_target: policy.target(),
            updated_at: now,
            version: self.version.next(),
            ..self.clone()
        }
    }
}
