//! Orders: the purchase and what follows it.

mod place;

pub use place::*;
