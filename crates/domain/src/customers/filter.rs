use crate::SearchText;

/// The filter of a list of customers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CustomerFilter {
    /// Only customers whose name or email address has all these words.
    pub search: Option<SearchText>,
}
