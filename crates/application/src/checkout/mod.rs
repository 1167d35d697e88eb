//! Checkout: what a purchase costs now.

mod books;
mod quote;
mod refuse;

pub use books::PriceBooks;
pub(crate) use books::book_at;
pub use quote::{Quote, QuoteRequest, Quotes};
pub(crate) use refuse::{refuse_codes, refuse_problems, refuse_total, refuse_unpriced};
