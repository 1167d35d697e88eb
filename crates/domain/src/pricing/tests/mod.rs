//! Tests of whole prices.

mod delivery;
mod discounts;
mod examples;
mod laws;
mod moved;
mod shop;
mod taxes;
