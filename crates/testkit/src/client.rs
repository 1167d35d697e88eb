//! A client of the API with an access token. Paths are relative to `/api/v1`.

use std::time::Duration;

use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

use crate::{ADMIN_PASSWORD, PASSWORD, Reply, Server, http, product, registration};

/// A logged-in client.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    address: String,
    token: String,
}

impl Client {
    /// Logs in.
    pub async fn login(server: &Server, username: &str, password: &str) -> Self {
        let answer = http()
            .post(format!("{}/api/v1/auth/login", server.address))
            .json(&json!({"username": username, "password": password}))
            .send()
            .await
            .unwrap();
        let body: Value = answer.json().await.unwrap();
        Self::holding(server, body["access_token"].as_str().unwrap_or_else(|| panic!("{body}")))
    }

    pub async fn admin(server: &Server) -> Self {
        Self::login(server, "admin", ADMIN_PASSWORD).await
    }

    /// Registers a customer and logs in.
    pub async fn customer(server: &Server, username: &str) -> Self {
        let answer = http()
            .post(format!("{}/api/v1/auth/register", server.address))
            .json(&registration(username))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::CREATED, "{}", answer.text().await.unwrap());
        Self::login(server, username, PASSWORD).await
    }

    /// A client with this token.
    pub fn holding(server: &Server, token: &str) -> Self {
        Self { http: http(), address: server.address.clone(), token: token.to_owned() }
    }

    /// The same token at another server.
    pub fn at(&self, server: &Server) -> Self {
        Self { address: server.address.clone(), ..self.clone() }
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}/api/v1{path}", self.address)).bearer_auth(&self.token)
    }

    pub async fn get(&self, path: &str) -> Value {
        let answer = self.request(Method::GET, path).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.text().await.unwrap());
        answer.json().await.unwrap()
    }

    /// [`Client::post_once`], repeated while the server answers that it is busy and has changed nothing.
    pub async fn post(&self, path: &str, body: &Value, key: Option<&str>) -> Option<(StatusCode, Value)> {
        for _ in 1..20 {
            let answer = self.post_once(path, body, key).await;
            if !answer.as_ref().is_some_and(|(_, body)| body["type"] == "/problems/unavailable") {
                return answer;
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        self.post_once(path, body, key).await
    }

    /// Posts and returns status and body; `None` if the connection broke.
    pub async fn post_once(&self, path: &str, body: &Value, key: Option<&str>) -> Option<(StatusCode, Value)> {
        let mut request = self.request(Method::POST, path).json(body);
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        let answer = request.send().await.ok()?;
        Some((answer.status(), answer.json().await.ok()?))
    }

    /// Creates a product with this many units and returns its id.
    pub async fn product(&self, units: i64) -> String {
        let (status, made) = self.post("/products", &product("Mug", 1250, units), None).await.unwrap();
        assert_eq!(status, StatusCode::CREATED, "{made}");
        made["id"].as_str().unwrap().to_owned()
    }

    /// All items of a list, read page by page.
    pub async fn all(&self, path: &str) -> Vec<Value> {
        let mut items = Vec::new();
        let mut cursor = None::<String>;
        loop {
            let after = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
            let first = if path.contains('?') { '&' } else { '?' };
            let page = self.get(&format!("{path}{first}limit=100{after}")).await;
            items.extend(page["items"].as_array().unwrap().iter().cloned());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = Some(next.to_owned()),
                None => return items,
            }
        }
    }

    /// The units on hand. Checks that they are the sum of all movements, and that no balance is negative.
    pub async fn on_hand(&self, product: &str) -> i64 {
        let stock = self.get(&format!("/products/{product}/stock")).await;
        let on_hand = stock["on_hand"].as_i64().unwrap();
        let movements = self.all(&format!("/products/{product}/stock/movements")).await;
        let mut balance = 0;
        for movement in movements.iter().rev() {
            balance += movement["quantity"].as_i64().unwrap();
            assert_eq!(movement["balance"].as_i64().unwrap(), balance, "{movement}");
            assert!(balance >= 0, "{movement}");
        }
        assert_eq!(on_hand, balance, "stock is the sum of its movements");
        on_hand
    }

    /// Sends a request without a body.
    pub async fn ask(&self, method: &str, path: &str) -> Reply {
        Reply::to(self.request(verb(method), path)).await
    }

    /// Sends a request with a body.
    pub async fn send(&self, method: &str, path: &str, body: &Value) -> Reply {
        Reply::to(self.request(verb(method), path).json(body)).await
    }

    /// Sends a POST with an idempotency key.
    pub async fn send_once(&self, key: &str, path: &str, body: &Value) -> Reply {
        Reply::to(self.request(Method::POST, path).header("idempotency-key", key).json(body)).await
    }

    /// Sends a request with `If-Match`; without a body if `body` is null.
    pub async fn change(&self, method: &str, path: &str, etag: &str, body: &Value) -> Reply {
        let request = self.request(verb(method), path).header("if-match", etag);
        Reply::to(if body.is_null() { request } else { request.json(body) }).await
    }

    /// Sends a GET with `If-None-Match`.
    pub async fn unless(&self, path: &str, etag: &str) -> Reply {
        Reply::to(self.request(Method::GET, path).header("if-none-match", etag)).await
    }
}

fn verb(method: &str) -> Method {
    method.parse().unwrap()
}

/// The number of answers with this status.
pub fn count(answers: &[(StatusCode, Value)], status: StatusCode) -> usize {
    answers.iter().filter(|(answered, _)| *answered == status).count()
}
