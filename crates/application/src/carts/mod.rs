//! Carts: what a customer is about to order.

mod add_item;
mod clear;
mod lock;
mod purge;
mod remove_item;
mod set_item;

pub use add_item::*;
pub use clear::*;
pub use purge::*;
pub use remove_item::*;
pub use set_item::*;
