use std::pin::Pin;

use async_trait::async_trait;
use domain::StoreError;

use crate::{Attempt, with_repositories};

macro_rules! define_tx {
    ($($name:ident: $repository:path => $mock:path,)*) => {
        /// The repositories of one transaction. It cannot be committed from here.
        pub trait Tx: Send {
            $(
                #[doc = concat!("The repository of ", stringify!($name), ".")]
                fn $name(&mut self) -> &mut dyn $repository;
            )*
        }
    };
}

with_repositories!(define_tx);

/// A transaction that can be ended. Dropping it rolls it back. Only the runner holds one.
#[async_trait]
pub trait OpenTx: Tx {
    /// Commits. When this answers, the database has written it to disk.
    ///
    /// # Errors
    /// `CommitUnknown` if the answer was lost; any other error means that nothing was committed.
    async fn commit(self: Box<Self>) -> Result<(), StoreError>;

    /// Rolls back, and has done so when this answers.
    ///
    /// # Errors
    /// `Raced` if the transaction has read what another one wrote and could not commit, so that whatever was concluded
    /// from it may be wrong. Any other error means that the connection broke; then the database rolls back by itself.
    async fn rollback(self: Box<Self>) -> Result<(), StoreError>;

    /// The repositories, without the end.
    fn repositories(&mut self) -> &mut dyn Tx;
}

/// Work that runs to its end.
pub type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Where transactions come from.
#[async_trait]
pub trait Transactions: Send + Sync {
    /// Begins a transaction that may write.
    ///
    /// # Errors
    /// `Unavailable` if the database is away, or busy for too long.
    async fn begin(&self, attempt: Attempt) -> Result<Box<dyn OpenTx>, StoreError>;

    /// Runs work, which begins and ends transactions, where that is best done. It runs to its end, also if its caller
    /// does not wait for it any more.
    fn spawn(&self, work: Work);
}
