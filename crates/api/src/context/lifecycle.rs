//! Whether the server takes requests.

use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the server starts, runs or stops.
#[derive(Debug, Default)]
pub struct Lifecycle {
    prepared: AtomicBool,
    draining: AtomicBool,
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
    }

    /// Whether the server will stop soon.
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Acquire)
    }
}
