//! Tax classes: creating, renaming and deleting them.

mod audit;
mod create;
mod delete;
mod update;
mod users;

pub use create::*;
pub use delete::*;
pub use update::*;
