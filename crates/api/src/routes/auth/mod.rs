//! Logging in, and becoming a customer.

pub(super) mod login;
pub(super) mod register;
