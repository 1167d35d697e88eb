//! Users of the shop, and request bodies.

use serde_json::{Value, json};

use crate::{Client, Reply, Server};

/// The password of all users except the first administrator.
pub const PASSWORD: &str = "a-long-password";

/// An id that no resource has.
pub const NOTHING: &str = "0197a3b0-0000-7000-8000-000000000000";

/// Logs in and returns the body with the tokens.
pub async fn pair(server: &Server, username: &str, password: &str) -> Value {
    let login = json!({"username": username, "password": password});
    Client::holding(server, "none").send("POST", "/auth/login", &login).await.expect(200).body
}

/// Exchanges a refresh token.
pub async fn refresh(server: &Server, token: &Value) -> Reply {
    Client::holding(server, "none").send("POST", "/auth/refresh", &json!({"refresh_token": token})).await
}

/// The body that creates a customer.
pub fn details(name: &str) -> Value {
    json!({"name": format!("{name} Someone"), "email": format!("{name}@example.com"), "phone": "+14155550100"})
}

/// The body of a registration.
pub fn registration(username: &str) -> Value {
    let email = format!("{username}@example.com");
    let phone = "+14155550100";
    json!({"name": username, "email": email, "phone": phone, "username": username, "password": PASSWORD})
}

pub fn usd(amount: i64) -> Value {
    json!({"amount": amount, "currency": "USD"})
}

/// The body that creates a product.
pub fn product(name: &str, amount: i64, stock: i64) -> Value {
    json!({"name": name, "price": usd(amount), "initial_stock": stock})
}

/// The body of an order of these products, one unit of each.
pub fn order_of(products: &[&str]) -> Value {
    let items: Vec<_> = products.iter().map(|id| json!({"product_id": id, "quantity": 1})).collect();
    json!({ "items": items })
}

/// A customer with an account, both created by an administrator.
pub struct Person {
    pub customer: String,
    pub account: String,
    pub client: Client,
}

impl Person {
    pub async fn new(server: &Server, admin: &Client, username: &str, role: &str) -> Self {
        let customer = admin.send("POST", "/customers", &details(username)).await.expect(201).id();
        let body = json!({"customer_id": customer, "username": username, "password": PASSWORD, "role": role});
        let account = admin.send("POST", "/accounts", &body).await.expect(201).id();
        let client = Client::login(server, username, PASSWORD).await;
        Self { customer, account, client }
    }

    pub fn account(&self) -> String {
        format!("/accounts/{}", self.account)
    }

    pub fn customer(&self) -> String {
        format!("/customers/{}", self.customer)
    }
}

/// Orders one unit of a product and returns the id of the order.
pub async fn order(buyer: &Client, product: &str) -> String {
    buyer.send("POST", "/orders", &order_of(&[product])).await.expect(201).id()
}
