//! Refunds.

pub(crate) mod paid;
