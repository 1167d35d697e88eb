use serde_json::{Value, json};

use super::{App, CUSTOMER_PASSWORD};

/// A customer who is logged in.
pub struct Customer {
    pub id: String,
    pub token: String,
}

pub fn usd(amount: i64) -> Value {
    json!({ "amount": amount, "currency": "USD" })
}

/// The body that makes a product.
pub fn product(name: &str, amount: i64, stock: i64) -> Value {
    json!({ "name": name, "price": usd(amount), "initial_stock": stock })
}

impl App {
    /// A product; answers its id.
    pub async fn product(&self, name: &str, amount: i64, stock: i64) -> String {
        let body = product(name, amount, stock);
        let reply = self.post("/api/v1/products").token(&self.admin).json(&body).send().await.expect(201);
        reply.text("/id").to_owned()
    }

    /// A customer called `name`, who registers and logs in.
    pub async fn customer(&self, name: &str) -> Customer {
        let body = registration(name);
        let reply = self.post("/api/v1/auth/register").json(&body).send().await.expect(201);
        let id = reply.text("/customer_id").to_owned();
        Customer { id, token: self.login(name, CUSTOMER_PASSWORD).await }
    }

    /// The units on hand.
    pub async fn on_hand(&self, product: &str) -> i64 {
        let path = format!("/api/v1/products/{product}/stock");
        self.get(&path).token(&self.admin).send().await.expect(200).number("/on_hand")
    }

    /// How many orders there are.
    pub async fn order_count(&self) -> usize {
        self.get("/api/v1/orders?limit=100").token(&self.admin).send().await.expect(200).items().len()
    }

    /// Puts units into a customer's cart.
    pub async fn put_in_cart(&self, customer: &Customer, product: &str, quantity: i64) {
        let body = json!({ "product_id": product, "quantity": quantity });
        self.post("/api/v1/cart/items").token(&customer.token).json(&body).send().await.expect(200);
    }
}

/// The body with which somebody called `name` registers.
pub fn registration(name: &str) -> Value {
    json!({
        "name": name,
        "email": format!("{name}@example.com"),
        "phone": "+14155550100",
        "username": name,
        "password": CUSTOMER_PASSWORD,
    })
}
