use domain::Uuid;

/// New identifiers, as an argument.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
pub trait Ids: Send + Sync {
    /// A new `UUIDv7`; later ones sort after earlier ones.
    fn next(&self) -> Uuid;
}
