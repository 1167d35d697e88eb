//! Customers: the people who buy.

mod audit;
mod create;
mod delete;
mod erase_idle;
mod export;
mod hold;
mod update;

pub use create::*;
pub use delete::*;
pub use erase_idle::*;
pub use export::*;
pub(crate) use hold::{customer_gone, hold_customer};
pub use update::*;
