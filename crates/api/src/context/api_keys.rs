use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use application::keys::KeySecrets;
use domain::UtcDateTime;
use domain::keys::{ApiKey, KeyId};

/// Makes and reads the secrets of API keys, and knows when keys were used, as far as this server has recorded it. A shop
/// has few keys.
pub struct ApiKeys {
    pub(crate) secrets: Arc<dyn KeySecrets>,
    recorded: Mutex<HashMap<KeyId, UtcDateTime>>,
}

impl ApiKeys {
    /// No key was used yet.
    pub fn new(secrets: Arc<dyn KeySecrets>) -> Self {
        Self { secrets, recorded: Mutex::default() }
    }

    /// Whether a use at `now` is to be recorded. It counts as recorded from then on.
    pub(crate) fn is_news(&self, key: &ApiKey, now: UtcDateTime) -> bool {
        let mut recorded = self.recorded.lock().unwrap_or_else(PoisonError::into_inner);
        let last = recorded.get(&key.id).copied().or(key.last_used_at);
        let is_news = ApiKey::is_use_news(last, now);
        if is_news {
            recorded.insert(key.id, now);
        }
        is_news
    }
}
