use crate::SearchText;

/// Which customers a list holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CustomerFilter {
    /// Only those whose name or email address holds all these words.
    pub search: Option<SearchText>,
}
