use reqwest::RequestBuilder;
use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::documented;

/// An answer.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    /// Null if there is none, or if it is not JSON.
    pub body: Value,
    pub bytes: Vec<u8>,
}

impl Reply {
    /// Sends a request. Whatever comes back must be in the document of the API.
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

    #[track_caller]
    pub fn etag(&self) -> &str {
        self.header("etag").unwrap_or_else(|| panic!("no ETag: {}", self.body))
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

    #[track_caller]
    pub fn id(&self) -> String {
        self.text("/id").to_owned()
    }

    #[track_caller]
    pub fn items(&self) -> &[Value] {
        self.at("/items").as_array().unwrap_or_else(|| panic!("no items: {}", self.body))
    }

    /// Whether it is the kept answer to an earlier request with the same key.
    pub fn is_replayed(&self) -> bool {
        self.header("idempotency-replayed") == Some("true")
    }

    /// The last part of the type of a problem.
    #[track_caller]
    pub fn kind(&self) -> &str {
        self.text("/type").strip_prefix("/problems/").unwrap()
    }

    /// Each refused field with its code, in order of the field.
    pub fn faults(&self) -> Vec<(&str, &str)> {
        let faults = self.at("/errors").as_array().map(Vec::as_slice).unwrap_or_default();
        let mut faults: Vec<_> =
            faults.iter().map(|fault| (fault["field"].as_str().unwrap(), fault["code"].as_str().unwrap())).collect();
        faults.sort_unstable();
        faults
    }

    /// Each refused field, in order.
    pub fn refused_fields(&self) -> Vec<&str> {
        self.faults().into_iter().map(|(field, _)| field).collect()
    }
}
