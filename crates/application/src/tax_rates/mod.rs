//! Tax rates: creating, ending and deleting them.

mod audit;
mod clash;
mod create;
mod delete;
mod today;
mod update;
mod users;

pub(crate) use clash::expect_no_rival;
pub use create::*;
pub use delete::*;
pub(crate) use today::today;
pub use update::*;
pub(crate) use users::codes_of;

#[cfg(test)]
pub(crate) use update::tests;
