//! What holds of the whole adapter.

mod plans;
mod shop;
