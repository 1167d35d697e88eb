//! Terms: creating, changing, moving and deleting them. Categories are terms with a place in a tree.

mod audit;
mod category;
mod choices;
mod create;
mod delete;
mod place;
mod update;

pub use category::*;
pub use choices::*;
pub use create::*;
pub use delete::*;
pub use update::*;

#[cfg(test)]
pub(crate) use create::tests;
