//! Orders: placing, advancing and cancelling them.

mod advance;
mod audit;
mod cancel;
mod place;

pub use advance::*;
pub use cancel::*;
pub use place::*;
