//! Requests in one line, and what comes back.

use reqwest::header::HeaderMap;
use reqwest::{Method, RequestBuilder};
use serde_json::Value;

use crate::shop::Client;

/// An answer.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    /// Null if there is none.
    pub body: Value,
}

impl Reply {
    pub async fn to(request: RequestBuilder) -> Self {
        let answer = request.send().await.unwrap();
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let bytes = answer.bytes().await.unwrap();
        let body = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap() };
        Self { status, headers, body }
    }

    /// This answer, if it has this status and, should it be an error, the form of one.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.body);
        let problem = self.headers.get("content-type").is_some_and(|kind| kind == "application/problem+json");
        assert_eq!(problem, status >= 400);
        self
    }

    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap_or_else(|| panic!("no {name}: {}", self.body)).to_str().unwrap()
    }

    #[track_caller]
    pub fn etag(&self) -> &str {
        self.header("etag")
    }

    #[track_caller]
    pub fn text(&self, name: &str) -> &str {
        self.body[name].as_str().unwrap_or_else(|| panic!("no {name}: {}", self.body))
    }

    #[track_caller]
    pub fn id(&self) -> String {
        self.text("id").to_owned()
    }

    #[track_caller]
    pub fn items(&self) -> &[Value] {
        self.body["items"].as_array().unwrap_or_else(|| panic!("no items: {}", self.body))
    }

    /// Whether it was given before.
    pub fn is_replayed(&self) -> bool {
        self.headers.get("idempotency-replayed").is_some_and(|replayed| replayed == "true")
    }

    /// The last part of the type of a problem.
    pub fn kind(&self) -> &str {
        self.text("type").strip_prefix("/problems/").unwrap()
    }

    /// Each refused field, in order.
    pub fn faults(&self) -> Vec<&str> {
        let faults = self.body["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
        let mut fields: Vec<_> = faults.iter().map(|fault| fault["field"].as_str().unwrap()).collect();
        fields.sort_unstable();
        fields
    }
}

impl Client {
    /// A request without a body.
    pub async fn ask(&self, method: &str, path: &str) -> Reply {
        Reply::to(self.request(verb(method), path)).await
    }

    /// A request with a body.
    pub async fn send(&self, method: &str, path: &str, body: &Value) -> Reply {
        Reply::to(self.request(verb(method), path).json(body)).await
    }

    /// A POST under an idempotency key.
    pub async fn send_once(&self, key: &str, path: &str, body: &Value) -> Reply {
        Reply::to(self.request(Method::POST, path).header("idempotency-key", key).json(body)).await
    }

    /// A change of the version with this tag; without a body where it is null.
    pub async fn change(&self, method: &str, path: &str, etag: &str, body: &Value) -> Reply {
        let request = self.request(verb(method), path).header("if-match", etag);
        Reply::to(if body.is_null() { request } else { request.json(body) }).await
    }

    /// A reading of what is not as it was with this tag.
    pub async fn unless(&self, path: &str, etag: &str) -> Reply {
        Reply::to(self.request(Method::GET, path).header("if-none-match", etag)).await
    }
}

fn verb(method: &str) -> Method {
    method.parse().unwrap()
}
