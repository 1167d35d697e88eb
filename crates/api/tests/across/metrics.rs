//! What the server counts.

use std::collections::{BTreeMap, HashMap};

use reqwest::{Method, StatusCode};
use serde_json::json;
use testkit::{Client, Server, TestDatabase, order_of};

/// Every series with its value, after checking that each line is one or a comment.
async fn metrics(server: &Server) -> HashMap<String, f64> {
    let answer = reqwest::get(format!("{}/metrics", server.address)).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/plain; version=0.0.4"));
    let text = answer.text().await.unwrap();
    let lines =
        text.lines().filter(|line| !line.is_empty() && !line.starts_with("# HELP ") && !line.starts_with("# TYPE "));
    lines
        .map(|line| {
            let (series, value) = line.rsplit_once(' ').unwrap();
            assert!(series.starts_with(|c: char| c.is_ascii_alphabetic()), "{line}");
            (series.to_owned(), value.parse().unwrap())
        })
        .collect()
}

#[tokio::test]
async fn requests_orders_and_logins_are_counted_and_metrics_need_no_token_r77() {
    let database = TestDatabase::sqlite();
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let product = admin.product(5).await;
    let buyer = Client::customer(&server, "buyer").await;
    for key in ["one", "one", "two"] {
        assert_eq!(buyer.post("/orders", &order_of(&[&product]), Some(key)).await.unwrap().0, StatusCode::CREATED);
    }
    let wrong = json!({"username": "buyer", "password": "not-the-password"});
    buyer.post("/auth/login", &wrong, None).await.unwrap();
    for n in 0..3 {
        admin.request(Method::GET, &format!("/products/{product}")).send().await.unwrap();
        reqwest::get(format!("{}/nothing/{n}", server.address)).await.unwrap();
    }
    let counted = metrics(&server).await;
    let of = |series: &str| *counted.get(series).unwrap_or_else(|| panic!("no {series} in {counted:#?}"));
    assert!((of("storekeeper_orders_placed_total") - 2.0).abs() < 0.1, "an answer that is given again is no order");
    assert!((of(r#"storekeeper_logins_total{outcome="accepted"}"#) - 2.0).abs() < 0.1);
    assert!((of(r#"storekeeper_logins_total{outcome="refused"}"#) - 1.0).abs() < 0.1);
    let show = r#"method="GET",route="/api/v1/products/{id}""#;
    assert!((of(&format!("storekeeper_http_requests_total{{{show},status=\"200\"}}")) - 3.0).abs() < 0.1);
    assert!((of(&format!("storekeeper_http_request_duration_seconds_count{{{show}}}")) - 3.0).abs() < 0.1);
    assert!((of(&format!("storekeeper_http_request_duration_seconds_bucket{{{show},le=\"+Inf\"}}")) - 3.0).abs() < 0.1);
    assert!((of(r#"storekeeper_http_requests_total{method="GET",route="(none)",status="404"}"#) - 3.0).abs() < 0.1);
    assert!((of("storekeeper_http_requests_in_flight") - 1.0).abs() < 0.1, "the question itself");
    assert!(of("process_resident_memory_bytes") > 1e6 && of("process_start_time_seconds") > 1.7e9);
    assert!(counted.keys().any(|series| series.starts_with("storekeeper_db_connections{")));
    assert!(!counted.keys().any(|series| series.contains(&product)), "a route is counted, not a path");
}

#[tokio::test]
async fn calls_and_notices_of_payment_providers_are_counted_r77_r186() {
    let database = TestDatabase::sqlite();
    let settings = [("STOREKEEPER__PAYMENTS__TEST__ENABLED", "true")];
    let server = Server::start_with(&database, &database.url, &settings).await;
    let product = Client::admin(&server).await.product(5).await;
    let buyer = Client::customer(&server, "buyer").await;
    let (_, order) = buyer.post("/orders", &order_of(&[&product]), None).await.unwrap();
    let pay = format!("/orders/{}/payments", order["id"].as_str().unwrap());
    assert_eq!(buyer.post(&pay, &json!({ "provider": "test" }), None).await.unwrap().0, StatusCode::CREATED);
    let notice = json!({ "id": "n1", "kind": "none" });
    for status in [200, 200] {
        assert_eq!(buyer.post("/webhooks/payments/test", &notice, None).await.unwrap().0, status);
    }
    buyer.post("/webhooks/payments/test", &json!({}), None).await.unwrap();
    let counted = metrics(&server).await;
    let of = |series: &str| *counted.get(series).unwrap_or_else(|| panic!("no {series} in {counted:#?}"));
    let begin = r#"provider="test",call="begin""#;
    assert!((of(&format!("storekeeper_payment_calls_total{{{begin},outcome=\"done\"}}")) - 1.0).abs() < 0.1);
    assert!((of(&format!("storekeeper_payment_call_duration_seconds_count{{{begin}}}")) - 1.0).abs() < 0.1);
    for outcome in ["new", "repeated", "refused"] {
        let notices = format!("storekeeper_payment_notices_total{{provider=\"test\",outcome=\"{outcome}\"}}");
        assert!((of(&notices) - 1.0).abs() < 0.1, "{outcome}");
    }
}

#[tokio::test]
async fn orders_that_wait_for_payment_and_those_that_expired_are_counted_r91_r186() {
    let database = TestDatabase::sqlite();
    let settings = [
        ("STOREKEEPER__PAYMENTS__REQUIRED", "true"),
        ("STOREKEEPER__PAYMENTS__TEST__ENABLED", "true"),
        ("STOREKEEPER__PAYMENTS__MAX_UNPAID", "0"),
        ("STOREKEEPER__HOUSEKEEPING__EVERY", "1s"),
    ];
    let server = Server::start_with(&database, &database.url, &settings).await;
    let product = Client::admin(&server).await.product(9).await;
    let buyer = Client::customer(&server, "buyer").await;
    let mut orders = Vec::new();
    for _ in 0..3 {
        orders.push(testkit::order(&buyer, &product).await);
    }
    buyer.send("POST", &format!("/orders/{}/payments", orders[0]), &json!({ "provider": "test" })).await.expect(201);
    let is = async |awaiting: f64, expired: f64, findings: f64| {
        let now = metrics(&server).await;
        let of = |name: &str, value: f64| (now[name] - value).abs() < 0.1;
        of("storekeeper_orders_awaiting_payment", awaiting)
            && of("storekeeper_orders_expired_total", expired)
            && of("storekeeper_payment_findings", findings)
            && of("storekeeper_payment_notices_failed", findings)
    };
    testkit::until("two wait, and one is paid", async || is(2.0, 0.0, 0.0).await).await;
    let change = async |sql: &str| {
        testkit::until("changed", async || testkit::nudge(&database, sql).await).await;
    };
    change(&format!("UPDATE order_balances SET pay_by = 1 WHERE order_id = x'{}'", orders[1].replace('-', ""))).await;
    change("UPDATE payments SET finding = 'contradiction'").await;
    let given_up = "INSERT INTO payment_notices (provider, event_id, kind, received_at, status, attempts)
        VALUES ('test', 'evt_1', 'changed', 4102444800000000, 'failed', 10)";
    change(given_up).await;
    testkit::until("one is cancelled, and one waits", async || is(1.0, 1.0, 1.0).await).await;
}

#[tokio::test]
async fn rate_limited_requests_are_counted_and_metrics_are_not_limited_r70_r77() {
    let database = TestDatabase::sqlite();
    let few = [("STOREKEEPER__RATE_LIMIT__ENABLED", "true"), ("STOREKEEPER__RATE_LIMIT__REQUESTS", "2")];
    let server = Server::start_with(&database, &database.url, &few).await;
    for _ in 0..5 {
        reqwest::get(format!("{}/api/v1/cart", server.address)).await.unwrap();
    }
    for _ in 0..5 {
        assert!((metrics(&server).await["storekeeper_rate_limited_total"] - 3.0).abs() < 0.1);
    }
}

/// The names with their help, after checking that each has both help and type.
fn described(text: &str) -> BTreeMap<String, String> {
    let of = |mark: &str| -> BTreeMap<String, String> {
        let lines = text.lines().filter_map(|line| line.strip_prefix(mark)?.split_once(' '));
        lines.map(|(name, said)| (name.to_owned(), said.to_owned())).collect()
    };
    let (help, types) = (of("# HELP "), of("# TYPE "));
    assert_eq!(help.keys().collect::<Vec<_>>(), types.keys().collect::<Vec<_>>());
    help
}

#[tokio::test]
async fn every_metric_is_there_from_the_start_with_its_help_and_the_version() {
    let database = TestDatabase::sqlite();
    let server = Server::start(&database).await;
    let text = async || reqwest::get(format!("{}/metrics", server.address)).await.unwrap().text().await.unwrap();
    let fresh = text().await;
    let names = described(&fresh);
    assert!(names.values().all(|help| help.ends_with('.') && help.len() > 5), "{names:?}");
    assert!(names.keys().all(|name| name.starts_with("storekeeper_") || name.starts_with("process_")), "{names:?}");
    let build = format!("storekeeper_build_info{{version=\"{}\"}} 1", env!("CARGO_PKG_VERSION"));
    assert!(fresh.lines().any(|line| line == build), "{fresh}");
    for zero in [
        "storekeeper_orders_placed_total 0",
        "storekeeper_rate_limited_total 0",
        "storekeeper_logins_total{outcome=\"throttled\"} 0",
        "storekeeper_product_cache_total{outcome=\"hit\"} 0",
        "storekeeper_product_cache_total{outcome=\"miss\"} 0",
    ] {
        assert!(fresh.lines().any(|line| line == zero), "{zero}: {fresh}");
    }
    let admin = Client::admin(&server).await;
    let product = admin.product(5).await;
    let buyer = Client::customer(&server, "buyer").await;
    buyer.send("POST", "/orders", &order_of(&[&product])).await.expect(201);
    admin.get("/products").await;
    assert_eq!(described(&text().await), names, "nothing comes only once it is used");
}

#[tokio::test]
async fn the_table_of_metrics_is_current() {
    let database = TestDatabase::sqlite();
    let server = Server::start(&database).await;
    let text = reqwest::get(format!("{}/metrics", server.address)).await.unwrap().text().await.unwrap();
    let document = include_str!("../../../../docs/deploying.md");
    let rows = document.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    let documented: Vec<_> = rows.map(|(name, _)| name.split('{').next().unwrap()).collect();
    for name in described(&text).keys() {
        assert!(documented.contains(&name.as_str()), "docs/deploying.md has no row for {name}");
    }
}
