//! Collections: creating, changing and deleting them.

mod audit;
mod create;
mod delete;
mod update;

pub use create::CreateCollection;
pub use delete::DeleteCollection;
pub use update::UpdateCollection;
pub(crate) use update::locked_collection;

#[cfg(test)]
pub(crate) use create::tests;
