use std::sync::Arc;
use std::time::Duration;

use application::Error;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::config::Settings;

/// When a file is to be sent again that was not received because of others.
const RETRY: Duration = Duration::from_secs(5);

/// What receiving files of products needs.
#[derive(Debug, Clone)]
pub struct Files {
    /// The most bytes of a file.
    pub max_bytes: u64,
    /// What URLs of pictures begin with in files.
    pub pictures_base: String,
    /// How many may be received at once.
    uploads: Arc<Semaphore>,
}

impl Files {
    /// Files of the size, and as many at once, as the settings say.
    pub fn new(settings: &Settings) -> Self {
        Self {
            max_bytes: settings.imports.max_bytes,
            pictures_base: settings.own_media_base().unwrap_or_default(),
            uploads: Arc::new(Semaphore::new(settings.imports.uploads)),
        }
    }

    /// A place to receive a file.
    ///
    /// # Errors
    /// [`Error::Busy`] if as many are received as may be.
    pub(crate) fn place(&self) -> Result<OwnedSemaphorePermit, Error> {
        Arc::clone(&self.uploads).try_acquire_owned().map_err(|_| Error::Busy { retry_after: RETRY })
    }
}
