use domain::UtcDateTime;

/// The time, as an argument.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
pub trait Clock: Send + Sync {
    /// Now, in whole microseconds: no store keeps more.
    fn now(&self) -> UtcDateTime;
}
