//! Tax classes: creating, renaming and deleting them.

mod audit;
mod create;
mod delete;
mod known;
mod update;
mod users;

pub use create::*;
pub use delete::*;
pub(crate) use known::expect_class;
pub use update::*;
