use crate::SearchText;

/// The filter of a list of zones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ZoneFilter {
    /// Only zones whose name has all these words.
    pub search: Option<SearchText>,
}
