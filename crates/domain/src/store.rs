//! Errors of ports.

use std::error::Error;

/// A unique constraint whose violation is an error of the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UniqueKey {
    /// The email address of a customer, regardless of case.
    CustomerEmail,
    /// The user name of an account.
    AccountUsername,
    /// The customer of an account.
    AccountCustomer,
    /// The SKU of a product.
    ProductSku,
}

impl UniqueKey {
    /// The field of the API with the value.
    pub const fn field(self) -> &'static str {
        match self {
            Self::CustomerEmail => "email",
            Self::AccountUsername => "username",
            Self::AccountCustomer => "customer_id",
            Self::ProductSku => "sku",
        }
    }
}

/// The error of a port.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The value of a unique key is taken. The transaction must be rolled back.
    #[error("{} is taken", .0.field())]
    Duplicate(UniqueKey),
    /// The transaction lost a race (deadlock, lock wait, serialisation) and may succeed if it is run again.
    #[error("the transaction lost a race")]
    Raced(#[source] Box<dyn Error + Send + Sync>),
    /// The database cannot be reached, or does not answer in time. Nothing was committed.
    #[error("the database is not available")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
    /// The database has no room to store more. Nothing was committed.
    #[error("the database has no room to store more")]
    Full(#[source] Box<dyn Error + Send + Sync>),
    /// The answer to a commit was lost: it may or may not have happened.
    #[error("the outcome of the commit is not known")]
    CommitUnknown(#[source] Box<dyn Error + Send + Sync>),
    /// A defect or a corrupt row. A retry does not help.
    #[error("the database reported an unexpected error")]
    Internal(#[source] Box<dyn Error + Send + Sync>),
}

impl StoreError {
    /// The error for a stored value that violates a rule of the domain.
    pub fn corrupt(what: impl Into<String>) -> Self {
        Self::Internal(what.into().into())
    }
}
