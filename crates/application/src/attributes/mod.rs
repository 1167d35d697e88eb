//! Attributes: creating, changing and deleting them, and what is known of them and of categories.

mod audit;
mod create;
mod delete;
mod known;
mod taxonomies;
mod update;

pub use create::*;
pub use delete::*;
pub(crate) use known::{attribute_of, locked_attribute};
pub use taxonomies::*;
pub use update::*;

#[cfg(test)]
pub(crate) use create::tests;
