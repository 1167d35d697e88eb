//! Products: creating, changing and deleting them.

mod audit;
mod create;
mod delete;
mod revise;
mod update;

pub use create::*;
pub use delete::*;
pub use revise::*;
pub(crate) use update::locked_product;
pub use update::*;
