use super::EmailAddress;
use crate::word::words;
use crate::{SearchText, UtcDateTime};

words! {
    /// The order of a list of customers.
    CustomerSort {
        /// The newest first.
        Newest = "-created_at",
        /// The oldest first.
        Oldest = "created_at",
    }
}

/// The filter of a list of customers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CustomerFilter {
    /// Only the customer with this email address, regardless of case.
    pub email: Option<EmailAddress>,
    /// Only customers whose name or email address has all these words.
    pub search: Option<SearchText>,
    /// The order of the list; `None` for the oldest first.
    pub sort: Option<CustomerSort>,
    /// Only customers changed at this time or later, in order of their last change, whatever `sort` says.
    pub updated_after: Option<UtcDateTime>,
}
