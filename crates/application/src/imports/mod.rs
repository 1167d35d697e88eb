//! Imports: making products what the rows of a file say.

mod apply;
mod audit;
mod bulk;
mod fetching;
mod item;
mod known_terms;
mod pictures;
mod place;
mod purge;
mod steps;
mod work;

pub use apply::*;
pub use bulk::*;
pub use fetching::Fetching;
pub use item::*;
pub use purge::PurgeImportRows;
pub use steps::*;
pub use work::*;
