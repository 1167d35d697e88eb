use domain::Uuid;

/// The source of new ids.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
pub trait Ids: Send + Sync {
    /// A new `UUIDv7`. Ids sort in the order of their creation.
    fn next(&self) -> Uuid;
}
