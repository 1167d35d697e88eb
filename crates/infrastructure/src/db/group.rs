//! Group commit, for SQLite, which lets one transaction write at a time.
//!
//! A commit waits for the disk, and everybody who wants to write waits with it. So those who have queued up meanwhile
//! write in one transaction, one after the other, each in a savepoint of its own, and are told that it is kept when the
//! one commit is done. Nobody waits for others to come: a transaction that finds nobody behind it commits at once.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::StoreError;
use sea_orm::{DatabaseConnection, DatabaseTransaction, DbErr, TransactionTrait};
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use super::connect::SQLITE_PATIENCE;
use super::{error, tx};
use crate::shared::shared;

/// When a group takes in nobody else.
#[derive(Clone, Copy)]
pub(super) struct Bounds {
    /// How many may share a commit.
    pub most: usize,
    /// How long those who have written may have waited when somebody else is taken in.
    pub longest: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { most: 64, longest: Duration::from_millis(20) }
    }
}

/// Hands out the right to write, to one at a time, in the order in which it was asked for.
pub(super) struct Writer {
    queue: mpsc::UnboundedSender<Asked>,
}

/// What one may write in, until `place` is told how it ended.
pub(super) struct Turn {
    // The first field, so that it is rolled back before the next one has its turn.
    pub transaction: DatabaseTransaction,
    pub place: Place,
}

/// A place in a group. Dropped, it says that the transaction was dropped too.
pub(super) struct Place {
    is_first: bool,
    ended: oneshot::Sender<Ended>,
}

/// How a turn ended, and whom to tell what becomes of the group.
enum Ended {
    /// The first has written in the transaction itself, and gives it back.
    First(DatabaseTransaction, Told),
    /// Another one has released its savepoint, or rolled back to it.
    Later(Told),
}

/// Somebody who waits for a turn.
type Asked = oneshot::Sender<Result<Turn, DbErr>>;

/// Somebody who waits for the commit.
type Told = oneshot::Sender<Result<(), Arc<StoreError>>>;

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Writer")
    }
}

impl Writer {
    /// Writes through `pool`, on this runtime.
    pub fn here(pool: DatabaseConnection, bounds: Bounds) -> Self {
        let (queue, asked) = mpsc::unbounded_channel();
        tokio::spawn(serve(pool, bounds, asked));
        Self { queue }
    }

    /// Waits for a turn.
    pub async fn turn(&self) -> Result<Turn, StoreError> {
        let busy = |_| StoreError::Unavailable("others write for too long".into());
        let gone = || StoreError::Unavailable("nobody hands out turns to write any more".into());
        let (ask, turn) = oneshot::channel();
        self.queue.send(ask).map_err(|_| gone())?;
        timeout(SQLITE_PATIENCE, turn).await.map_err(busy)?.map_err(|_| gone())?.map_err(error::on_read)
    }
}

impl Place {
    /// Keeps what was written. Answers when it is on disk, with that of all others in the group.
    pub async fn keep(self, transaction: DatabaseTransaction) -> Result<(), StoreError> {
        if self.is_first {
            return tell(self.ended, |told| Ended::First(transaction, told)).await;
        }
        transaction.commit().await.map_err(error::in_tx)?;
        tell(self.ended, Ended::Later).await
    }

    /// Undoes what was written.
    ///
    /// Whoever was not the first may have seen what others in the group wrote. So this waits until that is on disk, and
    /// is `Raced` if it will never be.
    pub async fn undo(self, transaction: DatabaseTransaction) -> Result<(), StoreError> {
        transaction.rollback().await.map_err(error::on_read)?;
        if self.is_first {
            return Ok(());
        }
        let told = tell(self.ended, Ended::Later).await;
        told.map_err(|cause| StoreError::Raced(format!("what was seen was not kept: {cause}").into()))
    }
}

async fn tell(ended: oneshot::Sender<Ended>, how: impl FnOnce(Told) -> Ended) -> Result<(), StoreError> {
    let (told, outcome) = oneshot::channel();
    let gone = |_| StoreError::CommitUnknown("the group ended without a word".into());
    // If nobody hears this, nobody will answer it either.
    ended.send(how(told)).ok();
    outcome.await.unwrap_or_else(|dropped| Err(Arc::new(gone(dropped)))).map_err(shared)
}

/// Lets group after group write, as long as there is a writer.
async fn serve(pool: DatabaseConnection, bounds: Bounds, mut queue: mpsc::UnboundedReceiver<Asked>) {
    while let Some(first) = queue.recv().await {
        if first.is_closed() {
            continue;
        }
        match tx::begin(&pool).await {
            Ok(transaction) => group(transaction, first, bounds, &mut queue).await,
            // It may have gone away meanwhile.
            Err(cause) => drop(first.send(Err(cause))),
        }
    }
}

/// Lets `first` write, and whoever is there when it has ended, and commits.
async fn group(
    transaction: DatabaseTransaction,
    first: Asked,
    bounds: Bounds,
    queue: &mut mpsc::UnboundedReceiver<Asked>,
) {
    let Some(Ended::First(transaction, told)) = lend(transaction, true, first).await else { return };
    let (mut waiting, since) = (vec![told], Instant::now());
    while waiting.len() < bounds.most && since.elapsed() < bounds.longest {
        let Ok(next) = queue.try_recv() else { break };
        if next.is_closed() {
            continue;
        }
        let savepoint = match transaction.begin().await {
            Ok(savepoint) => savepoint,
            Err(cause) => {
                next.send(Err(cause)).ok();
                break;
            }
        };
        match lend(savepoint, false, next).await {
            Some(Ended::Later(told)) => waiting.push(told),
            // It was dropped, and nobody knows whether SQLite has undone the savepoint or, as it does when the disk is
            // full, the whole transaction. In that case the commit fails, and nobody may write before it has.
            _ => break,
        }
    }
    let committed = transaction.commit().await.map_err(|cause| Arc::new(error::on_commit(cause)));
    for told in waiting {
        told.send(committed.clone()).ok();
    }
}

/// Gives somebody a turn, and waits for its end. `None` if it was dropped.
async fn lend(transaction: DatabaseTransaction, is_first: bool, to: Asked) -> Option<Ended> {
    let (ended, end) = oneshot::channel();
    // Whoever has gone away drops it here.
    to.send(Ok(Turn { transaction, place: Place { is_first, ended } })).ok();
    end.await.ok()
}

#[cfg(test)]
mod tests;
