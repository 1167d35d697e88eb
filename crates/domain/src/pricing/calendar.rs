use crate::{Date, UtcDateTime};

/// Tells which day it is where the shop is.
pub trait Calendar: std::fmt::Debug + Send + Sync {
    /// The day at a time.
    fn day(&self, at: UtcDateTime) -> Date;
}

/// The calendar of a shop that counts its days in UTC.
#[derive(Debug, Clone, Copy, Default)]
pub struct Utc;

impl Calendar for Utc {
    fn day(&self, at: UtcDateTime) -> Date {
        at.date()
    }
}
