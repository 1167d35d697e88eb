//! A client of the API, as the tests need it.

use std::time::{Duration, Instant};

use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

use crate::server::{ADMIN_PASSWORD, Server};

/// Somebody who is logged in.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    address: String,
    token: String,
}

impl Client {
    /// Logs in.
    pub async fn login(server: &Server, username: &str, password: &str) -> Self {
        let answer = reqwest::Client::new()
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

    /// Registers a customer and logs in as it.
    pub async fn customer(server: &Server, username: &str) -> Self {
        let answer = reqwest::Client::new()
            .post(format!("{}/api/v1/auth/register", server.address))
            .json(&json!({
                "name": "Ann Buyer", "email": format!("{username}@example.com"), "phone": "+14155550100",
                "username": username, "password": "a-long-password",
            }))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::CREATED, "{}", answer.text().await.unwrap());
        Self::login(server, username, "a-long-password").await
    }

    /// Whoever holds this token.
    pub fn holding(server: &Server, token: &str) -> Self {
        Self { http: reqwest::Client::new(), address: server.address.clone(), token: token.to_owned() }
    }

    /// The same person at another server.
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

    /// Posts, and again if the server is too busy to have changed anything. Answers as [`Client::post_once`].
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

    /// Posts and answers the status and the body; `None` if the connection broke.
    pub async fn post_once(&self, path: &str, body: &Value, key: Option<&str>) -> Option<(StatusCode, Value)> {
        let mut request = self.request(Method::POST, path).json(body);
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        let answer = request.send().await.ok()?;
        Some((answer.status(), answer.json().await.ok()?))
    }

    /// Makes a product with this many units; its id.
    pub async fn product(&self, units: i64) -> String {
        let body = json!({"name": "Mug", "price": {"amount": 1250, "currency": "USD"}, "initial_stock": units});
        let (status, product) = self.post("/products", &body, None).await.unwrap();
        assert_eq!(status, StatusCode::CREATED, "{product}");
        product["id"].as_str().unwrap().to_owned()
    }

    /// Every item of a list, page by page.
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

    /// The units on hand, after checking that they are the sum of all movements, none of which went below zero.
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
}

/// An order of one or more products, one unit of each.
pub fn order_of(products: &[&str]) -> Value {
    let items: Vec<_> = products.iter().map(|id| json!({"product_id": id, "quantity": 1})).collect();
    json!({ "items": items })
}

/// How many answers had this status.
pub fn count(answers: &[(StatusCode, Value)], status: StatusCode) -> usize {
    answers.iter().filter(|(answered, _)| *answered == status).count()
}

/// Waits for what a server does by itself.
pub async fn until(what: &str, mut happened: impl AsyncFnMut() -> bool) {
    let began = Instant::now();
    while !happened().await {
        assert!(began.elapsed() < Duration::from_secs(30), "not {what} after {:?}", began.elapsed());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Runs everything at once.
pub async fn at_once<T: Send + 'static>(
    work: impl IntoIterator<Item = impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let tasks: Vec<_> = work.into_iter().map(tokio::spawn).collect();
    let mut results = Vec::new();
    for task in tasks {
        results.push(task.await.unwrap());
    }
    results
}
