//! Carts: what a customer is about to order. A customer has one; it holds no stock and no price.

mod line;
mod ports;
mod quantity;

pub use line::{Line, LineProblem, LineRefusal};
pub use ports::*;
pub use quantity::Quantity;

use crate::customers::CustomerId;
use crate::{UtcDateTime, Version};

/// The most lines that a cart, or an order, can have.
pub const MAX_LINES: usize = 100;

/// A cart, with what its products cost now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cart {
    /// Whose it is.
    pub customer_id: CustomerId,
    /// Its lines, in order of product id.
    pub lines: Vec<Line>,
    /// When it last changed; `None` if nothing was ever put into it.
    pub updated_at: Option<UtcDateTime>,
    /// The version; 0 if nothing was ever put into it.
    pub version: Version,
}
