//! Use cases of sessions of the office.

mod end;
mod find;

pub use end::EndSession;
pub use find::{Sessions, Visit};
