use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::Uuid;
use domain::events::PublishedEvent;
use tokio::sync::broadcast;

/// How many events are buffered for a stream. A stream that is further behind reads them from the database.
const BEHIND: usize = 256;

/// The most streams of one caller, and of a server.
const EACH: usize = 5;
const ALL: usize = 1000;

/// The streams of this server: what is new is read once, however many follow.
#[derive(Debug, Clone)]
pub struct LiveOrders {
    events: broadcast::Sender<Arc<PublishedEvent>>,
    open: Arc<Mutex<HashMap<Uuid, usize>>>,
}

/// A stream that is open, until this is dropped.
#[derive(Debug)]
pub struct OpenStream {
    live: LiveOrders,
    of: Uuid,
}

/// Why no stream is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoStream {
    /// The caller has as many as it may have.
    TooManyOfCaller,
    /// The server has.
    TooMany,
}

impl Default for LiveOrders {
    fn default() -> Self {
        Self { events: broadcast::Sender::new(BEHIND), open: Arc::default() }
    }
}

impl LiveOrders {
    /// Whether anybody follows.
    pub fn is_followed(&self) -> bool {
        self.events.receiver_count() > 0
    }

    /// Hands an event to all who follow.
    pub fn send(&self, event: PublishedEvent) {
        // It fails if nobody follows any more.
        let _ = self.events.send(Arc::new(event));
    }

    /// What is new from now on.
    pub fn follow(&self) -> broadcast::Receiver<Arc<PublishedEvent>> {
        self.events.subscribe()
    }

    /// Opens a stream of a caller: an account, or an order that a ticket is for.
    ///
    /// # Errors
    /// If the caller or the server has too many.
    pub fn open(&self, of: Uuid) -> Result<OpenStream, NoStream> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.values().sum::<usize>() >= ALL {
            return Err(NoStream::TooMany);
        }
        let own = open.entry(of).or_default();
        if *own >= EACH {
            return Err(NoStream::TooManyOfCaller);
        }
        *own += 1;
        Ok(OpenStream { live: self.clone(), of })
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        let mut open = self.live.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = open.get_mut(&self.of) {
            *own -= 1;
            if *own == 0 {
                open.remove(&self.of);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_has_five_streams_and_a_server_a_thousand_r173() {
        let live = LiveOrders::default();
        let caller = |n: usize| Uuid::from_u128(u128::try_from(n).unwrap());
        let mut own: Vec<_> = (0..EACH).map(|_| live.open(caller(0)).unwrap()).collect();
        assert_eq!(live.open(caller(0)).unwrap_err(), NoStream::TooManyOfCaller);
        own.pop();
        own.push(live.open(caller(0)).unwrap());
        let others: Vec<_> = (EACH..ALL).map(|n| live.open(caller(n)).unwrap()).collect();
        assert_eq!(live.open(caller(ALL + 1)).unwrap_err(), NoStream::TooMany);
        drop((own, others));
        assert!(live.open.lock().unwrap().is_empty());
    }
}
