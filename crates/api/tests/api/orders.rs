use futures_util::future::join_all;
use serde_json::{Value, json};
use testkit::{App, Customer, Reply, TestDatabase, spawn, spawn_on, spawn_with, usd};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::offset;

fn of(items: &[(&str, i64)]) -> Value {
    let items: Vec<_> = items.iter().map(|(id, quantity)| json!({ "product_id": id, "quantity": quantity })).collect();
    json!({ "items": items })
}

async fn place(app: &App, who: &Customer, body: &Value) -> Reply {
    app.post("/api/v1/orders").token(&who.token).json(body).send().await
}

#[tokio::test]
async fn an_order_of_the_cart_takes_the_stock_and_empties_the_cart_r60_r61_r63() {
    let app = spawn().await;
    let ann = app.customer("ann").await;
    let lamp = app.product("Lamp", 1999, 5).await;
    app.put_in_cart(&ann, &lamp, 2).await;
    let made = place(&app, &ann, &json!({})).await.expect(201);
    let location = format!("/api/v1/orders/{}", made.text("/id"));
    assert_eq!(made.header("location"), Some(location.as_str()));
    assert_eq!((made.text("/customer_id"), made.text("/status")), (ann.id.as_str(), "placed"));
    let line = json!({ "product_id": lamp, "sku": null, "name": "Lamp", "unit_price": usd(1999), "quantity": 2, "line_total": usd(3998), "discount": usd(0), "tax": usd(0), "net": usd(3998), "gross": usd(3998) });
    assert_eq!((made.at("/items"), made.at("/total")), (&json!([line]), &usd(3998)));
    assert_eq!(
        (made.at("/shipping_address"), made.at("/note"), made.number("/version")),
        (&Value::Null, &Value::Null, 1)
    );
    assert_eq!(app.on_hand(&lamp).await, 3);
    let cart = app.get("/api/v1/cart").token(&ann.token).send().await.expect(200);
    assert!(cart.items().is_empty());
    let read = app.get(&location).token(&ann.token).send().await.expect(200);
    assert_eq!((&read.body, read.header("etag")), (&made.body, made.header("etag")));
}

#[tokio::test]
async fn an_order_without_a_body_is_an_order_of_the_cart_r60() {
    let app = spawn().await;
    let ann = app.customer("ann").await;
    assert_eq!(app.post("/api/v1/orders").token(&ann.token).send().await.expect(409).kind(), "cart-empty");
    let lamp = app.product("Lamp", 1999, 5).await;
    app.put_in_cart(&ann, &lamp, 1).await;
    app.post("/api/v1/orders").token(&ann.token).send().await.expect(201);
}

#[tokio::test]
async fn an_order_of_items_leaves_the_cart_unchanged_r60() {
    let app = spawn().await;
    let ann = app.customer("ann").await;
    let (lamp, chair) = (app.product("Lamp", 1999, 5).await, app.product("Chair", 5000, 5).await);
    app.put_in_cart(&ann, &lamp, 2).await;
    let mut body = of(&[(&chair, 1), (&lamp, 1)]);
    body["note"] = json!("Leave it at the door.");
    body["shipping_address"] = json!({ "line1": "1 High St", "city": "Bonn", "postal_code": "53111", "country": "DE" });
    let made = place(&app, &ann, &body).await.expect(201);
    assert_eq!(made.at("/total"), &usd(6999));
    assert_eq!((made.text("/note"), made.text("/shipping_address/country")), ("Leave it at the door.", "DE"));
    assert_eq!(made.at("/shipping_address/line2"), &Value::Null);
    let cart = app.get("/api/v1/cart").token(&ann.token).send().await.expect(200);
    assert_eq!((cart.number("/item_count"), cart.number("/version")), (2, 1));
}

#[tokio::test]
async fn an_order_short_of_stock_changes_nothing_and_lists_every_line_r60_r61() {
    let app = spawn().await;
    let ann = app.customer("ann").await;
    let (lamp, chair, rug) =
        (app.product("Lamp", 1, 5).await, app.product("Chair", 1, 1).await, app.product("Rug", 1, 0).await);
    let unknown = "01890000-0000-7000-8000-000000000000";
    let reply = place(&app, &ann, &of(&[(&lamp, 5), (&chair, 2), (&rug, 1), (unknown, 1)])).await.expect(409);
    assert_eq!(reply.kind(), "lines-not-orderable");
    let mut lines: Vec<_> = reply
        .at("/lines")
        .as_array()
        .unwrap()
        .iter()
        .map(|line| {
            (
                line["product_id"].as_str().unwrap(),
                line["code"].as_str().unwrap(),
                line["requested"].as_i64(),
                line["available"].as_i64(),
            )
        })
        .collect();
    lines.sort_unstable();
    let mut expected = [
        (unknown, "unknown_product", Some(1), Some(0)),
        (chair.as_str(), "insufficient_stock", Some(2), Some(1)),
        (rug.as_str(), "insufficient_stock", Some(1), Some(0)),
    ];
    expected.sort_unstable();
    assert_eq!(lines, expected);
    assert_eq!((app.on_hand(&lamp).await, app.on_hand(&chair).await, app.order_count().await), (5, 1, 0));
}

#[tokio::test]
async fn an_empty_cart_cannot_be_ordered_r60() {
    let app = spawn().await;
    let ann = app.customer("ann").await;
    assert_eq!(place(&app, &ann, &json!({})).await.expect(409).kind(), "cart-empty");
    assert_eq!(place(&app, &ann, &json!({ "items": null })).await.expect(409).kind(), "cart-empty");
    assert_eq!(place(&app, &ann, &json!({ "items": [] })).await.expect(422).faults(), [("items", "too_short")]);
}

#[tokio::test]
async fn every_bad_field_of_an_order_is_named_with_its_path_r60() {
    let app = spawn().await;
    let ann = app.customer("ann").await;
    let lamp = app.product("Lamp", 1, 5).await;
    let body = json!({
        "items": [{ "product_id": lamp, "quantity": 0 }, { "product_id": "x", "quantity": 1, "gift": true }, 7],
        "shipping_address": { "line1": "", "city": "Bonn", "postal_code": 53111, "country": "XX", "planet": "Mars" },
        "note": "n".repeat(501),
    });
    let reply = place(&app, &ann, &body).await.expect(422);
    let expected = [
        ("items[0].quantity", "too_small"),
        ("items[1].gift", "unknown_field"),
        ("items[1].product_id", "format"),
        ("items[2]", "wrong_type"),
        ("note", "too_long"),
        ("shipping_address.country", "not_allowed"),
        ("shipping_address.line1", "blank"),
        ("shipping_address.planet", "unknown_field"),
        ("shipping_address.postal_code", "wrong_type"),
    ];
    assert_eq!(reply.faults(), expected);
    let reply = place(&app, &ann, &of(&[(&lamp, 1), (&lamp, 1)])).await.expect(422);
    assert_eq!(reply.faults(), [("items[1].product_id", "repeated")]);
    let many: Vec<_> = (0..101).map(|_| (lamp.as_str(), 1)).collect();
    assert_eq!(place(&app, &ann, &of(&many)).await.expect(422).faults(), [("items", "too_long")]);
    assert_eq!(app.order_count().await, 0);
}

#[tokio::test]
async fn many_buyers_of_the_last_units_get_each_unit_once_r61() {
    let app = spawn().await;
    let lamp = app.product("Lamp", 1, 5).await;
    let buyers = [app.customer("ann").await, app.customer("bob").await, app.customer("eve").await];
    let body = of(&[(&lamp, 1)]);
    let replies = join_all((0..12).map(|n| place(&app, &buyers[n % 3], &body))).await;
    let sold = replies.iter().filter(|reply| reply.status == 201).count();
    let refused = replies.iter().filter(|reply| reply.status == 409).count();
    assert_eq!((sold, refused), (5, 7));
    assert_eq!((app.on_hand(&lamp).await, app.order_count().await), (0, 5));
}

#[tokio::test]
async fn customers_see_their_own_orders_newest_first_r62() {
    let app = spawn().await;
    let (ann, bob) = (app.customer("ann").await, app.customer("bob").await);
    let lamp = app.product("Lamp", 1, 9).await;
    let body = of(&[(&lamp, 1)]);
    let first = place(&app, &ann, &body).await.expect(201);
    let second = place(&app, &ann, &body).await.expect(201);
    let other = place(&app, &bob, &body).await.expect(201);
    let ids = async |who: &str, query: &str| -> Vec<String> {
        let list = app.get(&format!("/api/v1/orders{query}")).token(who).send().await.expect(200);
        list.items().iter().map(|order| order["id"].as_str().unwrap().to_owned()).collect()
    };
    let id = |reply: &Reply| reply.text("/id").to_owned();
    assert_eq!(ids(&ann.token, "").await, [id(&second), id(&first)]);
    assert_eq!(ids(&app.admin, "").await, [id(&other), id(&second), id(&first)]);
    assert_eq!(ids(&app.admin, &format!("?customer_id={}", bob.id)).await, [id(&other)]);
    assert!(ids(&ann.token, &format!("?customer_id={}", bob.id)).await.is_empty());
    assert_eq!(ids(&app.admin, "?status=placed").await.len(), 3);
    assert!(ids(&app.admin, "?status=shipped").await.is_empty());
    let chosen = format!("?id={}&id={}&id={}", id(&first), id(&other), testkit::NOTHING);
    assert_eq!(ids(&app.admin, &chosen).await, [id(&other), id(&first)]);
    assert_eq!(ids(&ann.token, &chosen).await, [id(&first)], "others are not hers");
    assert_eq!(ids(&app.admin, &format!("{chosen}&number={}", first.text("/number"))).await, [id(&first)]);
    for stage in ["to_ship", "open"] {
        assert_eq!(ids(&app.admin, &format!("?stage={stage}")).await.len(), 3, "{stage}");
        assert_eq!(ids(&ann.token, &format!("?stage={stage}&status=placed")).await.len(), 2, "{stage}");
    }
    let then = second.text("/placed_at");
    assert_eq!(ids(&app.admin, &format!("?placed_after={then}")).await, [id(&other), id(&second)]);
    assert_eq!(ids(&app.admin, &format!("?placed_before={then}")).await, [id(&first)]);
    for (query, fault) in [
        ("status=lost", ("status", "not_allowed")),
        ("stage=done", ("stage", "not_allowed")),
        ("placed_after=yesterday", ("placed_after", "format")),
        ("customer_id=x", ("customer_id", "format")),
    ] {
        let reply = app.get(&format!("/api/v1/orders?{query}")).token(&app.admin).send().await.expect(400);
        assert_eq!(reply.faults(), [fault]);
    }
}

#[tokio::test]
async fn an_order_is_found_by_its_number_however_it_is_typed_r130() {
    let app = spawn().await;
    let (ann, bob) = (app.customer("ann").await, app.customer("bob").await);
    let lamp = app.product("Lamp", 1, 9).await;
    let made = place(&app, &ann, &of(&[(&lamp, 1)])).await.expect(201);
    place(&app, &ann, &of(&[(&lamp, 1)])).await.expect(201);
    let number = made.text("/number").to_owned();
    let fits = |(place, digit): (usize, char)| {
        if matches!(place, 4 | 9) { digit == '-' } else { digit.is_ascii_digit() || digit.is_ascii_uppercase() }
    };
    assert!(number.len() == 11 && number.chars().enumerate().all(fits), "{number}");
    let list = async |who: &str, typed: &str| {
        app.get(&format!("/api/v1/orders?number={typed}")).token(who).send().await.expect(200).items().to_vec()
    };
    let typed = number.to_lowercase().replace('0', "o").replace('1', "l");
    for typed in [&number, &typed, &typed.replace('-', ""), &typed.replace('-', "%20"), &number.replace('1', "I")] {
        for who in [&app.admin, &ann.token] {
            let found = list(who, typed).await;
            let numbers: Vec<_> = found.iter().map(|order| order["number"].as_str()).collect();
            assert_eq!(numbers, [Some(number.as_str())], "{typed}");
        }
        assert!(list(&bob.token, typed).await.is_empty(), "not his own");
    }
    assert!(list(&app.admin, "0000-0000-0").await.is_empty(), "no such order");
    let other = if number.ends_with('A') { "B" } else { "A" };
    let wrong = format!("{}{other}", number.get(..10).unwrap());
    for (typed, code, says) in [
        (wrong.as_str(), "not_allowed", "typing mistake"),
        ("77GT-JQ9F", "format", "such as 77GT-JQ9F-Q"),
        ("77GU-JQ9F-Q", "format", "no U"),
    ] {
        let reply = app.get(&format!("/api/v1/orders?number={typed}")).token(&app.admin).send().await.expect(400);
        assert_eq!(reply.faults(), [("number", code)], "{typed}");
        assert!(reply.text("/detail").contains(says), "{}", reply.body);
    }
}

#[tokio::test]
async fn a_time_with_a_raw_plus_sign_is_read_as_meant_r62() {
    let app = spawn().await;
    let ann = app.customer("ann").await;
    let lamp = app.product("Lamp", 1, 9).await;
    let made = place(&app, &ann, &of(&[(&lamp, 1)])).await.expect(201);
    let now = OffsetDateTime::parse(made.text("/placed_at"), &Rfc3339).unwrap().to_offset(offset!(+05:30));
    let day = |hours: i64| (now + time::Duration::hours(hours)).format(&Rfc3339).unwrap();
    for (path, after, before) in [("orders", "placed_after", "placed_before"), ("audit", "after", "before")] {
        let count = async |name: &str, time: String| {
            let path = format!("/api/v1/{path}?{name}={time}");
            app.get(&path).token(&app.admin).send().await.expect(200).items().len()
        };
        let found = (count(after, day(-1)).await > 0, count(after, day(1)).await);
        assert_eq!(found, (true, 0), "{path}: {}", day(-1));
        let found = (count(before, day(-1)).await, count(before, day(1)).await > 0);
        assert_eq!(found, (0, true), "{path}: {}", day(-1));
    }
}

#[tokio::test]
async fn an_order_of_another_customer_is_not_found_r62_r63_r64() {
    let app = spawn().await;
    let (ann, bob) = (app.customer("ann").await, app.customer("bob").await);
    let lamp = app.product("Lamp", 1, 9).await;
    let made = place(&app, &ann, &of(&[(&lamp, 1)])).await.expect(201);
    for path in
        [format!("/api/v1/orders/{}", made.text("/id")), format!("/api/v1/orders/{}/tracking", made.text("/id"))]
    {
        app.get(&path).token(&bob.token).send().await.expect(404);
        app.get(&path).token(&ann.token).send().await.expect(200);
        app.get(&path).token(&app.admin).send().await.expect(200);
    }
}

#[tokio::test]
async fn an_order_can_be_tracked_r64_r67() {
    let app = spawn_with(&[("shop.lead_time_days", "0")]).await;
    let ann = app.customer("ann").await;
    let lamp = app.product("Lamp", 1, 9).await;
    let made = place(&app, &ann, &of(&[(&lamp, 1)])).await.expect(201);
    let path = format!("/api/v1/orders/{}/tracking", made.text("/id"));
    let tracking = app.get(&path).token(&ann.token).send().await.expect(200);
    let expected = json!({
        "order_id": made.at("/id"),
        "status": "placed",
        "placed_at": made.at("/placed_at"),
        "expected_delivery": made.at("/expected_delivery"),
        "carrier": null,
        "tracking_number": null,
        "history": [{ "status": "placed", "at": made.at("/placed_at"), "note": null, "replaced": null, "edited": [] }],
    });
    assert_eq!(tracking.body, expected);
    assert_eq!(made.text("/placed_at")[..10], *made.text("/expected_delivery"));
    assert!(tracking.header("etag").unwrap().starts_with("\"1-"));
}

#[tokio::test]
async fn an_administrator_without_a_customer_cannot_place_an_order_r60() {
    let app = spawn().await;
    let reply = app.post("/api/v1/orders").token(&app.admin).json(&json!({})).send().await.expect(409);
    assert_eq!(reply.kind(), "no-customer");
}

#[tokio::test]
async fn the_purchase_is_the_same_on_every_database_r74() {
    for variable in ["TEST_MYSQL_URL", "TEST_MARIADB_URL"] {
        let Some(database) = TestDatabase::at(variable).await else { continue };
        let app = spawn_on(database, &[]).await;
        let ann = app.customer("ann").await;
        let lamp = app.product("Lamp", 1999, 2).await;
        app.put_in_cart(&ann, &lamp, 2).await;
        let buy = || app.post("/api/v1/orders").token(&ann.token).key("purchase").json(&json!({})).send();
        let made = buy().await.expect(201);
        assert_eq!(buy().await.expect(201).body, made.body);
        assert_eq!(app.on_hand(&lamp).await, 0);
        assert_eq!(place(&app, &ann, &of(&[(&lamp, 1)])).await.expect(409).kind(), "lines-not-orderable");
        let path = format!("/api/v1/orders/{}", made.text("/id"));
        assert_eq!(app.get(&path).token(&ann.token).send().await.expect(200).body, made.body);
    }
}
