//! Accounts: logging in, and making accounts.

mod create_admin;
mod login;
mod ports;
mod register;

pub use create_admin::*;
pub use login::*;
pub use ports::*;
pub use register::*;
