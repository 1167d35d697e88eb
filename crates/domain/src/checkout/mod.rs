//! Checkout: from lines to what a buyer pays, for a quote and for an order by the same rules.

mod given;
mod problem;
mod purchase;

pub use given::{CodeOutcome, GivenCodes, MAX_CODES, OfferedPromotions};
pub use problem::CheckoutProblem;
pub use purchase::{ExpectedTotal, Purchase, TotalRefused};
