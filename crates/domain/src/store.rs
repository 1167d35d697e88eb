//! Errors of ports.

use std::error::Error;

/// A unique constraint whose violation is an error of the caller. Each noun declares its own keys on its entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UniqueKey {
    /// The field of the API with the value.
    pub field: &'static str,
    /// What is wrong with a value that is taken. It follows the field in a sentence: "belongs to another …".
    pub taken: &'static str,
}

/// The error of a port.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The value of a unique key is taken. The transaction must be rolled back.
    #[error("{} is taken", .0.field)]
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
