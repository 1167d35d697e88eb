//! Stock: how many of a product are on hand.

mod adjust;

pub use adjust::*;
