use reqwest::RequestBuilder;
use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::documented;

/// A response.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    /// The body; null if it is empty or not JSON.
    pub body: Value,
    pub bytes: Vec<u8>,
}

impl Reply {
    /// Sends a request. Panics if the response does not match the API document.
    pub async fn to(request: RequestBuilder) -> Self {
        let (client, request) = request.build_split();
        let request = request.unwrap();
        let (method, path) = (request.method().clone(), request.url().path().to_owned());
        let response = client.execute(request).await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await.unwrap().to_vec();
        documented::check(method.as_str(), &path, status, &headers, &bytes);
        Self { status, headers, body: serde_json::from_slice(&bytes).unwrap_or(Value::Null), bytes }
    }

    /// Expects this status and, for an error, a problem document. Returns the response.
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

    #[track_caller]
    pub fn etag(&self) -> &str {
        self.header("etag").unwrap_or_else(|| panic!("no ETag: {}", self.body))
    }

    /// The value at a JSON pointer; null if there is none.
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

    #[track_caller]
    pub fn id(&self) -> String {
        self.text("/id").to_owned()
    }

    #[track_caller]
    pub fn items(&self) -> &[Value] {
        self.at("/items").as_array().unwrap_or_else(|| panic!("no items: {}", self.body))
    }

    /// Whether it is the stored response of an earlier request with the same key.
    pub fn is_replayed(&self) -> bool {
        self.header("idempotency-replayed") == Some("true")
    }

    /// The last part of the `type` of a problem.
    #[track_caller]
    pub fn kind(&self) -> &str {
        self.text("/type").strip_prefix("/problems/").unwrap()
    }

    /// The refused fields with their codes, sorted by field.
    pub fn faults(&self) -> Vec<(&str, &str)> {
        let faults = self.at("/errors").as_array().map(Vec::as_slice).unwrap_or_default();
        let mut faults: Vec<_> =
            faults.iter().map(|fault| (fault["field"].as_str().unwrap(), fault["code"].as_str().unwrap())).collect();
        faults.sort_unstable();
        faults
    }

    /// The refused fields, sorted.
    pub fn refused_fields(&self) -> Vec<&str> {
        self.faults().into_iter().map(|(field, _)| field).collect()
    }
}
