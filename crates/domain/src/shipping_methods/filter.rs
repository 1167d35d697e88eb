use super::MethodStatus;
use crate::SearchText;
use crate::pricing::ZoneId;

/// The filter of a list of shipping methods.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MethodFilter {
    /// Only methods whose name and code have all these words.
    pub search: Option<SearchText>,
    /// Only methods of this status.
    pub status: Option<MethodStatus>,
    /// Only methods of this zone.
    pub zone_id: Option<ZoneId>,
}
