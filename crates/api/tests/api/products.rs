use serde_json::{Value, json};
use testkit::{App, Reply, product, spawn, spawn_with, usd};

async fn create(app: &App, body: &Value) -> Reply {
    app.post("/api/v1/products").token(&app.admin).json(body).send().await
}

#[tokio::test]
async fn a_product_is_created_with_its_stock_and_can_be_read_at_its_location_r30_r32() {
    let app = spawn().await;
    let body = json!({ "name": "Oak lamp", "price": usd(1999), "sku": "LAMP-1", "description": "Warm.\nBright.", "initial_stock": 3 });
    let made = create(&app, &body).await.expect(201);
    let location = made.header("location").unwrap();
    assert_eq!(location, format!("/api/v1/products/{}", made.text("/id")));
    let fields: Vec<_> = made.body.as_object().unwrap().keys().map(String::as_str).collect();
    let mut expected = [
        ["id", "sku", "name", "description", "price", "status", "in_stock", "image", "media"].as_slice(),
        &["attributes", "breadcrumbs", "tax_class", "weight_grams", "shippable", "created_at", "updated_at", "version"],
        &["barcode", "compare_at_price", "discount_percent", "lowest_price_30d"],
        &["slug", "description_html", "seo_title", "seo_description"],
    ]
    .concat();
    expected.sort_unstable();
    let mut fields = fields;
    fields.sort_unstable();
    assert_eq!(fields, expected);
    assert_eq!(made.at("/price"), &usd(1999));
    assert_eq!((made.text("/status"), made.at("/in_stock"), made.number("/version")), ("active", &json!(true), 1));
    assert!(made.text("/created_at").ends_with('Z'));

    let read = app.get(location).token(&app.admin).send().await.expect(200);
    assert_eq!(read.body, made.body);
    assert_eq!(read.header("etag"), made.header("etag"));
    assert_eq!(app.on_hand(made.text("/id")).await, 3);
}

#[tokio::test]
async fn a_product_needs_only_name_and_price_and_null_means_absent_r30() {
    let app = spawn().await;
    let body = json!({ "name": "Lamp", "price": usd(0), "sku": null, "description": null, "initial_stock": null });
    let made = create(&app, &body).await.expect(201);
    assert_eq!(
        (made.at("/sku"), made.at("/description"), made.at("/in_stock")),
        (&Value::Null, &Value::Null, &json!(false))
    );
    create(&app, &json!({ "name": "Lamp", "price": usd(0) })).await.expect(201);
}

#[tokio::test]
async fn a_sku_belongs_to_one_product_r35() {
    let app = spawn().await;
    let body = json!({ "name": "Lamp", "price": usd(1), "sku": "S" });
    create(&app, &body).await.expect(201);
    let reply = create(&app, &body).await.expect(409);
    assert_eq!((reply.kind(), reply.faults()), ("duplicate", vec![("sku", "duplicate")]));
    let list = app.get("/api/v1/products").token(&app.admin).send().await.expect(200);
    assert_eq!(list.items().len(), 1);
}

#[tokio::test]
async fn the_limits_of_product_fields_are_enforced_r35() {
    let app = spawn().await;
    let good = [
        json!({ "name": "n", "price": usd(1_000_000_000_000), "sku": "s".repeat(64), "description": "d".repeat(10_000) }),
        json!({ "name": "ñ".repeat(200), "price": usd(0), "initial_stock": 1_000_000_000 }),
    ];
    for body in good {
        create(&app, &body).await.expect(201);
    }
    let bad = [
        ("name", json!("n".repeat(201)), ("name", "too_long")),
        ("name", json!("\t "), ("name", "blank")),
        ("sku", json!("s".repeat(65)), ("sku", "too_long")),
        ("sku", json!(" "), ("sku", "blank")),
        ("description", json!("d".repeat(10_001)), ("description", "too_long")),
        ("price", usd(-1), ("price.amount", "too_small")),
        ("price", usd(1_000_000_000_001), ("price.amount", "too_large")),
        ("price", json!({ "amount": 1, "currency": "EUR" }), ("price.currency", "currency")),
        ("price", json!(1), ("price", "wrong_type")),
        ("price", json!({ "currency": "USD" }), ("price.amount", "required")),
        ("initial_stock", json!(-1), ("initial_stock", "too_small")),
        ("initial_stock", json!(1_000_000_001), ("initial_stock", "too_large")),
    ];
    for (field, value, fault) in bad {
        let mut body = product("Lamp", 1, 1);
        body[field] = value;
        assert_eq!(create(&app, &body).await.expect(422).faults(), [fault], "{field}");
    }
    let list = app.get("/api/v1/products").token(&app.admin).send().await.expect(200);
    assert_eq!(list.items().len(), 2);
}

#[tokio::test]
async fn the_shop_has_one_currency_r35() {
    let app = spawn_with(&[("shop.currency", "JPY")]).await;
    let body = json!({ "name": "Lamp", "price": { "amount": 500, "currency": "JPY" } });
    assert_eq!(create(&app, &body).await.expect(201).text("/price/currency"), "JPY");
    create(&app, &product("Lamp", 500, 0)).await.expect(422);
}

#[tokio::test]
async fn customers_can_read_products_but_not_create_them_r6_r31() {
    let app = spawn().await;
    let ann = app.customer("ann").await;
    let id = app.product("Lamp", 1999, 0).await;
    let list = app.get("/api/v1/products").token(&ann.token).send().await.expect(200);
    assert_eq!(list.items().len(), 1);
    app.get(&format!("/api/v1/products/{id}")).token(&ann.token).send().await.expect(200);
    app.get("/api/v1/products?status=active").token(&ann.token).send().await.expect(200);
    let archived = app.get("/api/v1/products?status=archived").token(&ann.token).send().await.expect(200);
    assert!(archived.items().is_empty());
    let archived = app.get("/api/v1/products?status=archived").token(&app.admin).send().await.expect(200);
    assert!(archived.items().is_empty());
    app.post("/api/v1/products").token(&ann.token).json(&product("Lamp", 1, 1)).send().await.expect(403);
}

#[tokio::test]
async fn a_public_catalogue_needs_no_token_and_can_be_cached_r6() {
    let app = spawn_with(&[("catalog.public", "true")]).await;
    let id = app.product("Lamp", 1999, 0).await;
    for path in [format!("/api/v1/products/{id}"), "/api/v1/products".to_owned()] {
        let open = app.get(&path).send().await.expect(200);
        assert_eq!(open.header("cache-control"), Some("public, no-cache"));
        assert_eq!(open.header("vary"), Some("Authorization"));
        let mine = app.get(&path).token(&app.admin).send().await.expect(200);
        assert_eq!(mine.header("cache-control"), Some("private, no-cache"));
        app.get(&path).token("nonsense").send().await.expect(401);
    }
    app.get("/api/v1/cart").send().await.expect(401);
    app.post("/api/v1/products").json(&product("Lamp", 1, 1)).send().await.expect(401);
}

#[tokio::test]
async fn an_unknown_product_is_a_404_r32() {
    let app = spawn().await;
    let path = "/api/v1/products/01890000-0000-7000-8000-000000000000";
    assert_eq!(app.get(path).token(&app.admin).send().await.expect(404).kind(), "not-found");
}
