//! Carts: what a customer is about to order. A customer has one cart. It reserves no stock and keeps no price.
//!
//! `cart.rs` holds the rules of adding, setting and removing lines, `line.rs` says whether a line can be ordered.

mod cart;
mod change;
mod line;
mod ports;

pub use cart::{Cart, CartRefusal};
pub use change::LineChange;
pub use line::{Line, LineProblem, LineRefusal};
pub use ports::*;

/// The most lines of a cart or an order.
pub const MAX_LINES: usize = 100;
