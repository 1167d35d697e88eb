//! Customers: the people who buy.

mod create;
mod delete;
mod update;

pub use create::*;
pub use delete::*;
pub use update::*;
