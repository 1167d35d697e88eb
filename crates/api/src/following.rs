//! Reads what is new in the feed for all who follow an order at this server.

use std::sync::Arc;
use std::time::Duration;

use domain::events::{EventFilter, EventQueries};
use tokio::time::sleep;

use crate::context::{FeedTail, LiveOrders};

/// How many events are read at once.
const PAGE: u64 = 100;
/// How long a database that did not answer is left alone.
const RETRY: Duration = Duration::from_secs(1);

/// Tells what is new. Reads nothing while nobody follows.
#[derive(Clone)]
pub(crate) struct Following {
    pub(crate) queries: Arc<dyn EventQueries>,
    pub(crate) tail: Arc<FeedTail>,
    pub(crate) live: LiveOrders,
}

impl Following {
    /// Runs until it is dropped.
    pub(crate) async fn run(&self) {
        let mut told = 0;
        loop {
            self.tail.beyond(told).await;
            let last = self.tail.last();
            if !self.live.is_followed() {
                // Whoever follows from now on reads what came before by itself.
                told = last;
                continue;
            }
            while told < last {
                match self.queries.read(&EventFilter::default(), told, PAGE).await {
                    Ok(page) => {
                        told = page.next_after.max(told + 1);
                        page.events.into_iter().for_each(|event| self.live.tell(event));
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
