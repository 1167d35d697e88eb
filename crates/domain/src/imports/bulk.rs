use crate::collections::CollectionFilter;
use crate::products::ProductId;
use crate::{Code, Invalid};

/// One change of many products: which ones, and what becomes of each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bulk {
    /// Which products were chosen when it was sent.
    pub select: CollectionFilter,
    /// What changes of each.
    pub change: BulkChange,
}

/// What changes of each product, as it was sent. What it means is read when it is sent, to be checked, and again when it
/// is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BulkChange(String);

impl BulkChange {
    /// The most bytes, so that it fits into its column.
    pub const MOST_BYTES: usize = 60_000;

    /// A change that was sent as this text.
    ///
    /// # Errors
    /// If it is too long.
    pub fn new(text: String) -> Result<Self, Invalid> {
        if text.len() > Self::MOST_BYTES {
            return Err(Invalid::new(Code::TooLong, format!("must have at most {} bytes", Self::MOST_BYTES)));
        }
        Ok(Self(text))
    }

    /// A stored change, which was checked before it was stored.
    pub const fn from_trusted(text: String) -> Self {
        Self(text)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Bulk {
    /// The most products that one change is for.
    pub const MOST_PRODUCTS: u64 = 10_000;

    /// The products that a filter found, each once, in order of id, in which they are locked. `None` stands for more than
    /// may be changed, and `count` for how many there are, if that is known.
    ///
    /// # Errors
    /// If they are too many.
    pub fn products(found: Option<Vec<ProductId>>, count: Option<u64>) -> Result<Vec<ProductId>, Invalid> {
        let Some(mut found) = found else {
            let most = Self::MOST_PRODUCTS;
            let many = count.map_or_else(|| format!("more than {most}"), |count| count.to_string());
            return Err(Invalid::new(Code::TooLarge, format!("must find at most {most} products; it finds {many}")));
        };
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Uuid;

    #[test]
    fn products_are_changed_once_each_and_too_many_are_refused_with_their_number_r232() {
        let id = |n| ProductId(Uuid::from_u128(n));
        assert_eq!(Bulk::products(Some(vec![id(2), id(1), id(2)]), None).unwrap(), [id(1), id(2)]);
        let refused = |count| Bulk::products(None, count).unwrap_err().message.into_owned();
        assert_eq!(refused(Some(12_345)), "must find at most 10000 products; it finds 12345");
        assert_eq!(refused(None), "must find at most 10000 products; it finds more than 10000");
    }

    #[test]
    fn a_change_fits_into_its_column_r232() {
        assert!(BulkChange::new("x".repeat(BulkChange::MOST_BYTES)).is_ok());
        assert_eq!(BulkChange::new("x".repeat(BulkChange::MOST_BYTES + 1)).unwrap_err().code, Code::TooLong);
    }
}
