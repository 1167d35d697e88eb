//! A shop for one test: a database, a server, and an administrator. Paths are complete, with `/api/v1`.

use serde_json::json;

use crate::{ADMIN_PASSWORD, Call, Client, PASSWORD, Server, TestDatabase, http, product, registration};

/// A running server with an empty shop.
pub struct App {
    /// The access token of an administrator.
    pub admin: String,
    client: reqwest::Client,
    // Dropped before the database.
    server: Server,
    database: TestDatabase,
}

/// A logged-in customer.
pub struct Customer {
    pub id: String,
    pub token: String,
}

/// Starts a server with the settings of tests.
pub async fn spawn() -> App {
    spawn_with(&[]).await
}

/// Starts a server with changed settings, such as `("server.workers", "1")`. The database is SQLite, unless
/// `TEST_API_DATABASE` is `mysql` or `mariadb`.
pub async fn spawn_with(settings: &[(&str, &str)]) -> App {
    let database = match std::env::var("TEST_API_DATABASE").as_deref() {
        Ok("mysql") => TestDatabase::at("TEST_MYSQL_URL").await.unwrap(),
        Ok("mariadb") => TestDatabase::at("TEST_MARIADB_URL").await.unwrap(),
        _ => TestDatabase::sqlite(),
    };
    spawn_on(database, settings).await
}

/// Starts a server with changed settings on this database.
pub async fn spawn_on(database: TestDatabase, settings: &[(&str, &str)]) -> App {
    let variable = |key: &str| format!("STOREKEEPER__{}", key.to_uppercase().replace('.', "__"));
    let settings: Vec<_> = [("server.workers", "2")]
        .iter()
        .chain(settings)
        .map(|(key, value)| (variable(key), (*value).to_owned()))
        .collect();
    let settings: Vec<_> = settings.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let server = Server::start_with(&database, &database.url, &settings).await;
    let mut app = App { admin: String::new(), client: http(), server, database };
    app.admin = app.login("admin", ADMIN_PASSWORD).await;
    app
}

impl App {
    /// The administrator as a client.
    pub fn office(&self) -> Client {
        Client::holding(&self.server, &self.admin)
    }

    /// The database of the server.
    pub const fn database(&self) -> &TestDatabase {
        &self.database
    }

    /// Everything that the server has printed and logged so far.
    pub fn printed(&self) -> String {
        self.server.printed()
    }

    /// Host and port.
    pub fn address(&self) -> &str {
        self.server.address.strip_prefix("http://").unwrap()
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.server.address)
    }

    pub fn call(&self, method: &str, path: &str) -> Call {
        Call(self.client.request(method.parse().unwrap(), self.url(path)))
    }

    pub fn get(&self, path: &str) -> Call {
        self.call("GET", path)
    }

    pub fn post(&self, path: &str) -> Call {
        self.call("POST", path)
    }

    pub fn patch(&self, path: &str) -> Call {
        self.call("PATCH", path)
    }

    pub fn delete(&self, path: &str) -> Call {
        self.call("DELETE", path)
    }

    /// Logs in and returns the access token.
    pub async fn login(&self, username: &str, password: &str) -> String {
        let body = json!({ "username": username, "password": password });
        let reply = self.post("/api/v1/auth/login").json(&body).send().await.expect(200);
        reply.text("/access_token").to_owned()
    }

    /// Creates a product and returns its id.
    pub async fn product(&self, name: &str, amount: i64, stock: i64) -> String {
        let body = product(name, amount, stock);
        let reply = self.post("/api/v1/products").token(&self.admin).json(&body).send().await.expect(201);
        reply.text("/id").to_owned()
    }

    /// Registers a customer with this name and logs in.
    pub async fn customer(&self, name: &str) -> Customer {
        let body = registration(name);
        let reply = self.post("/api/v1/auth/register").json(&body).send().await.expect(201);
        let id = reply.text("/customer_id").to_owned();
        Customer { id, token: self.login(name, PASSWORD).await }
    }

    /// The units on hand of a product.
    pub async fn on_hand(&self, product: &str) -> i64 {
        let path = format!("/api/v1/products/{product}/stock");
        self.get(&path).token(&self.admin).send().await.expect(200).number("/on_hand")
    }

    /// The number of orders.
    pub async fn order_count(&self) -> usize {
        self.get("/api/v1/orders?limit=100").token(&self.admin).send().await.expect(200).items().len()
    }

    /// Puts units into a customer's cart.
    pub async fn put_in_cart(&self, customer: &Customer, product: &str, quantity: i64) {
        let body = json!({ "product_id": product, "quantity": quantity });
        self.post("/api/v1/cart/items").token(&customer.token).json(&body).send().await.expect(200);
    }
}
