//! What the shop sold, and what its stock is worth.

use serde_json::{Value, json};
use testkit::{App, Reply, damage, spawn, spawn_with, usd};

const SALES: &str = "/api/v1/reports/sales";
const STOCK: &str = "/api/v1/reports/stock";
const TO_DO: &str = "/api/v1/reports/to-do";

async fn report(app: &App, query: &str) -> Reply {
    app.get(&format!("{SALES}?{query}")).token(&app.admin).send().await.expect(200)
}

async fn table(app: &App, path: &str) -> (reqwest::header::HeaderMap, String) {
    let sent = app.get(path).token(&app.admin).0.header("Accept", "text/csv").send().await.unwrap();
    (sent.headers().clone(), sent.text().await.unwrap())
}

/// Places an order and returns its id.
async fn order(app: &App, token: &str, items: &[(&str, i64)], country: Option<&str>) -> String {
    let item = |(id, quantity): &(&str, i64)| json!({ "product_id": id, "quantity": quantity });
    let mut body = json!({ "items": items.iter().map(item).collect::<Vec<_>>() });
    if let Some(country) = country {
        body["shipping_address"] =
            json!({ "line1": "Am Markt 1", "city": "Bremen", "postal_code": "28195", "country": country });
    }
    app.post("/api/v1/orders").token(token).json(&body).send().await.expect(201).text("/id").to_owned()
}

/// Says when an order was placed.
async fn placed(app: &App, order: &str, at: &str) {
    let at = time::OffsetDateTime::parse(at, &time::format_description::well_known::Rfc3339).unwrap();
    let (at, id) = (at.unix_timestamp() * 1_000_000, order.replace('-', ""));
    damage(app.database(), &[&format!("UPDATE orders SET placed_at = {at} WHERE id = X'{id}'")]).await;
}

/// Keys of the rows with orders, and how many they have.
fn sold(report: &Reply) -> Vec<(&str, i64)> {
    let rows = report.at("/rows").as_array().unwrap().iter();
    let sold = rows.map(|row| (row["key"].as_str().unwrap(), row["orders"].as_i64().unwrap()));
    sold.filter(|(_, orders)| *orders > 0).collect()
}

#[tokio::test]
async fn a_report_shows_what_was_sold_and_what_went_back_r244() {
    let app = spawn_with(&[("payments.test.enabled", "true"), ("checkout.require_expected_total", "false")]).await;
    let (ann, mug) = (app.customer("ann").await, app.product("Blue mug", 1999, 50).await);
    let cup = app.product("=Cup", 500, 50).await;
    let promotion = json!({ "class": "order", "action": { "amount": usd(1000) }, "code_needed": true });
    testkit::shop::promotion(&app.office(), &promotion, &[json!("SUMMER")]).await;
    let body = json!({ "items": [{ "product_id": mug, "quantity": 2 }], "coupon_codes": ["SUMMER"] });
    let first = app.post("/api/v1/orders").token(&ann.token).json(&body).send().await.expect(201);
    assert_eq!(first.number("/total/amount"), 2998);
    order(&app, &ann.token, &[(&mug, 1), (&cup, 3)], Some("DE")).await;
    let gone = order(&app, &ann.token, &[(&cup, 9)], Some("DE")).await;
    app.post(&format!("/api/v1/orders/{gone}/cancel")).token(&ann.token).send().await.expect(200);
    let path = format!("/api/v1/orders/{}", first.text("/id"));
    let pay = json!({ "provider": "test" });
    app.post(&format!("{path}/payments")).token(&ann.token).json(&pay).send().await.expect(201);
    let refund = json!({ "amount": usd(498), "reason": "damaged" });
    app.post(&format!("{path}/refunds")).token(&app.admin).json(&refund).send().await.expect(201);

    let shown = report(&app, "").await;
    assert_eq!((shown.text("/by"), shown.text("/currency")), ("day", "USD"));
    let rows = shown.at("/rows").as_array().unwrap();
    assert_eq!((rows.len(), &rows[0]["average"]), (30, &Value::Null));
    let totals = json!({
        "orders": 2, "units": 6, "gross": 7497, "discounts": 1000, "refunds": 498, "net": 5999, "average": 3000
    });
    assert_eq!(shown.at("/totals"), &totals);
    let last = rows.last().unwrap();
    assert_eq!((&last["key"], &last["net"]), (shown.at("/to"), &json!(5999)));

    let by_product = report(&app, "by=product").await;
    assert_eq!(by_product.at("/totals"), &totals, "whatever the rows are about");
    let expected = json!({
        "key": mug, "name": "Blue mug", "orders": 2, "units": 3, "gross": 5997, "discounts": 1000, "refunds": 498,
        "net": 4499, "average": 2250
    });
    assert_eq!(by_product.at("/rows/0"), &expected);
    assert_eq!(sold(&by_product), [(mug.as_str(), 2), (cup.as_str(), 1)]);
    assert_eq!(sold(&report(&app, "by=country").await), [("", 1), ("DE", 1)]);
    assert_eq!(sold(&report(&app, "by=category").await), [("", 2)]);

    let (headers, table) = table(&app, &format!("{SALES}?by=product")).await;
    assert!(headers["content-type"].to_str().unwrap().starts_with("text/csv"));
    assert_eq!(headers["vary"], "Authorization, Accept");
    let expected = format!(
        "key,name,orders,units,gross,discounts,refunds,net,average,currency\n\
        {mug},Blue mug,2,3,5997,1000,498,4499,2250,USD\n{cup},'=Cup,1,3,1500,0,0,1500,1500,USD\n"
    );
    assert_eq!(table, expected);
}

#[tokio::test]
async fn what_waits_to_be_done_is_counted_as_the_lists_have_it_r238() {
    let app = spawn_with(&[("payments.test.enabled", "true"), ("payments.required", "true")]).await;
    let nothing = app.get(TO_DO).token(&app.admin).send().await.expect(200);
    let none = json!({ "count": 0, "sums": [] });
    assert_eq!((nothing.number("/counted_up_to"), nothing.at("/orders_unpaid")), (1_000, &none));
    let (ann, mug) = (app.customer("ann").await, app.product("Blue mug", 1999, 3).await);
    let policy = json!({ "restock_threshold": 2, "restock_target": 20 });
    app.office().send("PUT", &format!("/products/{mug}/stock/policy"), &policy).await.expect(200);
    order(&app, &ann.token, &[(&mug, 2)], None).await;
    let shown = app.get(TO_DO).token(&app.admin).send().await.expect(200);
    let owed = json!({ "count": 1, "sums": [usd(3998)] });
    let expected = json!({
        "counted_up_to": 1000, "orders_to_ship": 0, "orders_unpaid": owed, "payments_with_finding": 0,
        "refunds_to_pay": none, "products_low": 1, "restocks_open": app.office().all("/restocks?status=open").await.len(),
    });
    assert_eq!(shown.body, expected);
    assert_eq!(app.office().all("/orders?payment_status=unpaid").await.len(), 1);
    assert_eq!(app.office().all("/stock?below_threshold=true").await.len(), 1);
    app.get(TO_DO).token(&ann.token).send().await.expect(403);
}

#[tokio::test]
async fn days_are_those_of_the_shop_also_when_its_clocks_change_r244() {
    let app = spawn_with(&[("shop.time_zone", "Europe/Berlin")]).await;
    let (ann, mug) = (app.customer("ann").await, app.product("Blue mug", 1999, 50).await);
    for at in [
        "2026-10-24T21:59:59Z",
        "2026-10-24T22:00:00Z",
        "2026-10-25T00:30:00Z",
        "2026-10-25T01:30:00Z",
        "2026-10-25T22:59:59Z",
        "2026-10-25T23:00:00Z",
    ] {
        let id = order(&app, &ann.token, &[(&mug, 1)], None).await;
        placed(&app, &id, at).await;
    }
    let days = report(&app, "from=2026-10-23&to=2026-10-26").await;
    assert_eq!(days.at("/rows").as_array().unwrap().len(), 4);
    assert_eq!(sold(&days), [("2026-10-24", 1), ("2026-10-25", 4), ("2026-10-26", 1)]);
    let hours = report(&app, "from=2026-10-25&to=2026-10-25&by=hour").await;
    assert_eq!(hours.at("/rows").as_array().unwrap().len(), 25);
    let expected = [
        ("2026-10-25T00:00", 1),
        ("2026-10-25T02:00+02:00", 1),
        ("2026-10-25T02:00+01:00", 1),
        ("2026-10-25T23:00", 1),
    ];
    assert_eq!(sold(&hours), expected);
    let weeks = report(&app, "from=2026-10-01&to=2026-10-31&by=week").await;
    assert_eq!(sold(&weeks), [("2026-W43", 5), ("2026-W44", 1)]);
    assert_eq!(sold(&report(&app, "from=2025-12-01&to=2026-12-31&by=month").await), [("2026-10", 6)]);
}

#[tokio::test]
async fn days_that_make_no_report_are_refused_with_what_is_allowed_r244() {
    let app = spawn().await;
    for (query, field, code, says) in [
        ("from=2026-10-02&to=2026-10-01", "to", "too_small", "2026-10-02"),
        ("from=2025-01-01&to=2026-02-05", "to", "too_large", "2026-02-04"),
        ("from=2026-01-01&to=2026-04-03&by=product", "to", "too_large", "2026-04-02"),
        ("from=2026-01-01&to=2026-02-01&by=hour", "to", "too_large", "2026-01-31"),
        ("from=2026-13-01", "from", "format", "2026-01-31"),
        ("by=year", "by", "not_allowed", "hour, day, week, month, product, category, country"),
        ("days=7", "days", "unknown_field", "from, to, by"),
    ] {
        let refused = app.get(&format!("{SALES}?{query}")).token(&app.admin).send().await.expect(400);
        assert_eq!(refused.faults(), [(field, code)], "{query}");
        assert!(refused.text("/errors/0/message").contains(says), "{query}: {}", refused.text("/errors/0/message"));
    }
    assert_eq!(report(&app, "from=2025-01-01&to=2026-02-04").await.at("/rows").as_array().unwrap().len(), 400);
}

#[tokio::test]
async fn the_stock_report_says_what_units_on_hand_are_worth_r244() {
    let app = spawn().await;
    for (name, amount, units) in [("Blue mug", 1999, 3), ("Cup", 500, 0), ("Pot", 2500, 4)] {
        app.product(name, amount, units).await;
    }
    let first = app.get(&format!("{STOCK}?limit=1")).token(&app.admin).send().await.expect(200);
    let totals = json!({ "products": 2, "on_hand": 7, "value": 15_997 });
    assert_eq!((first.text("/currency"), first.at("/totals")), ("USD", &totals));
    let row = first.at("/rows/0");
    let shown = ["name", "on_hand", "price", "value"].map(|field| &row[field]);
    assert_eq!(shown, [&json!("Blue mug"), &json!(3), &json!(1999), &json!(5997)]);
    let (headers, table) = table(&app, &format!("{STOCK}?limit=1")).await;
    let next = headers["link"].to_str().unwrap();
    assert!(next.contains(first.text("/next_cursor")) && next.ends_with("rel=\"next\""), "{next}");
    let line = format!("{},,Blue mug,3,1999,5997,USD", row["product_id"].as_str().unwrap());
    assert_eq!(table, format!("product_id,sku,name,on_hand,price,value,currency\n{line}\n"));
    let path = format!("{STOCK}?limit=1&cursor={}", first.text("/next_cursor"));
    let last = app.get(&path).token(&app.admin).send().await.expect(200);
    assert_eq!(
        (last.text("/rows/0/name"), last.at("/next_cursor"), last.at("/totals")),
        ("Pot", &Value::Null, &totals)
    );
}
