//! Where transactions begin. SQLite lets one transaction write at a time; there this is a queue with group commit.
//!
//! A commit waits for the disk, and the other writers wait with it. So those that have queued up meanwhile write in the
//! same transaction, one after the other, each in a savepoint, and return when the one commit is done. Nobody waits for
//! others to come: a transaction with nobody behind it commits at once.

use std::io;
use std::iter;
use std::thread;
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Handle};
use tokio::sync::{mpsc, oneshot};
use tokio::task::yield_now;
use tokio::time::timeout;

use super::sqlite::BUSY_TIMEOUT;
use super::{Error, ErrorKind, Executor as _, Pool, PooledConnection, Transaction};

/// Begins transactions.
#[derive(Debug)]
pub(in crate::db) enum Writer {
    /// On a server: many at a time.
    Concurrent(Pool),
    /// On SQLite: one after the other.
    Single(SingleWriter),
}

/// When a group takes no more members.
#[derive(Debug, Clone, Copy)]
pub(in crate::db) struct GroupLimits {
    /// How many transactions may share a commit.
    pub members: usize,
    /// How long the first member may have waited for the commit.
    pub age: Duration,
}

const GROUP_LIMITS: GroupLimits = GroupLimits { members: 64, age: Duration::from_millis(20) };

/// Hands out the right to write, in the order of the requests.
#[derive(Debug)]
pub(in crate::db) struct SingleWriter {
    queue: mpsc::UnboundedSender<Request>,
    runtime: Handle,
    /// Dropping it ends the thread.
    _thread: Option<oneshot::Sender<()>>,
}

/// The part of one transaction in a group. Dropping it says that the transaction was dropped too.
pub(super) struct GroupMember {
    is_first: bool,
    ended: oneshot::Sender<Ended>,
}

/// How a member ended, and who waits for the commit.
enum Ended {
    /// The first member wrote in the transaction itself, and gives it back.
    First(Transaction, CommitAck),
    /// Another member has released its savepoint, or rolled back to it.
    Savepoint(CommitAck),
}

/// A caller that waits for the right to write.
struct Request {
    /// Whether it begins a group.
    alone: bool,
    transaction: oneshot::Sender<Result<Transaction, Error>>,
}

/// A caller that waits for the commit.
type CommitAck = oneshot::Sender<Result<(), Error>>;

impl Writer {
    /// # Errors
    /// If SQLite gets no thread to write on.
    pub fn new(pool: Pool) -> io::Result<Self> {
        if pool.backend() != sea_orm::DbBackend::Sqlite {
            return Ok(Self::Concurrent(pool));
        }
        let (runtime, thread) = spawn_thread()?;
        let writer = SingleWriter::on(runtime, pool, GROUP_LIMITS);
        Ok(Self::Single(SingleWriter { _thread: Some(thread), ..writer }))
    }

    /// The runtime on which transactions run best: this one, or that of the thread that writes to SQLite, where nobody
    /// has to be woken.
    pub fn runtime(&self) -> Handle {
        match self {
            Self::Concurrent(_) => Handle::current(),
            Self::Single(writer) => writer.runtime.clone(),
        }
    }

    /// Begins a transaction. It writes nothing yet. If it is `alone`, SQLite has committed all before it, and nobody else
    /// writes until it ends.
    ///
    /// # Errors
    /// `Unavailable` if there is no connection, or others write for too long.
    pub async fn begin(&self, alone: bool) -> Result<Transaction, Error> {
        match self {
            Self::Concurrent(pool) => Ok(Transaction::new(pool.get().await?)),
            Self::Single(writer) => writer.begin(alone).await,
        }
    }
}

/// A runtime on a thread of its own, which ends when the sender is dropped.
fn spawn_thread() -> io::Result<(Handle, oneshot::Sender<()>)> {
    let runtime = Builder::new_current_thread().enable_time().build()?;
    let handle = runtime.handle().clone();
    let (thread, dropped) = oneshot::channel();
    thread::Builder::new().name("sqlite-writer".into()).spawn(move || runtime.block_on(dropped).ok())?;
    Ok((handle, thread))
}

impl SingleWriter {
    /// Serves requests on this runtime.
    pub(super) fn on(runtime: Handle, pool: Pool, limits: GroupLimits) -> Self {
        let (queue, requests) = mpsc::unbounded_channel();
        runtime.spawn(serve(pool, limits, requests));
        Self { queue, runtime, _thread: None }
    }

    pub(super) async fn begin(&self, alone: bool) -> Result<Transaction, Error> {
        let stopped = || Error::unavailable("the writer has stopped");
        let (sender, transaction) = oneshot::channel();
        self.queue.send(Request { alone, transaction: sender }).map_err(|_| stopped())?;
        let transaction = timeout(BUSY_TIMEOUT, transaction).await;
        transaction.map_err(|_| Error::unavailable("others write for too long"))?.map_err(|_| stopped())?
    }
}

impl GroupMember {
    pub async fn commit(self, transaction: Transaction) -> Result<(), Error> {
        if self.is_first {
            return end(self.ended, |ack| Ended::First(transaction, ack)).await;
        }
        transaction.commit_scope().await?;
        end(self.ended, Ended::Savepoint).await
    }

    /// A savepoint has seen what the members before it wrote. So this waits until that is on disk, and reports a conflict
    /// if it never will be.
    pub async fn rollback(self, transaction: Transaction) -> Result<(), Error> {
        transaction.rollback_scope().await?;
        if self.is_first {
            return Ok(());
        }
        let committed = end(self.ended, Ended::Savepoint).await;
        committed.map_err(|cause| Error::new(ErrorKind::Conflict, cause))
    }
}

/// Ends a member and waits for the commit of its group.
async fn end(ended: oneshot::Sender<Ended>, how: impl FnOnce(CommitAck) -> Ended) -> Result<(), Error> {
    let (ack, committed) = oneshot::channel();
    // If nobody receives it, nobody acknowledges it either.
    ended.send(how(ack)).ok();
    let lost = |_| Err(Error::new(ErrorKind::CommitUnknown, "the group ended without an outcome"));
    committed.await.unwrap_or_else(lost)
}

/// Runs group after group, as long as there is a writer.
async fn serve(pool: Pool, limits: GroupLimits, mut requests: mpsc::UnboundedReceiver<Request>) {
    while let Some(first) = requests.recv().await {
        let mut first = Some(first);
        while let Some(request) = first.take().filter(is_waiting) {
            match pool.get().await {
                Ok(connection) => first = run_group(connection, request, limits, &mut requests).await,
                // The request may be gone by now.
                Err(cause) => drop(request.transaction.send(Err(cause))),
            }
        }
    }
}

/// Lets `first` write, then those who wait when it has ended, and commits. Returns the next request if there is one.
async fn run_group(
    connection: PooledConnection,
    first: Request,
    limits: GroupLimits,
    requests: &mut mpsc::UnboundedReceiver<Request>,
) -> Option<Request> {
    let Some(Ended::First(transaction, ack)) = admit(Transaction::new(connection), true, first).await else {
        return None;
    };
    let mut next = next_request(requests).await;
    let (mut acks, since) = (vec![ack], Instant::now());
    // If nobody waits, deferred statements run together with the commit.
    let mut is_open = if next.is_some() { transaction.flush().await } else { Ok(false) };
    while let Ok(true) = is_open
        && acks.len() < limits.members
        && since.elapsed() < limits.age
        && let Some(request) = next.take_if(|next| !next.alone)
    {
        match admit(transaction.savepoint(), false, request).await {
            Some(Ended::Savepoint(ack)) => {
                acks.push(ack);
                next = next_request(requests).await;
            }
            // It was dropped. SQLite may have rolled back the savepoint or, as it does when the disk is full, the whole
            // transaction; then the commit fails, and nobody may write before it has.
            _ => is_open = transaction.rollback_savepoint().await.map(|()| false),
        }
    }
    let committed = match is_open {
        Ok(_) => transaction.commit_scope().await,
        Err(cause) => {
            // If it cannot roll back, the connection is closed.
            transaction.rollback_scope().await.ok();
            Err(cause)
        }
    };
    for ack in acks {
        ack.send(committed.clone()).ok();
    }
    next
}

fn is_waiting(request: &Request) -> bool {
    !request.transaction.is_closed()
}

async fn next_request(requests: &mut mpsc::UnboundedReceiver<Request>) -> Option<Request> {
    let waiting =
        |requests: &mut mpsc::UnboundedReceiver<Request>| iter::from_fn(|| requests.try_recv().ok()).find(is_waiting);
    match waiting(requests) {
        // The others may run on this thread, and could not yet ask.
        None => {
            yield_now().await;
            waiting(requests)
        }
        next => next,
    }
}

/// Gives the transaction to a caller, and waits until it ends. `None` if the transaction was dropped.
async fn admit(mut transaction: Transaction, is_first: bool, request: Request) -> Option<Ended> {
    let (ended, end) = oneshot::channel();
    transaction.member = Some(GroupMember { is_first, ended });
    // If the request is gone, this drops the transaction.
    request.transaction.send(Ok(transaction)).ok();
    end.await.ok()
}

#[cfg(test)]
mod tests;
