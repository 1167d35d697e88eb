use std::sync::Arc;

use domain::Uuid;
use domain::events::EventQueries;

use super::{SequenceEvents, Sequenced};
use crate::{Error, Runner};

/// The most events that get their positions in one transaction.
const BATCH: u64 = 500;

/// The most batches that are numbered at once, so that each call ends.
const BATCHES: u32 = 20;

/// Gives positions to events as they come.
#[derive(Clone)]
pub struct EventFeed {
    runner: Runner,
    queries: Arc<dyn EventQueries>,
    holder: Uuid,
}

/// What a look has found and done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Looked {
    /// The highest position that an event has.
    pub last: i64,
    /// How many events this server has moved to the feed.
    pub moved: u64,
}

impl EventFeed {
    /// The feed as the server with the id `holder` looks after it.
    pub fn new(runner: Runner, queries: Arc<dyn EventQueries>, holder: Uuid) -> Self {
        Self { runner, queries, holder }
    }

    /// Gives positions to what waits for one, unless another server does it. Only reads if nothing waits.
    ///
    /// # Errors
    /// If the database does not answer.
    pub async fn look(&self) -> Result<Looked, Error> {
        let state = self.queries.state().await?;
        let moved = if state.is_waited_for { self.sequence().await? } else { 0 };
        let last = if moved > 0 { self.queries.state().await?.last } else { state.last };
        Ok(Looked { last, moved })
    }

    async fn sequence(&self) -> Result<u64, Error> {
        let mut moved = 0;
        for _ in 0..BATCHES {
            match self.runner.run(SequenceEvents { holder: self.holder, limit: BATCH }).await? {
                Sequenced::Elsewhere => break,
                Sequenced::Here(batch) => {
                    moved += batch;
                    if batch < BATCH {
                        break;
                    }
                }
            }
        }
        Ok(moved)
    }
}

#[cfg(test)]
mod tests {
    use domain::events::{FeedState, MockEventQueries, Sequencer};

    use super::*;
    use crate::testing::{Mocks, NOW, Prepared, id};

    fn states(states: impl IntoIterator<Item = FeedState>) -> Arc<dyn EventQueries> {
        let mut states: Vec<_> = states.into_iter().collect();
        states.reverse();
        let mut queries = MockEventQueries::new();
        queries.expect_state().times(states.len()).returning(move || Ok(states.pop().unwrap()));
        Arc::new(queries)
    }

    #[tokio::test]
    async fn a_look_at_an_empty_outbox_begins_no_transaction_r166() {
        let (runner, log) = Prepared::runner([]);
        let feed = EventFeed::new(runner, states([FeedState { last: 7, is_waited_for: false }]), id(1));
        assert_eq!(feed.look().await.unwrap(), Looked { last: 7, moved: 0 });
        assert!(log.lock().unwrap().is_empty());
    }

    #[tokio::test]
    async fn a_look_goes_on_until_a_batch_is_not_full_r166() {
        let batch = |moved: u64| {
            let mut tx = Mocks::default();
            let free = Sequencer { next: 1, holder: None, until: NOW };
            tx.outbox.expect_sequencer().once().returning(move || Ok(free));
            tx.outbox.expect_sequence().once().returning(move |_, _| Ok(moved));
            tx
        };
        let (runner, _) = Prepared::runner([batch(BATCH), batch(3)]);
        let found = [FeedState { last: 0, is_waited_for: true }, FeedState { last: 503, is_waited_for: false }];
        let feed = EventFeed::new(runner, states(found), id(1));
        assert_eq!(feed.look().await.unwrap(), Looked { last: 503, moved: 503 });
    }
}
