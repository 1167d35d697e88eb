//! Tests of whole prices.

mod discounts;
mod examples;
mod laws;
mod moved;
mod shipping_choice;
mod shop;
mod taxes;
