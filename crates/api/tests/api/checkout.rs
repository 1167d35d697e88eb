//! Quotes, and orders at the total that was quoted.

use serde_json::{Value, json};
use testkit::shop::{bremen, make, method, promotion, rate, with, zone};
use testkit::{App, Customer, Reply, spawn, spawn_with, usd};

/// A product of a tax class.
async fn product(app: &App, name: &str, amount: i64, class: &str) -> String {
    let body = json!({
        "name": name, "price": usd(amount), "tax_class": class, "weight_grams": 500, "initial_stock": 100,
    });
    make(&app.office(), "products", &body).await.id()
}

async fn quote(app: &App, who: &Customer, body: &Value) -> Reply {
    app.post("/api/v1/checkout/quote").token(&who.token).json(body).send().await
}

async fn order(app: &App, who: &Customer, body: &Value) -> Reply {
    app.post("/api/v1/orders").token(&who.token).json(body).send().await
}

/// The shop of example N6: prices with tax, a book at 7 %, a lamp at 19 %, shipping at 6.00.
async fn german_shop() -> (App, String, String) {
    let app = spawn_with(&[("shop.prices_include_tax", "true"), ("shop.address.country", "DE")]).await;
    make(&app.office(), "tax-classes", &json!({ "code": "reduced", "name": "Reduced" })).await;
    let germany = zone(&app.office(), "Germany", "DE").await;
    rate(&app.office(), &germany, "standard", "DE19", 190_000).await;
    rate(&app.office(), &germany, "reduced", "DE7", 70_000).await;
    method(&app.office(), "dhl", &germany, 600).await;
    let book = product(&app, "Book", 1070, "reduced").await;
    let lamp = product(&app, "Lamp", 2380, "standard").await;
    (app, book, lamp)
}

fn of(products: &[&str]) -> Value {
    let items: Vec<_> = products.iter().map(|id| json!({ "product_id": id, "quantity": 1 })).collect();
    json!({ "items": items, "shipping_address": bremen() })
}

fn totals(reply: &Reply) -> [i64; 6] {
    let amount = |name: &str| reply.number(&format!("/totals/{name}/amount"));
    ["subtotal", "discount", "shipping", "tax", "rounding", "total"].map(amount)
}

#[tokio::test]
async fn a_quote_says_what_an_order_costs_and_the_order_costs_that_r107_r108_r109() {
    let (app, book, lamp) = german_shop().await;
    let ann = app.customer("ann").await;
    promotion(&app.office(), &json!({}), &[json!("SUMMER")]).await;
    // Example N8: 10.00 off the order.
    let purchase = with(&of(&[&book, &lamp]), &json!({ "coupon_codes": [" summer "] }));
    let quoted = quote(&app, &ann, &purchase).await.expect(200);
    assert_eq!(totals(&quoted), [3450, 1000, 600, 398, 0, 3050]);
    assert_eq!(quoted.at("/taxes/0/net"), &usd(884));
    assert_eq!((quoted.text("/taxes/1/code"), quoted.at("/taxes/1/tax")), ("DE19", &usd(336)));
    let applied =
        json!([{ "code": "summer", "applied": true, "discount": usd(1000), "reason": null, "message": null }]);
    assert_eq!((quoted.at("/codes"), quoted.at("/estimated")), (&applied, &json!(false)));
    let option = quoted.at("/shipping_options/0");
    assert_eq!((&option["code"], &option["amount"], &option["selected"]), (&json!("dhl"), &usd(600), &json!(true)));
    assert_eq!(quoted.at("/problems/0/code"), "shipping_method_missing");
    assert_eq!(app.order_count().await, 0);

    let chosen = with(&purchase, &json!({ "shipping_method": "dhl", "expected_total": usd(3050) }));
    let made = order(&app, &ann, &chosen).await.expect(201);
    assert_eq!((totals(&made), made.at("/total")), ([3450, 1000, 600, 398, 0, 3050], &usd(3050)));
    assert_eq!((made.at("/taxes"), made.at("/adjustments")), (quoted.at("/taxes"), quoted.at("/adjustments")));
    for (place, [discount, tax, net, gross]) in [[310, 50, 710, 760], [690, 270, 1420, 1690]].into_iter().enumerate() {
        for (name, amount) in [("discount", discount), ("tax", tax), ("net", net), ("gross", gross)] {
            assert_eq!(made.at(&format!("/items/{place}/{name}")), &usd(amount), "{name} of {place}");
            assert_eq!(quoted.at(&format!("/items/{place}/{name}")), &usd(amount), "{name} of {place}");
        }
    }
    assert_eq!(made.text("/shipping_method"), "dhl");
    let read = app.get(made.header("location").unwrap()).token(&ann.token).send().await.expect(200);
    assert_eq!(read.body, made.body);
    let listed = app.get("/api/v1/orders").token(&app.admin).send().await.expect(200);
    assert_eq!(listed.at("/items/0/adjustments"), made.at("/adjustments"));
}

#[tokio::test]
async fn an_order_that_costs_something_else_than_was_quoted_is_refused_n23_r108() {
    let (app, book, lamp) = german_shop().await;
    let ann = app.customer("ann").await;
    let promotion = promotion(&app.office(), &json!({ "usage_limit": 5 }), &[json!("SUMMER")]).await;
    let purchase = with(&of(&[&book, &lamp]), &json!({ "coupon_codes": ["SUMMER"], "shipping_method": "dhl" }));
    let path = format!("/api/v1/products/{lamp}");
    app.patch(&path).token(&app.admin).json(&json!({ "price": { "amount": 2480 } })).send().await.expect(200);

    let refused = order(&app, &ann, &with(&purchase, &json!({ "expected_total": usd(3050) }))).await.expect(409);
    assert_eq!((refused.kind(), totals(&refused)[5]), ("totals-changed", 3150));
    assert_eq!((app.order_count().await, app.on_hand(&lamp).await), (0, 100));
    let used = |app: &App| {
        let call = app.get(&format!("/api/v1/promotions/{promotion}")).token(&app.admin);
        async move { call.send().await.expect(200).number("/used") }
    };
    assert_eq!(used(&app).await, 0);
    let made = order(&app, &ann, &with(&purchase, &json!({ "expected_total": usd(3150) }))).await.expect(201);
    assert_eq!(used(&app).await, 1);
    let cancel = format!("/api/v1/orders/{}/cancel", made.text("/id"));
    app.post(&cancel).token(&ann.token).json(&json!({})).send().await.expect(200);
    assert_eq!(used(&app).await, 0, "a cancelled order gives its use back");
}

#[tokio::test]
async fn a_shop_with_nothing_configured_asks_for_nothing_new_r107_r108() {
    let app = spawn().await;
    let (ann, lamp) = (app.customer("ann").await, app.product("Lamp", 1999, 5).await);
    let purchase = json!({ "items": [{ "product_id": lamp, "quantity": 2 }] });
    let quoted = quote(&app, &ann, &purchase).await.expect(200);
    assert_eq!((totals(&quoted), quoted.at("/problems")), ([3998, 0, 0, 0, 0, 3998], &json!([])));
    assert_eq!((quoted.at("/shipping_options"), quoted.at("/taxes")), (&json!([]), &json!([])));
    let made = order(&app, &ann, &purchase).await.expect(201);
    assert_eq!((totals(&made), made.at("/adjustments")), ([3998, 0, 0, 0, 0, 3998], &json!([])));
    let line = made.at("/items/0");
    assert_eq!((&line["net"], &line["gross"], &line["tax"]), (&usd(3998), &usd(3998), &usd(0)));
    assert_eq!(made.at("/shipping_method"), &Value::Null);
}

#[tokio::test]
async fn a_quote_of_the_cart_changes_nothing_and_an_empty_cart_has_none_r107() {
    let app = spawn().await;
    let (ann, lamp) = (app.customer("ann").await, app.product("Lamp", 1999, 5).await);
    assert_eq!(quote(&app, &ann, &json!({})).await.expect(409).kind(), "cart-empty");
    app.put_in_cart(&ann, &lamp, 2).await;
    let before = app.get("/api/v1/cart").token(&ann.token).send().await.expect(200);
    let quoted = quote(&app, &ann, &json!({})).await.expect(200);
    assert_eq!((totals(&quoted)[5], quoted.at("/estimated")), (3998, &json!(true)));
    let after = app.get("/api/v1/cart").token(&ann.token).send().await.expect(200);
    assert_eq!((&before.body, before.etag()), (&after.body, after.etag()));
    assert_eq!(app.on_hand(&lamp).await, 5);
}

#[tokio::test]
async fn a_quote_lists_all_that_keeps_it_from_being_ordered_r107() {
    let (app, book, lamp) = german_shop().await;
    let ann = app.customer("ann").await;
    let archived = json!({ "status": "archived" });
    app.patch(&format!("/api/v1/products/{book}")).token(&app.admin).json(&archived).send().await.expect(200);
    let nothing = "01990000-0000-7000-8000-000000000001";
    let items = [(&*book, 1), (&*lamp, 101), (nothing, 1)];
    let items: Vec<_> = items.iter().map(|(id, n)| json!({ "product_id": id, "quantity": n })).collect();
    let quoted = quote(&app, &ann, &json!({ "items": items })).await.expect(200);
    let found: Vec<_> = quoted.at("/problems").as_array().unwrap().iter().map(|one| one["code"].as_str()).collect();
    let lines = ["unknown_product", "archived_product", "insufficient_stock"];
    for code in lines.into_iter().chain(["address_missing", "shipping_method_missing"]) {
        assert!(found.contains(&Some(code)), "{code}: {found:?}");
    }
}

#[tokio::test]
async fn an_order_says_which_address_method_and_total_it_lacks_r107_r108() {
    let (app, book, _) = german_shop().await;
    let ann = app.customer("ann").await;
    let bare = json!({ "items": of(&[&book])["items"] });
    let refused = order(&app, &ann, &bare).await.expect(422);
    assert_eq!(refused.faults(), [("shipping_address", "required"), ("shipping_method", "required")]);
    let purchase = with(&of(&[&book]), &json!({ "shipping_method": "dhl" }));
    assert_eq!(order(&app, &ann, &purchase).await.expect(422).faults(), [("expected_total", "required")]);
    let by = |code: &str| with(&purchase, &json!({ "shipping_method": code, "expected_total": usd(1670) }));
    assert_eq!(order(&app, &ann, &by("ups")).await.expect(409).kind(), "shipping-unavailable");
    let euros = json!({ "expected_total": { "amount": 1670, "currency": "EUR" } });
    assert_eq!(
        order(&app, &ann, &with(&purchase, &euros)).await.expect(422).faults(),
        [("expected_total.currency", "currency")]
    );
    let abroad = json!({ "line1": "1 Rue", "city": "Paris", "postal_code": "75001", "country": "FR" });
    let abroad = with(&by("dhl"), &json!({ "shipping_address": abroad }));
    assert_eq!(order(&app, &ann, &abroad).await.expect(422).kind(), "no-tax-rate");
    assert_eq!(app.order_count().await, 0);
    order(&app, &ann, &by("dhl")).await.expect(201);
}

#[tokio::test]
async fn codes_that_do_not_apply_are_named_with_the_reason_r105_r107() {
    let (app, book, lamp) = german_shop().await;
    let ann = app.customer("ann").await;
    promotion(&app.office(), &json!({ "starts_at": "2999-01-01T00:00:00Z" }), &[json!("LATER")]).await;
    promotion(&app.office(), &json!({ "conditions": { "min_subtotal": usd(9999) } }), &[json!("RICH")]).await;
    promotion(&app.office(), &json!({}), &[json!("ONE")]).await;
    promotion(&app.office(), &json!({}), &[json!("TWO")]).await;
    let codes = json!({ "coupon_codes": ["nothing", "later", "rich", "one", "two"] });
    let purchase = with(&of(&[&book, &lamp]), &with(&codes, &json!({ "shipping_method": "dhl" })));
    let quoted = quote(&app, &ann, &purchase).await.expect(200);
    let reasons: Vec<_> = quoted.at("/codes").as_array().unwrap().iter().map(|one| one["reason"].as_str()).collect();
    let refusals = [Some("unknown"), Some("not_started"), Some("conditions_not_met")];
    assert_eq!(reasons[..3], refusals);
    let mut pair = [reasons[3], reasons[4]];
    pair.sort_unstable();
    assert_eq!(pair, [None, Some("not_combinable")]);
    let refused = order(&app, &ann, &with(&purchase, &json!({ "expected_total": usd(3050) }))).await.expect(422);
    assert_eq!((refused.kind(), refused.faults()[0]), ("coupon-invalid", ("coupon_codes[0]", "unknown")));
    assert_eq!(app.order_count().await, 0);

    let many = json!({ "coupon_codes": ["1", "2", "3", "4", "5", "6"] });
    assert_eq!(quote(&app, &ann, &with(&purchase, &many)).await.expect(422).refused_fields(), ["coupon_codes"]);
    let twice = json!({ "coupon_codes": ["one", " ONE "] });
    assert_eq!(quote(&app, &ann, &with(&purchase, &twice)).await.expect(422).refused_fields(), ["coupon_codes[1]"]);
    let blank = json!({ "coupon_codes": ["\u{200b}"] });
    assert_eq!(quote(&app, &ann, &with(&purchase, &blank)).await.expect(422).refused_fields(), ["coupon_codes[0]"]);
}

#[tokio::test]
async fn an_automatic_promotion_comes_off_by_itself_until_its_uses_are_gone_r104_r106() {
    let app = spawn().await;
    let (ann, lamp) = (app.customer("ann").await, app.product("Lamp", 2000, 50).await);
    promotion(&app.office(), &json!({ "usage_limit": 1 }), &[]).await;
    let purchase = json!({ "items": [{ "product_id": lamp, "quantity": 1 }] });
    let quoted = quote(&app, &ann, &purchase).await.expect(200);
    assert_eq!(totals(&quoted)[5], 1000);
    order(&app, &ann, &with(&purchase, &json!({ "expected_total": usd(1000) }))).await.expect(201);
    let late = order(&app, &ann, &with(&purchase, &json!({ "expected_total": usd(1000) }))).await.expect(409);
    assert_eq!((late.kind(), totals(&late)[5]), ("totals-changed", 2000));
}

#[tokio::test]
async fn an_exempt_customer_pays_no_tax_n21_r118() {
    let (app, _, _) = german_shop().await;
    let ann = app.customer("ann").await;
    let chair = make(
        &app.office(),
        "products",
        &json!({ "name": "Chair", "price": usd(11_900), "shippable": false, "initial_stock": 1 }),
    )
    .await;
    let path = format!("/api/v1/customers/{}", ann.id);
    let exempt = json!({ "tax_exempt": "reverse_charge" });
    let changed = app.patch(&path).token(&app.admin).json(&exempt).send().await.expect(200);
    assert_eq!(changed.text("/tax_exempt"), "reverse_charge");
    let refused = app.patch("/api/v1/me").token(&ann.token).json(&exempt).send().await.expect(422);
    assert_eq!(refused.refused_fields(), ["tax_exempt"]);

    let purchase = of(&[&chair.id()]);
    let quoted = quote(&app, &ann, &purchase).await.expect(200);
    assert_eq!((totals(&quoted), quoted.at("/totals/exempted")), ([11_900, 0, 0, 0, 0, 10_000], &usd(1900)));
    let made = order(&app, &ann, &with(&purchase, &json!({ "expected_total": usd(10_000) }))).await.expect(201);
    assert_eq!((made.text("/taxes/0/treatment"), made.at("/taxes/0/tax")), ("reverse_charge", &usd(0)));
}

#[tokio::test]
async fn a_product_says_how_it_is_taxed_and_shipped_r100() {
    let app = spawn().await;
    let usual = app.product("Lamp", 1999, 5).await;
    let path = format!("/api/v1/products/{usual}");
    let read = app.get(&path).token(&app.admin).send().await.expect(200);
    let said = |reply: &Reply| {
        (reply.text("/tax_class").to_owned(), reply.number("/weight_grams"), reply.at("/shippable").clone())
    };
    assert_eq!(said(&read), ("standard".to_owned(), 0, json!(true)));
    make(&app.office(), "tax-classes", &json!({ "code": "food", "name": "Food" })).await;
    let change = json!({ "tax_class": "food", "weight_grams": 1_000_000_000, "shippable": false });
    let changed = app.patch(&path).token(&app.admin).json(&change).send().await.expect(200);
    assert_eq!(said(&changed), ("food".to_owned(), 1_000_000_000, json!(false)));
    for (change, field) in [
        (json!({ "tax_class": "lost" }), "tax_class"),
        (json!({ "weight_grams": -1 }), "weight_grams"),
        (json!({ "weight_grams": 1_000_000_001 }), "weight_grams"),
        (json!({ "shippable": "yes" }), "shippable"),
        (json!({ "tax_class": null }), "tax_class"),
    ] {
        let refused = app.patch(&path).token(&app.admin).json(&change).send().await.expect(422);
        assert_eq!(refused.refused_fields(), [field], "{change}");
    }
    let classes = app.get("/api/v1/tax-classes").token(&app.admin).send().await.expect(200);
    let food = classes.items().iter().find(|class| class["code"] == "food").unwrap()["id"].as_str().unwrap().to_owned();
    let kept = app.delete(&format!("/api/v1/tax-classes/{food}")).token(&app.admin).send().await.expect(409);
    assert!(kept.text("/detail").contains("Lamp"), "{}", kept.text("/detail"));
}

#[tokio::test]
async fn ten_unknown_codes_an_hour_are_answered_and_then_none_r105() {
    let app = spawn().await;
    let (ann, lamp) = (app.customer("ann").await, app.product("Lamp", 2000, 50).await);
    promotion(&app.office(), &json!({}), &[json!("REAL")]).await;
    let purchase = json!({ "items": [{ "product_id": lamp, "quantity": 1 }] });
    let guess = |code: &str| with(&purchase, &json!({ "coupon_codes": [code] }));
    for n in 0..5 {
        let quoted = quote(&app, &ann, &guess(&format!("guess-{n}"))).await.expect(200);
        assert_eq!(quoted.text("/codes/0/reason"), "unknown");
        order(&app, &ann, &guess(&format!("other-{n}"))).await.expect(422);
    }
    let refused = quote(&app, &ann, &guess("REAL")).await.expect(429);
    assert_eq!(refused.kind(), "too-many-attempts");
    assert!(refused.header("retry-after").unwrap().parse::<u64>().unwrap() > 3500);
    assert_eq!(order(&app, &ann, &guess("REAL")).await.expect(429).kind(), "too-many-attempts");
    order(&app, &ann, &with(&purchase, &json!({ "expected_total": usd(2000) }))).await.expect(201);
}

#[tokio::test]
async fn without_an_address_taxes_are_those_of_the_shop_or_estimated_as_none_r107_r115() {
    let app = spawn().await;
    let ann = app.customer("ann").await;
    let germany = zone(&app.office(), "Germany", "DE").await;
    rate(&app.office(), &germany, "standard", "DE19", 190_000).await;
    let lamp = product(&app, "Lamp", 1000, "standard").await;
    let bare = json!({ "items": of(&[&lamp])["items"] });
    let quoted = quote(&app, &ann, &bare).await.expect(200);
    assert_eq!((totals(&quoted), quoted.at("/estimated")), ([1000, 0, 0, 0, 0, 1000], &json!(true)));
    let refused = order(&app, &ann, &bare).await.expect(422);
    assert_eq!(refused.faults(), [("shipping_address", "required")], "taxes depend on it");
    let quoted = quote(&app, &ann, &of(&[&lamp])).await.expect(200);
    assert_eq!((totals(&quoted), quoted.at("/estimated")), ([1000, 0, 0, 190, 0, 1190], &json!(false)));
}
