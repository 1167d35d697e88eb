//! Stock: how many of a product are on hand.

mod adjust;
mod moved;
mod set_policy;

pub use adjust::*;
pub(crate) use moved::*;
pub use set_policy::*;
