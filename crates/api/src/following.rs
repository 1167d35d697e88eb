//! Reads what is new in the feed for all who follow an order at this server.

use std::sync::Arc;
use std::time::Duration;

use domain::events::{EventFilter, EventQueries};
use tokio::time::sleep;

use crate::context::{FeedTail, LiveOrders};

/// How many events are read at once.
const PAGE: u64 = 100;
/// How long to wait after a failed read.
const RETRY: Duration = Duration::from_secs(1);

/// Sends what is new to all who follow. Reads nothing while nobody follows.
#[derive(Clone)]
pub(crate) struct Following {
    pub(crate) queries: Arc<dyn EventQueries>,
    pub(crate) tail: Arc<FeedTail>,
    pub(crate) live: LiveOrders,
}

impl Following {
    /// Runs until it is dropped.
    pub(crate) async fn run(&self) {
        let mut sent = 0;
        loop {
            self.tail.beyond(sent).await;
            let last = self.tail.last();
            if !self.live.is_followed() {
                // Whoever follows from now on reads what came before by itself.
                sent = last;
                continue;
            }
            while sent < last {
                match self.queries.read(&EventFilter::default(), sent, PAGE).await {
                    Ok(page) => {
                        sent = page.next_after.max(sent + 1);
                        page.events.into_iter().for_each(|event| self.live.send(event));
                    }
                    Err(error) => {
                        tracing::debug!(%error, "what is new was not read; will try again");
                        sleep(RETRY).await;
                    }
                }
            }
        }
    }
}
