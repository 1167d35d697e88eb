//! Imports: making products what the rows of a file say.

mod apply;
mod audit;
mod item;
mod known_terms;
mod place;
mod steps;
mod work;

pub use apply::*;
pub use item::*;
pub use steps::*;
pub use work::*;
