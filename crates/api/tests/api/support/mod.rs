//! A server of its own for each test, and a client that speaks briefly.

mod client;
pub mod documented;
mod shop;

use std::net::SocketAddr;
use std::sync::Arc;

use api::config::{Sources, load};
use api::server::Server;
use api::wiring;

use crate::databases::TestDatabase;

pub use client::{Call, Reply};
pub use shop::{Customer, product, registration, usd};

/// The password of the first administrator in tests.
pub const ADMIN_PASSWORD: &str = "correct horse battery";
/// The password of every customer in tests.
pub const CUSTOMER_PASSWORD: &str = "staple staple staple";

/// A running server with an empty shop.
pub struct App {
    pub address: SocketAddr,
    /// An administrator's token.
    pub admin: String,
    client: reqwest::Client,
    _database: TestDatabase,
}

/// A server with the usual settings.
pub async fn spawn() -> App {
    spawn_with(&[]).await
}

/// A server with some settings changed.
pub async fn spawn_with(settings: &[(&str, &str)]) -> App {
    let database = match std::env::var("TEST_API_DATABASE").as_deref() {
        Ok("mysql") => TestDatabase::at("TEST_MYSQL_URL").await.unwrap(),
        Ok("mariadb") => TestDatabase::at("TEST_MARIADB_URL").await.unwrap(),
        _ => TestDatabase::sqlite(),
    };
    spawn_on(database, settings).await
}

/// A server with some settings changed, on a database that the test has chosen.
pub async fn spawn_on(database: TestDatabase, settings: &[(&str, &str)]) -> App {
    let secret = uuid::Uuid::now_v7().to_string();
    let usual = [
        ("database.url", database.url.as_str()),
        ("server.bind", "127.0.0.1:0"),
        ("server.workers", "2"),
        ("auth.bcrypt_cost", "4"),
        ("auth.jwt_secret", secret.as_str()),
        ("admin.password", ADMIN_PASSWORD),
        ("rate_limit.enabled", "false"),
    ];
    let variable = |(key, value): &(&str, &str)| {
        (format!("STOREKEEPER__{}", key.to_uppercase().replace('.', "__")), (*value).to_owned())
    };
    let environment = usual.iter().chain(settings).map(variable).collect();
    let sources = Sources { environment, ..Sources::default() };
    let settings = load(&sources, wiring::check_database_url).unwrap().settings;

    let wired = wiring::wire(&settings).await.unwrap();
    wired.prepare(&settings.admin).await.unwrap();
    let server = Server::bind(Arc::clone(&wired.state), &settings.server).unwrap();
    let address = server.address();
    tokio::spawn(server.run(std::future::pending()));

    let mut app = App { address, admin: String::new(), client: client::new(), _database: database };
    app.admin = app.login("admin", ADMIN_PASSWORD).await;
    app
}

impl App {
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
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

    /// The access token of a login.
    pub async fn login(&self, username: &str, password: &str) -> String {
        let body = serde_json::json!({ "username": username, "password": password });
        let reply = self.post("/api/v1/auth/login").json(&body).send().await.expect(200);
        reply.text("/access_token").to_owned()
    }
}
