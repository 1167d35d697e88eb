//! Products: what is sold.

mod create;

pub use create::*;
