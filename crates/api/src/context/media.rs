use std::sync::Arc;

use application::media::{MediaUse, Pictures};
use tokio::sync::Semaphore;

/// How many uploads are in memory at once, those that wait to be encoded among them.
pub(crate) const UPLOADS_AT_ONCE: usize = 9;

/// What routes need of pictures.
pub struct Media {
    /// Takes pictures and opens their files.
    pub pictures: Pictures,
    /// Says whether anything has a picture.
    pub in_use: Arc<dyn MediaUse>,
    /// What URLs of pictures begin with; empty for paths on this server.
    pub base: String,
    /// How many uploads may be received or encoded at once.
    pub uploads: Arc<Semaphore>,
}
