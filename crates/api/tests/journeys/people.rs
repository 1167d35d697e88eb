//! The people of the journeys.

use serde_json::{Value, json};

use crate::reply::Reply;
use crate::server::Server;
use crate::shop::{Client, order_of};

/// The password of everybody but the first administrator.
pub const PASSWORD: &str = "a-long-password";

/// An id that names nothing.
pub const NOTHING: &str = "0197a3b0-0000-7000-8000-000000000000";

/// The answer to a login.
pub async fn pair(server: &Server, username: &str, password: &str) -> Value {
    let login = json!({"username": username, "password": password});
    Client::holding(server, "none").send("POST", "/auth/login", &login).await.expect(200).body
}

/// The answer to an exchange of a refresh token.
pub async fn refresh(server: &Server, token: &Value) -> Reply {
    Client::holding(server, "none").send("POST", "/auth/refresh", &json!({"refresh_token": token})).await
}

/// The body that makes a customer.
pub fn details(name: &str) -> Value {
    json!({"name": format!("{name} Someone"), "email": format!("{name}@example.com"), "phone": "+14155550100"})
}

pub fn usd(amount: i64) -> Value {
    json!({"amount": amount, "currency": "USD"})
}

/// Somebody with a customer and an account, both made by an administrator.
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

/// An order of one unit of a product; its id.
pub async fn order(buyer: &Client, product: &str) -> String {
    buyer.send("POST", "/orders", &order_of(&[product])).await.expect(201).id()
}
