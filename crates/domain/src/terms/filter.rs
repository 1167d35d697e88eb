use crate::SearchText;

/// The filter of a list of terms.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TermFilter {
    /// Only terms whose name has all these words.
    pub search: Option<SearchText>,
}
