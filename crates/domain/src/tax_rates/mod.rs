//! Tax rates: dated rates of a zone for a tax class. Which of them an item bears is a rule of
//! [`pricing`](crate::pricing); here are the rates as the staff keep them.

mod filter;
mod ports;
mod rate;
mod rated_zone;

pub use filter::TaxRateFilter;
pub use ports::*;
pub use rate::{TaxRate, TaxRateDetails};
pub use rated_zone::{RatedZone, excluding, rivals};
