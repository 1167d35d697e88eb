//! What can go wrong behind a port.

use std::error::Error;

/// A rule of the form "no two of these", kept by a unique constraint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UniqueKey {
    /// Two customers with one email address, regardless of case.
    CustomerEmail,
    /// Two accounts with one user name.
    AccountUsername,
    /// Two accounts of one customer.
    AccountCustomer,
    /// Two products with one SKU.
    ProductSku,
}

impl UniqueKey {
    /// The field that holds the value.
    pub const fn field(self) -> &'static str {
        match self {
            Self::CustomerEmail => "email",
            Self::AccountUsername => "username",
            Self::AccountCustomer => "customer_id",
            Self::ProductSku => "sku",
        }
    }
}

/// Why a port could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Somebody else holds the value of a unique key. The transaction must be rolled back.
    #[error("{} is taken", .0.field())]
    Duplicate(UniqueKey),
    /// The transaction lost a race (deadlock, lock wait, serialisation) and may succeed if all of it is run again.
    #[error("the transaction lost a race")]
    Raced(#[source] Box<dyn Error + Send + Sync>),
    /// The database cannot be reached, or does not answer in time. Nothing was committed.
    #[error("the database is not available")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
    /// The answer to a commit was lost: it may or may not have happened.
    #[error("the outcome of the commit is not known")]
    CommitUnknown(#[source] Box<dyn Error + Send + Sync>),
    /// A defect or a corrupt row. Trying again does not help.
    #[error("the database reported an unexpected error")]
    Internal(#[source] Box<dyn Error + Send + Sync>),
}

impl StoreError {
    /// A value in the store that breaks the rules of the domain.
    pub fn corrupt(what: impl Into<String>) -> Self {
        Self::Internal(what.into().into())
    }
}
