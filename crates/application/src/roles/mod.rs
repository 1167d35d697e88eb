//! Custom roles: creating, changing and deleting them.

mod audit;
mod create;
mod delete;
mod update;

pub use create::*;
pub use delete::*;
pub use update::*;
