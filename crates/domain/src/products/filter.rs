use super::ProductStatus;

/// Which products a list holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProductFilter {
    /// Only those of this status.
    pub status: Option<ProductStatus>,
}
