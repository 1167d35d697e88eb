use tokio::sync::{Semaphore, SemaphorePermit, watch};

/// How many requests of a server may wait for events at once.
const WAITERS: usize = 100;

/// How far the feed of events is. One look at the database wakes all who wait.
#[derive(Debug)]
pub struct FeedTail {
    last: watch::Sender<i64>,
    waiters: Semaphore,
}

impl Default for FeedTail {
    fn default() -> Self {
        Self { last: watch::Sender::new(0), waiters: Semaphore::new(WAITERS) }
    }
}

impl FeedTail {
    /// The last position is this one.
    pub fn reaches(&self, last: i64) {
        self.last.send_if_modified(|known| std::mem::replace(known, last) != last);
    }

    /// The last position that is known.
    pub fn last(&self) -> i64 {
        *self.last.borrow()
    }

    /// Waits until there is a position after this one.
    pub async fn beyond(&self, after: i64) {
        // It fails only if the sender is gone, which is here.
        let _ = self.last.subscribe().wait_for(|last| *last > after).await;
    }

    /// A place to wait at; `None` if too many wait already.
    pub fn seat(&self) -> Option<SemaphorePermit<'_>> {
        self.waiters.try_acquire().ok()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_waiting_reader_is_woken_by_later_positions_only_r167() {
        let tail = FeedTail::default();
        tail.reaches(7);
        tail.beyond(6).await;
        assert!(timeout(Duration::from_secs(1), tail.beyond(7)).await.is_err());
        tokio::join!(tail.beyond(7), tail.beyond(8), async { tail.reaches(9) });
    }

    #[test]
    fn no_more_than_a_bounded_number_waits_r167() {
        let tail = FeedTail::default();
        let seats: Vec<_> = (0..WAITERS).map(|_| tail.seat().unwrap()).collect();
        assert!(tail.seat().is_none());
        drop(seats);
        assert!(tail.seat().is_some());
    }
}
