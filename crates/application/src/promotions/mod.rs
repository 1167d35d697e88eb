//! Promotions: creating, changing and ending them, and their codes.

mod add_codes;
mod audit;
mod create;
mod remove_code;
mod step;
mod update;

pub use add_codes::*;
pub use create::*;
pub use remove_code::*;
pub use step::*;
pub use update::*;
