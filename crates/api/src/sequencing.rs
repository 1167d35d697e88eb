//! Gives positions to events, and tells those who wait how far the feed is.

use std::sync::Arc;
use std::time::Duration;

use application::events::EventFeed;
use futures_util::future::BoxFuture;
use tokio::time::{sleep, timeout};

use crate::context::{FeedTail, Lifecycle};

/// How often events that other servers have committed are looked for.
const EVERY: Duration = Duration::from_millis(250);

/// How long events of this server are gathered, so that a rush costs few transactions.
const GATHER: Duration = Duration::from_millis(50);

/// Waits until this server has committed events.
pub type Committed = Arc<dyn Fn() -> BoxFuture<'static, ()> + Send + Sync>;

/// Gives positions to committed events, and tells those who wait for them.
#[derive(Clone)]
pub(crate) struct Sequencing {
    pub(crate) feed: EventFeed,
    pub(crate) tail: Arc<FeedTail>,
    pub(crate) committed: Committed,
    pub(crate) lifecycle: Arc<Lifecycle>,
}

impl Sequencing {
    /// Runs until it is dropped, and does nothing before the schema is ready.
    pub(crate) async fn run(&self) {
        loop {
            if self.lifecycle.is_prepared() {
                self.look().await;
            }
            if timeout(EVERY, (self.committed)()).await.is_ok() {
                sleep(GATHER).await;
            }
        }
    }

    async fn look(&self) {
        match Box::pin(self.feed.look()).await {
            Ok(looked) => self.tail.reaches(looked.last),
            Err(error) => tracing::debug!(%error, "events got no positions; will try again"),
        }
    }
}
