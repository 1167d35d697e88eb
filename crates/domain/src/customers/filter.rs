use super::EmailAddress;
use crate::{SearchText, UtcDateTime};

/// The filter of a list of customers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CustomerFilter {
    /// Only the customer with this email address, regardless of case.
    pub email: Option<EmailAddress>,
    /// Only customers whose name or email address has all these words.
    pub search: Option<SearchText>,
    /// Only customers changed at this time or later, in order of their last change.
    pub updated_after: Option<UtcDateTime>,
}
