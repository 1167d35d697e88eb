//! What pages ask the database for. MySQL counts statements by connection, which the others do not.

use std::collections::BTreeMap;

use serde_json::json;
use testkit::shop::make;
use testkit::{App, PASSWORD, TestDatabase, number, spawn_on, usd};

use super::browser::Browser;
use super::pages::filled;

/// How often a page is opened. What the server does by the clock is counted as well, and is not in the least of so many.
const TIMES: usize = 5;

/// So many products, customers, orders, attributes, keys and accounts are added.
const MORE: i64 = 12;

/// What endpoints of webhooks need on MySQL.
const KEY: (&str, &str) = ("secrets.key", "a-key-of-the-tests-that-is-long-enough");

/// The statements that the connections to the database have run.
const RUN: &str = "SELECT CAST(SUM(e.count_star) AS SIGNED)
    FROM performance_schema.threads t
    JOIN performance_schema.events_statements_summary_by_thread_by_event_name e USING (thread_id)
    WHERE t.processlist_db = DATABASE() AND t.processlist_id <> CONNECTION_ID()
        AND e.event_name IN ('statement/sql/select', 'statement/com/Execute')";

/// The statements of each page.
async fn statements(app: &App, places: &[String]) -> BTreeMap<String, i64> {
    let admin = Browser::admin(app).await;
    let mut counts = BTreeMap::new();
    for place in places {
        let mut counted = Vec::new();
        for _ in 0..10 * TIMES {
            let before = number(app.database(), RUN).await;
            admin.open(place).await.expect(200);
            let count = number(app.database(), RUN).await - before;
            // The statements of a connection that was closed meanwhile are counted no more.
            counted.extend((count >= 0).then_some(count));
            if counted.len() == TIMES {
                break;
            }
        }
        assert_eq!(counted.len(), TIMES, "{place}: connections are closed all the time");
        counts.insert(place.clone(), counted.into_iter().min().unwrap_or_default());
    }
    counts
}

/// Adds attributes with terms to choose from, and people and programs who have changed something.
async fn many_to_choose_and_to_name(app: &App) {
    let office = app.office();
    let product = app.product("Mug of many", 500, 40).await;
    for at in 0..MORE {
        let code = format!("choice_{at}");
        make(&office, "attributes", &json!({ "code": code, "name": code, "type": "choice", "filterable": true })).await;
        make(&office, &format!("attributes/{code}/terms"), &json!({ "name": "Red" })).await;
        let red = json!({ "name": format!("Red {at}"), "price": usd(500), "attributes": { code: "red" } });
        make(&office, "products", &red).await;
    }
    let change = async |token: &str, name: String| {
        let change = app.patch(&format!("/api/v1/products/{product}")).token(token).json(&json!({ "name": name }));
        change.send().await.expect(200);
    };
    for at in 0..MORE {
        let key = make(&office, "keys", &json!({ "name": format!("K{at}"), "scopes": ["products:write"] })).await;
        change(key.text("/secret"), format!("By key {at}")).await;
        let username = format!("staff{at}");
        make(&office, "accounts", &json!({ "username": username, "password": PASSWORD, "role": "catalogue" })).await;
        change(&app.login(&username, PASSWORD).await, format!("By account {at}")).await;
    }
}

#[tokio::test]
async fn no_page_needs_more_statements_the_more_there_is_to_show_r239_r240_r241_r243_r262() {
    let Some(database) = TestDatabase::at("TEST_MYSQL_URL").await else { return };
    let app = spawn_on(database, &[("server.workers", "1"), KEY]).await;
    let mut places = filled(&app).await;
    // Without options, any number of products stand in a group.
    let body = json!({ "name": "Mugs", "options": [] });
    let group = app.post("/api/v1/product-groups").token(&app.admin).json(&body).send().await.expect(201).id();
    places.extend([format!("groups/{group}"), format!("products?collapse=group&open={group}")]);
    // A group without members asks for nothing of them at all.
    let members = format!("/api/v1/product-groups/{group}/products");
    let join = async |product: String| {
        let member = json!({ "product_id": product, "values": {} });
        app.post(&members).token(&app.admin).json(&member).send().await.expect(201);
    };
    join(app.product("Mug", 500, 40).await).await;
    let slips = async || {
        let orders = app.office().all("/orders").await;
        let chosen: Vec<_> = orders.iter().map(|order| format!("id={}", order["id"].as_str().unwrap())).collect();
        format!("orders/slips?{}", chosen.join("&"))
    };
    let few_slips = slips().await;
    let few_slips = statements(&app, std::slice::from_ref(&few_slips)).await[&few_slips];
    let few = statements(&app, &places).await;
    assert!(few.values().all(|count| (1..=20).contains(count)), "{few:#?}");

    for at in 0..MORE {
        let product = app.product(&format!("Mug {at}"), 500 + at, 40).await;
        join(product.clone()).await;
        let customer = app.customer(&format!("customer{at}")).await;
        app.put_in_cart(&customer, &product, 1).await;
        app.post("/api/v1/orders").token(&customer.token).send().await.expect(201);
    }
    many_to_choose_and_to_name(&app).await;
    let many_slips = slips().await;
    let many_slips = statements(&app, std::slice::from_ref(&many_slips)).await[&many_slips];
    assert!(many_slips - few_slips < MORE / 2, "{few_slips} statements for a slip, {many_slips} for {MORE} more");
    let many = statements(&app, &places).await;
    for (place, count) in few {
        // What is kept for a while, and what the server does by the clock, makes a difference of one or two.
        let more = many[&place] - count;
        assert!(more < MORE / 2, "{place}: {count} statements with little to show, and {more} more with much");
    }
}
