use domain::UtcDateTime;

/// The source of the current time.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
pub trait Clock: Send + Sync {
    /// The current time in whole microseconds, the precision of every database.
    fn now(&self) -> UtcDateTime;
}
