//! Logging in and out, and becoming a customer.

pub(super) mod login;
pub(super) mod logout;
pub(super) mod refresh;
pub(super) mod register;
