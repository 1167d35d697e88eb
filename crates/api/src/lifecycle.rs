//! Whether the server takes requests.

use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::dev::ServiceRequest;
use actix_web::web::Data;

/// Where the server stands between its start and its end.
#[derive(Debug, Default)]
pub struct Lifecycle {
    prepared: AtomicBool,
    draining: AtomicBool,
}

impl Lifecycle {
    /// Where the server behind a request stands.
    ///
    /// # Panics
    /// If the application was built without one, which `server` does not do.
    #[allow(clippy::expect_used, reason = "the one place that builds the application puts it there")]
    pub(crate) fn of(request: &ServiceRequest) -> &Data<Self> {
        request.app_data().expect("the application has a lifecycle")
    }

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
