use std::pin::Pin;

use async_trait::async_trait;
use domain::StoreError;

use crate::{Attempt, with_repositories};

macro_rules! define_tx {
    ($($name:ident: $repository:path => $mock:path,)*) => {
        /// The repositories of one transaction, which cannot be committed through this trait.
        pub trait Tx: Send {
            $(
                #[doc = concat!("The repository of ", stringify!($name), ".")]
                fn $name(&mut self) -> &mut dyn $repository;
            )*
        }
    };
}

with_repositories!(define_tx);

/// A transaction with commit and rollback. Dropping it rolls it back. Only the runner has one.
#[async_trait]
pub trait OpenTx: Tx {
    /// Commits. On success the database has written the changes to disk.
    ///
    /// # Errors
    /// `CommitUnknown` if the answer of the database was lost. After any other error nothing was committed.
    async fn commit(self: Box<Self>) -> Result<(), StoreError>;

    /// Rolls back, and returns when it is done.
    ///
    /// # Errors
    /// `Raced` if the transaction has read data of another transaction that could not commit: conclusions from it may
    /// be wrong. After any other error the connection is broken, and the database rolls back by itself.
    async fn rollback(self: Box<Self>) -> Result<(), StoreError>;

    /// The repositories, without commit and rollback.
    fn repositories(&mut self) -> &mut dyn Tx;
}

/// Work that runs to its end.
pub type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Begins transactions, and chooses what they run on.
#[async_trait]
pub trait Transactions: Send + Sync {
    /// Begins a transaction that may write.
    ///
    /// # Errors
    /// `Unavailable` if the database cannot be reached, or is busy for too long.
    async fn begin(&self, attempt: Attempt) -> Result<Box<dyn OpenTx>, StoreError>;

    /// Runs work that begins and ends transactions, on the runtime or thread that suits the database. It runs to its
    /// end, even if the caller stops waiting.
    fn spawn(&self, work: Work);
}
