//! Promotions: creating, changing and ending them, and their codes.

mod add_codes;
mod audit;
mod create;
mod exhausted;
mod remove_code;
mod step;
mod update;

pub use add_codes::*;
pub use create::*;
pub(crate) use exhausted::append_exhausted;
pub use remove_code::*;
pub use step::*;
pub use update::*;

#[cfg(test)]
pub(crate) use update::tests;
