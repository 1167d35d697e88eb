//! What a server says and logs for those who run it.

use reqwest::header::USER_AGENT;
use serde_json::{Value, json};
use testkit::{ADMIN_PASSWORD, Client, Server, TestDatabase, http, on_every_database};

on_every_database!(with_json_logs_every_line_is_an_event);

fn events(printed: &str) -> Vec<Value> {
    printed.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"))).collect()
}

fn event<'a>(events: &'a [Value], message: &str) -> &'a Value {
    let found = events.iter().find(|event| event["message"] == message);
    found.unwrap_or_else(|| panic!("{message} in {events:#?}"))
}

async fn with_json_logs_every_line_is_an_event(database: TestDatabase) {
    let settings = [("STOREKEEPER__LOG__FORMAT", "json"), ("STOREKEEPER__SHOP__CURRENCY", "EUR")];
    let mut server = Server::start_with(&database, &database.url, &settings).await;
    server.signal("TERM").await;
    assert_eq!(server.exit_code().await, Some(0));
    testkit::until("stopped", async || server.printed().contains("\"stopped\"")).await;
    // Standard output and standard error together.
    let events = events(&server.printed());
    for event in &events {
        for member in ["timestamp", "level", "target", "message"] {
            assert!(event[member].is_string(), "{member} in {event}");
        }
    }
    let started = event(&events, "started");
    let (kind, version) = (started["database_kind"].as_str().unwrap(), started["database_version"].as_str().unwrap());
    match database.url.split_once(":33").map(|(_, rest)| rest.starts_with("06")) {
        None => assert!(kind == "SQLite" && version.starts_with('3'), "{started}"),
        Some(_) => assert!(kind == if version.contains("MariaDB") { "MariaDB" } else { "MySQL" }, "{started}"),
    }
    assert_eq!(started["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(started["address"], server.address.strip_prefix("http://").unwrap());
    assert!(started["database"].as_str().unwrap().contains(if database.is_remote() {
        "/storekeeper_"
    } else {
        "/shop.db"
    }));
    assert_eq!(started["config_file"], Value::Null);
    let variables = started["config_variables"].as_array().unwrap();
    assert!(variables.contains(&json!("STOREKEEPER__SHOP__CURRENCY")), "{started}");
    assert!(event(&events, "stopped")["ran_seconds"].is_u64());
    assert!(!server.printed().contains(ADMIN_PASSWORD));
}

#[tokio::test]
async fn the_line_of_a_request_says_who_asked_for_what() {
    let database = TestDatabase::sqlite();
    let settings = [("STOREKEEPER__LOG__FORMAT", "json"), ("STOREKEEPER__SERVER__TRUSTED_PROXIES", "127.0.0.1")];
    let server = Server::start_with(&database, &database.url, &settings).await;
    let admin = Client::admin(&server).await;
    let get = |path: &str, id: &str, agent: &[u8]| {
        http().get(format!("{}{path}", server.address)).header("x-request-id", id).header(USER_AGENT, agent)
    };
    let agent = b"shop-app/1.0 (test)";
    get("/nothing/here?token=hunter2", "unknown", agent).send().await.unwrap();
    get("/api/v1/me", "forwarded", agent).header("x-forwarded-for", "203.0.113.7").send().await.unwrap();
    get("/api/v1/products", "long", &[b'x'; 2000]).send().await.unwrap();
    get("/api/v1/products", "odd", b"caf\xe9\tx").send().await.unwrap();
    admin.get("/me").await;
    let login = |password: &str, id: &str| {
        let body = json!({ "username": "admin", "password": password });
        http().post(format!("{}/api/v1/auth/login", server.address)).header("x-request-id", id).json(&body)
    };
    login("not the password", "refused").send().await.unwrap();
    login(ADMIN_PASSWORD, "accepted").send().await.unwrap();
    testkit::until("all is logged", async || server.printed().contains("\"accepted\"")).await;

    let events = events(&server.printed());
    let line =
        |id: &str| events.iter().find(|event| event["message"] == "answered" && event["request_id"] == id).unwrap();
    let unknown = line("unknown");
    assert_eq!((&unknown["path"], &unknown["status"]), (&json!("/nothing/here"), &json!(404)));
    assert_eq!((&unknown["client"], &unknown["user_agent"]), (&json!("127.0.0.1"), &json!("shop-app/1.0 (test)")));
    assert_eq!(unknown.get("route"), None, "there is none");
    assert_eq!(
        (&line("forwarded")["client"], &line("forwarded")["path"]),
        (&json!("203.0.113.7"), &json!("/api/v1/me"))
    );
    assert_eq!(line("long")["user_agent"].as_str().unwrap().len(), 256);
    assert_eq!(line("odd")["user_agent"], "caf\u{fffd}\tx");
    assert_eq!((&line("refused")["level"], &line("accepted")["level"]), (&json!("WARN"), &json!("INFO")));
    assert!(events.iter().any(|event| event["path"] == "/api/v1/me" && event["account_id"].is_string()));
    assert!(!server.printed().contains("hunter2"), "no query is logged");
}
