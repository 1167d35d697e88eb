//! Orders: the purchase and what follows it.

mod advance;
mod audit;
mod cancel;
mod place;

pub use advance::*;
pub use cancel::*;
pub use place::*;
