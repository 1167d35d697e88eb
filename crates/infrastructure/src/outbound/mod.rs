//! What calls other servers. Only this module knows a client of HTTP; nothing in this crate serves it.

pub mod mail;
pub mod media;
pub mod payments;
pub mod webhooks;
