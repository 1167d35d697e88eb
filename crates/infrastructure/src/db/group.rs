//! Group commit, for SQLite, which lets one transaction write at a time.
//!
//! A commit waits for the disk, and everybody who wants to write waits with it. So those who have queued up meanwhile
//! write in one transaction, one after the other, each in a savepoint of its own, and are told that it is kept when the
//! one commit is done. Nobody waits for others to come: a transaction that finds nobody behind it commits at once.

use std::fmt;
use std::iter;
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::StoreError;
use sea_orm::DbErr;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};
use tokio::task::yield_now;
use tokio::time::timeout;

use super::batch::Batch;
use super::connect::SQLITE_PATIENCE;
use super::connection::Connection;
use super::error;
use super::pool::Pool;
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
    // The first field, so that it is dropped before the next one has its turn.
    pub batch: Batch,
    pub place: Place,
}

/// A place in a group. Dropped, it says that the batch was dropped too.
pub(super) struct Place {
    is_first: bool,
    ended: oneshot::Sender<Ended>,
}

/// How a turn ended, and whom to tell what becomes of the group.
enum Ended {
    /// The first has written in the transaction itself, and gives it back.
    First(Batch, Told),
    /// Another one has ended its part.
    Later(Told),
}

/// Somebody who waits for a turn.
type Asked = oneshot::Sender<Result<Turn, DbErr>>;

/// All who wait for a turn.
type Queue = mpsc::UnboundedReceiver<Asked>;

/// Somebody who waits for the commit.
type Told = oneshot::Sender<Result<(), Arc<StoreError>>>;

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Writer")
    }
}

impl Writer {
    /// Writes through `pool`. Whoever writes does so best on this runtime too.
    pub fn on(runtime: &Handle, pool: Pool, bounds: Bounds) -> Self {
        let (queue, asked) = mpsc::unbounded_channel();
        runtime.spawn(serve(pool, bounds, asked));
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
    pub async fn keep(self, batch: Batch) -> Result<(), StoreError> {
        if self.is_first {
            return tell(self.ended, |told| Ended::First(batch, told)).await;
        }
        batch.keep().await?;
        tell(self.ended, Ended::Later).await
    }

    /// Undoes what was written.
    ///
    /// Whoever was not the first may have seen what others in the group wrote. So this waits until that is on disk, and
    /// is `Raced` if it will never be.
    pub async fn undo(self, batch: Batch) -> Result<(), StoreError> {
        batch.undo().await?;
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
async fn serve(pool: Pool, bounds: Bounds, mut queue: Queue) {
    while let Some(first) = queue.recv().await {
        let mut first = Some(first);
        while let Some(asked) = first.take().filter(is_there) {
            match pool.get().await {
                Ok(connection) => first = group(connection, asked, bounds, &mut queue).await,
                // It may have gone away meanwhile.
                Err(cause) => drop(asked.send(Err(cause))),
            }
        }
    }
}

/// Lets `first` write, and whoever is there when it has ended, and commits. Says who comes next, if that is known.
async fn group(connection: Connection, first: Asked, bounds: Bounds, queue: &mut Queue) -> Option<Asked> {
    let Some(Ended::First(batch, told)) = lend(Batch::transaction(connection), true, first).await else { return None };
    let mut next = next_in(queue).await;
    let (mut waiting, since) = (vec![told], Instant::now());
    // Without anybody else, what was put off goes with the commit.
    let mut goes_on = if next.is_some() { batch.catch_up().await } else { Ok(false) };
    while let Ok(true) = goes_on
        && waiting.len() < bounds.most
        && since.elapsed() < bounds.longest
        && let Some(asked) = next.take()
    {
        match lend(batch.part(), false, asked).await {
            Some(Ended::Later(told)) => {
                waiting.push(told);
                next = next_in(queue).await;
            }
            // It was dropped, and nobody knows whether SQLite has undone the part or, as it does when the disk is full,
            // the whole transaction. In that case the commit fails, and nobody may write before it has.
            _ => goes_on = batch.undo_part().await.map(|()| false),
        }
    }
    let kept = match goes_on {
        Ok(_) => batch.keep().await,
        Err(cause) => {
            // If it cannot be undone, its connection is closed.
            batch.undo().await.ok();
            Err(cause)
        }
    };
    let kept = kept.map_err(Arc::new);
    for told in waiting {
        told.send(kept.clone()).ok();
    }
    next
}

/// Whether somebody still waits for a turn.
fn is_there(asked: &Asked) -> bool {
    !asked.is_closed()
}

async fn next_in(queue: &mut Queue) -> Option<Asked> {
    let there = |queue: &mut Queue| iter::from_fn(|| queue.try_recv().ok()).find(is_there);
    match there(queue) {
        // On a thread that was busy with the last one, the others could not yet ask.
        None => {
            yield_now().await;
            there(queue)
        }
        next => next,
    }
}

/// Gives somebody a turn, and waits for its end. `None` if it was dropped.
async fn lend(batch: Batch, is_first: bool, to: Asked) -> Option<Ended> {
    let (ended, end) = oneshot::channel();
    // Whoever has gone away drops it here.
    to.send(Ok(Turn { batch, place: Place { is_first, ended } })).ok();
    end.await.ok()
}

#[cfg(test)]
mod tests;
