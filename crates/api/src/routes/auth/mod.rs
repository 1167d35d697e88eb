//! Logging in and out, and becoming a customer.

pub(super) mod forgot;
pub(super) mod login;
pub(super) mod logout;
pub(super) mod refresh;
pub(super) mod register;
pub(super) mod reset;
pub(super) mod verify;

use crate::operation::Tag;

pub(super) const TAG: &Tag =
    &Tag { name: "Identity", description: "Logging in and out, becoming a customer, and the caller's own account." };
