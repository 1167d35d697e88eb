//! Sends webhooks, signed, and to no address that is not public.

mod body;
mod failure;
mod resolver;
mod secrets;
mod sender;
mod signature;

pub(super) use failure::reason;
pub(super) use resolver::PublicOnly;
pub use resolver::{Lookup, SystemLookup};
pub use secrets::DerivedSecrets;
pub use sender::{HttpSender, SenderConfig, SenderError};
