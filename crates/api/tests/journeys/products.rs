//! Products, changed, archived, deleted, listed in any order.

use std::collections::BTreeSet;

use domain::sort_key;
use serde_json::{Value, json};
use testkit::{Client, NOTHING, Server, TestDatabase, on_every_database, order, usd};

on_every_database!(
    a_product_is_changed_field_by_field_and_null_removes_optional_fields_r33_r35,
    customers_do_not_see_an_archived_product_and_cannot_buy_it_r31_r32_r33,
    orders_keep_their_copy_of_a_deleted_product_r34,
    sixty_products_are_listed_in_every_order_without_gap_or_repetition_r31,
    products_are_filtered_by_words_price_stock_and_status_r31,
    a_cursor_is_valid_only_for_the_sort_order_that_made_it_r31,
);

async fn a_product_is_changed_field_by_field_and_null_removes_optional_fields_r33_r35(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let new = json!({"name": "Mug", "sku": "M-1", "description": "Blue", "price": usd(1250), "initial_stock": 3});
    let made = admin.send("POST", "/products", &new).await.expect(201);
    let path = format!("/products/{}", made.id());
    let other = json!({"name": "Cup", "sku": "C-1", "price": usd(1)});
    admin.send("POST", "/products", &other).await.expect(201);

    let changed = admin.change("PATCH", &path, made.etag(), &json!({"price": usd(999)})).await.expect(200);
    assert_eq!((&changed.body["price"], changed.text("/sku")), (&usd(999), "M-1"));
    assert_eq!((&changed.body["in_stock"], &changed.body["version"]), (&json!(true), &json!(2)));
    let shown = admin.ask("GET", &path).await.expect(200);
    assert_eq!((shown.etag(), &shown.body), (changed.etag(), &changed.body));
    let stale = admin.change("PATCH", &path, made.etag(), &json!({"name": "Jug"})).await.expect(412);
    assert_eq!(stale.kind(), "stale-version");

    let cleared = admin.send("PATCH", &path, &json!({"sku": null, "description": null})).await.expect(200);
    assert_eq!((&cleared.body["sku"], &cleared.body["description"]), (&Value::Null, &Value::Null));
    assert_eq!((cleared.text("/name"), &cleared.body["price"]), ("Mug", &usd(999)));
    let nulls = json!({"name": null, "price": null, "status": null});
    assert_eq!(admin.send("PATCH", &path, &nulls).await.expect(422).refused_fields(), ["name", "price", "status"]);
    let bad = json!({"name": " ", "sku": 7, "price": {"amount": -1, "currency": "EUR"}, "initial_stock": 1});
    let faults = ["initial_stock", "name", "price.amount", "price.currency", "sku"];
    assert_eq!(admin.send("PATCH", &path, &bad).await.expect(422).refused_fields(), faults);
    let taken = admin.send("PATCH", &path, &json!({"sku": "C-1"})).await.expect(409);
    assert_eq!((taken.kind(), taken.refused_fields()), ("duplicate", vec!["sku"]));
    assert_eq!(admin.ask("GET", &path).await.body, cleared.body);
    admin.send("PATCH", &format!("/products/{NOTHING}"), &json!({})).await.expect(404);
}

async fn customers_do_not_see_an_archived_product_and_cannot_buy_it_r31_r32_r33(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let ann = Client::customer(&server, "ann").await;
    let (product, sold) = (admin.product(5).await, admin.product(5).await);
    let path = format!("/products/{product}");
    ann.send("POST", "/cart/items", &json!({"product_id": product, "quantity": 1})).await.expect(200);
    admin.send("PATCH", &path, &json!({"status": "archived"})).await.expect(200);

    ann.ask("GET", &path).await.expect(404);
    assert_eq!(admin.get(&path).await["status"], "archived");
    let ids = |page: &testkit::Reply| -> Vec<String> {
        page.items().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
    };
    for (who, query, found) in [
        (&ann, "", vec![&sold]),
        (&ann, "?status=active", vec![&sold]),
        (&ann, "?status=archived", vec![]),
        (&admin, "", vec![&product, &sold]),
        (&admin, "?status=archived", vec![&product]),
    ] {
        let page = who.ask("GET", &format!("/products{query}")).await.expect(200);
        assert_eq!(ids(&page).iter().collect::<Vec<_>>(), found, "{query}");
    }
    assert_eq!(ann.get("/cart").await["items"][0]["in_stock"], false);
    let refused = ann.send("POST", "/orders", &json!({})).await.expect(409);
    assert_eq!(refused.body["lines"][0]["code"], "archived_product");
    admin.send("PATCH", &path, &json!({"status": "active"})).await.expect(200);
    ann.send("POST", "/orders", &json!({})).await.expect(201);
}

async fn orders_keep_their_copy_of_a_deleted_product_r34(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let ann = Client::customer(&server, "ann").await;
    let new = json!({"name": "Mug", "sku": "M-1", "price": usd(1250), "initial_stock": 9});
    let made = admin.send("POST", "/products", &new).await.expect(201);
    let (id, path) = (made.id(), format!("/products/{}", made.id()));
    let bought = order(&ann, &id).await;
    let before = ann.get(&format!("/orders/{bought}")).await;
    ann.send("POST", "/cart/items", &json!({"product_id": id, "quantity": 1})).await.expect(200);
    let changed = admin.send("PATCH", &path, &json!({"name": "Jug", "sku": "J-1", "price": usd(1)})).await.expect(200);
    assert_eq!(ann.get(&format!("/orders/{bought}")).await, before, "an order keeps what it was");

    admin.change("DELETE", &path, made.etag(), &Value::Null).await.expect(412);
    admin.change("DELETE", &path, changed.etag(), &Value::Null).await.expect(204);
    for gone in [path.clone(), format!("{path}/stock"), format!("{path}/stock/movements")] {
        admin.ask("GET", &gone).await.expect(404);
    }
    admin.ask("DELETE", &path).await.expect(404);
    assert_eq!(ann.get(&format!("/orders/{bought}")).await, before);
    assert_eq!(ann.get("/cart").await["item_count"], 1);
    ann.send("POST", "/orders", &json!({"items": [{"product_id": id, "quantity": 1}]})).await.expect(409);
    // Its units go nowhere, and the order is cancelled all the same.
    ann.send("POST", &format!("/orders/{bought}/cancel"), &json!({})).await.expect(200);
    let again = json!({"name": "Mug", "sku": "J-1", "price": usd(1)});
    admin.send("POST", "/products", &again).await.expect(201);
}

/// Products of which many share a name or a price, so that only the id tells them apart.
async fn sixty(admin: &Client) -> Vec<Value> {
    for n in 0..60 {
        let name = ["Cup", "mug", "Mug", "Äsch", "Zoo", "Mug 2"][n % 6];
        let stock = if n % 4 == 0 { 0 } else { 5 };
        let new = json!({"name": name, "price": usd([100, 250, 99][n % 3]), "initial_stock": stock});
        admin.send("POST", "/products", &new).await.expect(201);
    }
    admin.all("/products").await
}

async fn sixty_products_are_listed_in_every_order_without_gap_or_repetition_r31(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let all = sixty(&admin).await;
    assert_eq!(all.len(), 60);
    let name = |item: &Value| item["name"].as_str().unwrap().to_owned();
    let price = |item: &Value| item["price"]["amount"].as_i64().unwrap();
    let id = |item: &Value| item["id"].as_str().unwrap().to_owned();
    for sort in ["name", "-name", "price", "-price", "created_at", "-created_at", "relevance"] {
        let mut expected = all.clone();
        expected.sort_by(|a, b| match sort.trim_start_matches('-') {
            "name" => (sort_key(&name(a)), id(a)).cmp(&(sort_key(&name(b)), id(b))),
            "price" => (price(a), id(a)).cmp(&(price(b), id(b))),
            _ => id(a).cmp(&id(b)),
        });
        if sort.starts_with('-') || sort == "relevance" {
            expected.reverse();
        }
        for limit in [7, 60] {
            let mut seen = Vec::new();
            let mut path = format!("/products?sort={sort}&limit={limit}");
            loop {
                let page = admin.ask("GET", &path).await.expect(200);
                seen.extend(page.items().to_vec());
                let Some(cursor) = page.body["next_cursor"].as_str() else { break };
                path = format!("/products?sort={sort}&limit={limit}&cursor={cursor}");
            }
            assert_eq!(seen.iter().map(id).collect::<BTreeSet<_>>().len(), 60, "{sort} by {limit}");
            assert_eq!(seen, expected, "{sort} by {limit}");
        }
    }
}

async fn products_are_filtered_by_words_price_stock_and_status_r31(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    for (name, sku, description, price, stock) in [
        ("Blue mug", Some("MUG-B"), None, 1000, 3),
        ("Red mug", Some("MUG-R"), Some("Goes with the blue one"), 1500, 0),
        ("Oak table", None, Some("Four legs"), 20_000, 1),
    ] {
        let new = json!({
            "name": name, "sku": sku, "description": description, "price": usd(price), "initial_stock": stock,
        });
        admin.send("POST", "/products", &new).await.expect(201);
    }
    for (query, found) in [
        ("q=mug", vec!["Blue mug", "Red mug"]),
        ("q=BLUE", vec!["Blue mug", "Red mug"]),
        ("q=mug-r", vec!["Red mug"]),
        ("q=legs", vec!["Oak table"]),
        ("q=table+ta", vec!["Oak table"]),
        ("q=mug&in_stock=true", vec!["Blue mug"]),
        ("in_stock=false", vec!["Red mug"]),
        ("min_price=1500", vec!["Red mug", "Oak table"]),
        ("max_price=1500", vec!["Blue mug", "Red mug"]),
        ("min_price=1500&max_price=1500", vec!["Red mug"]),
        ("min_price=0&sort=-price&q=mug", vec!["Red mug", "Blue mug"]),
        ("status=archived", vec![]),
    ] {
        let page = admin.ask("GET", &format!("/products?{query}")).await.expect(200);
        let names: Vec<_> = page.items().iter().map(|item| item["name"].as_str().unwrap()).collect();
        assert_eq!(names, found, "{query}");
    }
    for (query, fault) in [
        ("min_price=2&max_price=1", "max_price"),
        ("min_price=-1", "min_price"),
        ("min_price=1.5", "min_price"),
        ("max_price=1000000000001", "max_price"),
        ("in_stock=yes", "in_stock"),
        ("status=gone", "status"),
        ("sort=sku", "sort"),
    ] {
        assert_eq!(
            admin.ask("GET", &format!("/products?{query}")).await.expect(400).refused_fields(),
            [fault],
            "{query}"
        );
    }
}

async fn a_cursor_is_valid_only_for_the_sort_order_that_made_it_r31(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    for _ in 0..2 {
        admin.product(1).await;
    }
    let sorts = ["name", "-name", "price", "-price", "created_at", "-created_at", "relevance"];
    for of in sorts {
        let page = admin.ask("GET", &format!("/products?sort={of}&limit=1")).await.expect(200);
        let cursor = page.text("/next_cursor").to_owned();
        for to in sorts {
            let path = format!("/products?sort={to}&limit=1&cursor={cursor}");
            let reply = admin.ask("GET", &path).await.expect(if of == to { 200 } else { 400 });
            if of != to {
                assert_eq!(reply.refused_fields(), ["cursor"], "{of} {to}");
            }
        }
    }
}
