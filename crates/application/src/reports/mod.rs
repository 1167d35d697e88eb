//! Reports, for whoever has the queries and the calendar of the shop.

mod best_sellers;
mod days;
mod sales;

pub use best_sellers::best_sellers;
pub use days::sales_of_days;
pub use sales::sales;

use domain::{Overflow, StoreError};

/// The error if a sum of orders does not fit into 64 bits, which cannot happen in a real shop.
fn too_large(overflow: Overflow) -> StoreError {
    StoreError::Internal(overflow.into())
}
