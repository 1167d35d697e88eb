//! Whether the server takes requests.

use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

/// Whether the server starts, runs or stops.
#[derive(Debug, Default)]
pub struct Lifecycle {
    prepared: AtomicBool,
    draining: AtomicBool,
    full: AtomicBool,
    /// Wakes whoever waits for the server to stop.
    drains: Notify,
}

impl Lifecycle {
    /// The schema is in place.
    pub fn set_prepared(&self) {
        self.prepared.store(true, Ordering::Release);
    }

    /// Whether the schema is in place.
    pub fn is_prepared(&self) -> bool {
        self.prepared.load(Ordering::Acquire)
    }

    /// The server will stop soon.
    pub fn set_draining(&self) {
        self.draining.store(true, Ordering::Release);
        self.drains.notify_waiters();
    }

    /// Whether the server will stop soon.
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Acquire)
    }

    /// Waits until the server will stop soon.
    pub async fn drains(&self) {
        // Before the question, or a stop in between would be missed.
        let drains = self.drains.notified();
        if !self.is_draining() {
            drains.await;
        }
    }

    /// The database had no room for a write.
    pub fn set_full(&self) {
        self.full.store(true, Ordering::Release);
    }

    /// The database could write.
    pub fn set_writable(&self) {
        self.full.store(false, Ordering::Release);
    }

    /// Whether the database had no room for a write, and none has worked since.
    pub fn is_full(&self) -> bool {
        self.full.load(Ordering::Acquire)
    }
}
