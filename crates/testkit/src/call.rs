use reqwest::RequestBuilder;
use serde_json::Value;

use crate::Reply;

/// An HTTP client that ignores proxy settings.
pub fn http() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

/// A request under construction.
#[must_use]
pub struct Call(pub RequestBuilder);

impl Call {
    pub fn token(self, token: &str) -> Self {
        Self(self.0.bearer_auth(token))
    }

    pub fn json(self, body: &Value) -> Self {
        Self(self.0.json(body))
    }

    /// A raw body with the media type JSON.
    pub fn raw(self, body: impl Into<reqwest::Body>) -> Self {
        Self(self.0.header("content-type", "application/json").body(body))
    }

    pub fn header(self, name: &str, value: &str) -> Self {
        Self(self.0.header(name, value))
    }

    pub fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    /// Sends the request. Panics if the response does not match the API document.
    pub async fn send(self) -> Reply {
        Reply::to(self.0).await
    }
}
