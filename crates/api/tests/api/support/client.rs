use reqwest::RequestBuilder;
use reqwest::header::HeaderMap;
use serde_json::Value;

use super::documented;

pub fn new() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

/// A request that is being put together.
#[must_use]
pub struct Call(pub RequestBuilder);

impl Call {
    pub fn token(self, token: &str) -> Self {
        Self(self.0.bearer_auth(token))
    }

    pub fn json(self, body: &Value) -> Self {
        Self(self.0.json(body))
    }

    /// A body that says it is JSON.
    pub fn raw(self, body: impl Into<reqwest::Body>) -> Self {
        Self(self.0.header("content-type", "application/json").body(body))
    }

    pub fn header(self, name: &str, value: &str) -> Self {
        Self(self.0.header(name, value))
    }

    pub fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    /// Sends it. Whatever comes back must be in the document of the API.
    pub async fn send(self) -> Reply {
        let (client, request) = self.0.build_split();
        let request = request.unwrap();
        let (method, path) = (request.method().clone(), request.url().path().to_owned());
        let response = client.execute(request).await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await.unwrap().to_vec();
        documented::check(method.as_str(), &path, status, &headers, &bytes);
        Reply { status, headers, body: serde_json::from_slice(&bytes).unwrap_or(Value::Null), bytes }
    }
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
    pub bytes: Vec<u8>,
}

impl Reply {
    /// This answer, if it has this status and, should it be an error, the form of one.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.bytes));
        if status >= 400 {
            self.expect_problem();
        }
        self
    }

    #[track_caller]
    fn expect_problem(&self) {
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        assert_eq!(self.header("cache-control"), Some("no-store"));
        assert_eq!(self.at("/status"), self.status);
        assert!(self.text("/type").starts_with("/problems/"), "{}", self.body);
        assert!(self.text("/instance").starts_with('/') && !self.text("/title").is_empty(), "{}", self.body);
        assert_eq!(Some(self.text("/request_id")), self.header("x-request-id"));
        assert!(self.text("/detail").ends_with('.') || self.text("/detail") == self.text("/title"), "{}", self.body);
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// What a JSON pointer points to; null if there is nothing.
    pub fn at(&self, pointer: &str) -> &Value {
        self.body.pointer(pointer).unwrap_or(&Value::Null)
    }

    #[track_caller]
    pub fn text(&self, pointer: &str) -> &str {
        self.at(pointer).as_str().unwrap_or_else(|| panic!("no text at {pointer}: {}", self.body))
    }

    #[track_caller]
    pub fn number(&self, pointer: &str) -> i64 {
        self.at(pointer).as_i64().unwrap_or_else(|| panic!("no number at {pointer}: {}", self.body))
    }

    pub fn items(&self) -> &[Value] {
        self.at("/items").as_array().unwrap()
    }

    /// The last part of the type of a problem.
    pub fn kind(&self) -> &str {
        self.text("/type").strip_prefix("/problems/").unwrap()
    }

    /// Each refused field with its code, in order of the field.
    pub fn faults(&self) -> Vec<(&str, &str)> {
        let mut faults: Vec<_> = self
            .at("/errors")
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default()
            .iter()
            .map(|fault| (fault["field"].as_str().unwrap(), fault["code"].as_str().unwrap()))
            .collect();
        faults.sort_unstable();
        faults
    }
}
