//! Customers: the people who buy.

mod audit;
mod create;
mod delete;
mod export;
mod hold;
mod update;

pub use create::*;
pub use delete::*;
pub use export::*;
pub(crate) use hold::{customer_gone, hold_customer};
pub use update::*;
