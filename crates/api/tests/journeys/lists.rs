//! What clerks and other programs ask lists for.

use serde_json::{Value, json};
use testkit::{Client, Person, Server, TestDatabase, on_every_database, order, usd};

on_every_database!(
    products_are_looked_up_by_sku_and_by_their_last_change,
    orders_and_customers_are_listed_by_their_last_change,
    an_administrator_finds_the_orders_of_a_person,
    orders_are_listed_by_tracking_number_and_by_product_r246,
    a_customer_is_listed_by_the_email_address_r246,
    orders_are_listed_the_oldest_first_r240,
    customers_are_listed_the_newest_first_r239,
    the_sales_of_a_customer_are_summed_up_r243,
    lists_of_administrators_name_customers_and_products,
    an_open_restock_of_an_archived_product_stays_and_is_marked,
);

fn texts<'a>(items: &'a [Value], member: &str) -> Vec<&'a str> {
    items.iter().map(|item| item[member].as_str().unwrap()).collect()
}

/// A member of all items of a list, read in pages of one.
async fn one_by_one(who: &Client, path: &str, member: &str) -> Vec<String> {
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = who.get(&format!("{path}&limit=1{cursor}")).await;
        found.extend(texts(page["items"].as_array().unwrap(), member).into_iter().map(str::to_owned));
        let Some(next) = page["next_cursor"].as_str() else { return found };
        cursor = format!("&cursor={next}");
    }
}

async fn make(admin: &Client, name: &str, sku: &str) -> String {
    let body = json!({"name": name, "sku": sku, "price": usd(100), "initial_stock": 9});
    admin.send("POST", "/products", &body).await.expect(201).id()
}

async fn products_are_looked_up_by_sku_and_by_their_last_change(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let ann = Client::customer(&server, "ann").await;
    let mut ids = Vec::new();
    for (name, sku) in [("Mug", "M,1"), ("Jug", "J-1"), ("Pot", "P-1"), ("Cup", "C-1")] {
        ids.push(make(&admin, name, sku).await);
    }
    let names = async |who: &Client, query: &str| -> Vec<String> {
        who.all(&format!("/products?{query}"))
            .await
            .iter()
            .map(|item| item["name"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(names(&ann, "sku=M%2C1").await, ["Mug"]);
    assert_eq!(names(&ann, "sku=P-1&sku=J-1&sku=none&sort=name").await, ["Jug", "Pot"]);
    assert_eq!(names(&ann, "sku=P-1&sku=J-1&sku=C-1&q=jug").await, ["Jug"]);
    assert_eq!(names(&ann, "sku=m%2C1").await, Vec::<String>::new(), "a SKU is exact");
    let many = vec!["sku=x"; 101].join("&");
    for (query, field) in [(many.as_str(), "sku"), ("sku=", "sku"), ("updated_after=now", "updated_after")] {
        assert_eq!(
            ann.ask("GET", &format!("/products?{query}")).await.expect(400).refused_fields(),
            [field],
            "{query}"
        );
    }

    let start = admin.get(&format!("/products/{}", ids[0])).await["updated_at"].as_str().unwrap().to_owned();
    admin.send("PATCH", &format!("/products/{}", ids[1]), &json!({"price": usd(5)})).await.expect(200);
    let changed = admin.send("PATCH", &format!("/products/{}", ids[0]), &json!({"price": usd(7)})).await.expect(200);
    assert_eq!(names(&admin, &format!("updated_after={start}")).await, ["Pot", "Cup", "Jug", "Mug"]);
    let paged = one_by_one(&admin, &format!("/products?updated_after={start}"), "name").await;
    assert_eq!(paged, ["Pot", "Cup", "Jug", "Mug"]);
    let cheap = one_by_one(&admin, &format!("/products?updated_after={start}&max_price=99"), "name").await;
    assert_eq!(cheap, ["Jug", "Mug"]);
    let last = changed.text("/updated_at");
    assert_eq!(names(&admin, &format!("updated_after={last}")).await, ["Mug"], "the time itself counts");
    admin.send("PATCH", &format!("/products/{}", ids[3]), &json!({"status": "archived"})).await.expect(200);
    assert_eq!(names(&ann, &format!("updated_after={start}")).await, ["Pot", "Jug", "Mug"]);
    let sorted = ann.ask("GET", &format!("/products?updated_after={start}&sort=name")).await.expect(400);
    assert_eq!(sorted.faults(), [("sort", "excluded")]);
    let page = admin.get(&format!("/products?updated_after={start}&limit=1")).await;
    let cursor = page["next_cursor"].as_str().unwrap();
    admin.ask("GET", &format!("/products?cursor={cursor}")).await.expect(400);
}

async fn orders_and_customers_are_listed_by_their_last_change(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let ann = Person::new(&server, &admin, "ann", "customer").await;
    let bob = Person::new(&server, &admin, "bob", "customer").await;
    let product = admin.product(9).await;
    let (first, second, third) =
        (order(&ann.client, &product).await, order(&bob.client, &product).await, order(&ann.client, &product).await);
    let start = admin.get(&format!("/orders/{first}")).await["updated_at"].as_str().unwrap().to_owned();
    admin.send("POST", &format!("/orders/{first}/status"), &json!({"status": "processing"})).await.expect(200);
    let changed = async |who: &Client, since: &str| -> Vec<String> {
        let orders = who.all(&format!("/orders?updated_after={since}")).await;
        texts(&orders, "id").into_iter().map(str::to_owned).collect()
    };
    assert_eq!(changed(&admin, &start).await, [second.clone(), third.clone(), first.clone()]);
    assert_eq!(changed(&ann.client, &start).await, [third.clone(), first.clone()]);
    let paged = one_by_one(&admin, &format!("/orders?updated_after={start}"), "id").await;
    assert_eq!(paged, [second, third, first]);

    let customer = admin.get(&ann.customer()).await;
    let since = customer["updated_at"].as_str().unwrap();
    let renamed = admin.send("PATCH", &ann.customer(), &json!({"name": "Ann Other"})).await.expect(200);
    let listed = async |since: &str, more: &str| {
        let found = admin.all(&format!("/customers?updated_after={since}{more}")).await;
        found.iter().map(|customer| customer["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(listed(since, "").await, ["bob Someone", "Ann Other"]);
    let paged = one_by_one(&admin, &format!("/customers?updated_after={since}"), "name").await;
    assert_eq!(paged, ["bob Someone", "Ann Other"]);
    assert_eq!(listed(since, "&q=other").await, ["Ann Other"]);
    assert_eq!(listed(renamed.text("/updated_at"), "").await, ["Ann Other"]);
}

async fn an_administrator_finds_the_orders_of_a_person(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let ann = Person::new(&server, &admin, "ann", "customer").await;
    let bob = Person::new(&server, &admin, "bob", "customer").await;
    let product = admin.product(9).await;
    let (first, second) = (order(&ann.client, &product).await, order(&ann.client, &product).await);
    let third = order(&bob.client, &product).await;
    let found = async |who: &Client, query: &str| -> Vec<String> {
        let orders = who.all(&format!("/orders?{query}")).await;
        texts(&orders, "id").into_iter().map(str::to_owned).collect()
    };
    for (query, expected) in [
        ("q=ann", vec![&second, &first]),
        ("q=SOMEONE%20bo", vec![&third]),
        ("q=bob@example.com", vec![&third]),
        ("q=someone", vec![&third, &second, &first]),
        ("q=nobody", vec![]),
        ("q=%3F%3F%3F", vec![]),
        ("q=someone&status=shipped", vec![]),
        (&format!("q={third}"), vec![&third]),
        (&format!("q={}", second.to_uppercase()), vec![&second]),
    ] {
        assert_eq!(found(&admin, query).await.iter().collect::<Vec<_>>(), expected, "{query}");
    }
    let beginning = &first[..13];
    assert!(found(&admin, &format!("q={beginning}")).await.contains(&first));
    assert_eq!(found(&ann.client, "q=someone").await, [second, first], "customers find among their own alone");
    assert_eq!(found(&ann.client, "q=bob").await, Vec::<String>::new());
}

async fn lists_of_administrators_name_customers_and_products(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let ann = Person::new(&server, &admin, "ann", "customer").await;
    let bob = Person::new(&server, &admin, "bob", "customer").await;
    let product = make(&admin, "Mug", "M-1").await;
    order(&ann.client, &product).await;
    order(&bob.client, &product).await;
    let orders = admin.ask("GET", "/orders").await.expect(200);
    let named = |id: &str, name: &str| json!({"id": id, "name": format!("{name} Someone"), "email": format!("{name}@example.com")});
    let customers: Vec<_> = orders.items().iter().map(|order| order["customer"].clone()).collect();
    assert_eq!(customers, [named(&bob.customer, "bob"), named(&ann.customer, "ann")]);
    let own = ann.client.ask("GET", "/orders").await.expect(200);
    assert!(own.items()[0].get("customer").is_none(), "nothing new for customers");
    admin.ask("DELETE", &bob.customer()).await.expect(204);
    let orders = admin.ask("GET", "/orders").await.expect(200);
    assert!(orders.items()[0].get("customer").is_none() && orders.items()[1].get("customer").is_some());

    let titled = json!({"id": product, "sku": "M-1", "name": "Mug", "status": "active"});
    let stock = admin.ask("GET", "/stock").await.expect(200);
    assert_eq!(stock.items()[0]["product"], titled);
    let policy = json!({"restock_threshold": 8, "restock_target": 20});
    admin.send("PUT", &format!("/products/{product}/stock/policy"), &policy).await.expect(200);
    admin.ask("POST", "/restocks/run").await.expect(200);
    let restocks = admin.ask("GET", "/restocks").await.expect(200);
    assert_eq!(restocks.items()[0]["product"], titled);
}

async fn an_open_restock_of_an_archived_product_stays_and_is_marked(database: TestDatabase) {
    let quick = [("STOREKEEPER__STOCK__AUTO_RECEIVE_AFTER", "1s"), ("STOREKEEPER__HOUSEKEEPING__EVERY", "1s")];
    let server = Server::start_with(&database, &database.url, &quick).await;
    let admin = Client::admin(&server).await;
    let (archived, sold) = (make(&admin, "Mug", "M-1").await, make(&admin, "Jug", "J-1").await);
    let policy = json!({"restock_threshold": 9, "restock_target": 20});
    admin.send("PATCH", &format!("/products/{archived}"), &json!({"status": "archived"})).await.expect(200);
    for product in [&archived, &sold] {
        admin.send("PUT", &format!("/products/{product}/stock/policy"), &policy).await.expect(200);
        let broken = json!({"quantity": -2, "reason": "broken"});
        admin.send("POST", &format!("/products/{product}/stock/adjustments"), &broken).await.expect(201);
    }
    admin.send("PATCH", &format!("/products/{sold}"), &json!({"status": "archived"})).await.expect(200);
    let run = admin.ask("POST", "/restocks/run").await.expect(200);
    assert_eq!(run.body, json!({"opened": [], "complete": true}));
    let restocks = admin.ask("GET", "/restocks").await.expect(200);
    assert_eq!(texts(restocks.items(), "product_id"), [sold.as_str()], "opened while it was for sale");
    tokio::time::sleep(std::time::Duration::from_secs(4)).await;
    let restock = format!("/restocks/{}", restocks.items()[0]["id"].as_str().unwrap());
    let shown = admin.ask("GET", &restock).await.expect(200);
    assert_eq!((shown.text("/status"), shown.text("/product/status")), ("open", "archived"));
    assert_eq!(admin.on_hand(&sold).await, 7);
    admin.send("PATCH", &format!("/products/{sold}"), &json!({"status": "active"})).await.expect(200);
    let received = async || admin.get(&restock).await["status"] == "received";
    testkit::until("the restock of an active product is received", received).await;
}

async fn orders_are_listed_by_tracking_number_and_by_product_r246(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let (mug, jug) = (make(&admin, "Mug", "M-1").await, make(&admin, "Jug", "J-1").await);
    let (ann, bob) = (Client::customer(&server, "ann").await, Client::customer(&server, "bob").await);
    let of_ann = order(&ann, &mug).await;
    let of_bob = order(&bob, &jug).await;
    let shipped = json!({"status": "shipped", "carrier": "UPS", "tracking_number": "1Z 999"});
    admin.send("POST", &format!("/orders/{of_ann}/status"), &json!({"status": "processing"})).await.expect(200);
    admin.send("POST", &format!("/orders/{of_ann}/status"), &shipped).await.expect(200);
    let ids = async |who: &Client, query: &str| -> Vec<String> {
        let found = who.all(&format!("/orders?{query}")).await;
        texts(&found, "id").into_iter().map(ToOwned::to_owned).collect()
    };
    assert_eq!(ids(&admin, "tracking_number=1Z%20999").await, [of_ann.as_str()]);
    assert_eq!(ids(&ann, "tracking_number=1Z%20999").await, [of_ann.as_str()]);
    assert!(ids(&bob, "tracking_number=1Z%20999").await.is_empty(), "others see their own alone");
    assert!(ids(&admin, "tracking_number=1Z").await.is_empty(), "it is exact");
    assert_eq!(ids(&admin, &format!("product_id={jug}")).await, [of_bob.as_str()]);
    assert!(ids(&ann, &format!("product_id={jug}")).await.is_empty());
    assert_eq!(ids(&admin, &format!("product_id={mug}&status=shipped")).await, [of_ann.as_str()]);
    assert!(ids(&admin, &format!("product_id={mug}&status=placed")).await.is_empty());
    for (query, field) in [("product_id=mug", "product_id"), ("tracking_number=", "tracking_number")] {
        let refused = admin.ask("GET", &format!("/orders?{query}")).await.expect(400);
        assert_eq!(refused.refused_fields(), [field], "{query}");
    }
}

async fn a_customer_is_listed_by_the_email_address_r246(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let ann = Client::customer(&server, "ann").await;
    Client::customer(&server, "bob").await;
    let email = ann.get("/me").await["customer"]["email"].as_str().unwrap().to_owned();
    let found = admin.all(&format!("/customers?email={}", email.to_uppercase())).await;
    assert_eq!(texts(&found, "email"), [email.as_str()]);
    assert!(admin.all("/customers?email=nobody@example.com").await.is_empty());
    assert!(admin.all(&format!("/customers?email={email}&q=bob")).await.is_empty());
    let refused = admin.ask("GET", "/customers?email=ann").await.expect(400);
    assert_eq!(refused.refused_fields(), ["email"]);
}

async fn orders_are_listed_the_oldest_first_r240(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let mug = make(&admin, "Mug", "M-1").await;
    let ann = Client::customer(&server, "ann").await;
    let mut placed = Vec::new();
    for _ in 0..3 {
        placed.push(order(&ann, &mug).await);
    }
    assert_eq!(one_by_one(&admin, "/orders?sort=placed_at", "id").await, placed);
    assert_eq!(one_by_one(&ann, "/orders?sort=placed_at&status=placed", "id").await, placed);
    placed.reverse();
    assert_eq!(one_by_one(&admin, "/orders?sort=-placed_at", "id").await, placed);
    let page = admin.get("/orders?sort=placed_at&limit=1").await;
    let cursor = page["next_cursor"].as_str().unwrap();
    admin.ask("GET", &format!("/orders?cursor={cursor}")).await.expect(400);
    for query in ["sort=total", "sort=placed_at&updated_after=2026-01-01T00:00:00Z"] {
        assert_eq!(
            admin.ask("GET", &format!("/orders?{query}")).await.expect(400).refused_fields(),
            ["sort"],
            "{query}"
        );
    }
}

async fn customers_are_listed_the_newest_first_r239(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let mut made = Vec::new();
    for name in ["ann", "bob", "cat"] {
        made.push(Person::new(&server, &admin, name, "customer").await.customer);
    }
    assert_eq!(one_by_one(&admin, "/customers?sort=created_at", "id").await, made);
    made.reverse();
    assert_eq!(one_by_one(&admin, "/customers?sort=-created_at", "id").await, made);
    let file = admin.ask("GET", "/customers/export.csv?sort=-created_at").await.expect(200).bytes;
    let file = String::from_utf8(file).unwrap();
    let ids: Vec<_> = file.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    assert_eq!(ids, made);
    let page = admin.get("/customers?sort=-created_at&limit=1").await;
    let cursor = page["next_cursor"].as_str().unwrap();
    admin.ask("GET", &format!("/customers?cursor={cursor}")).await.expect(400);
    for query in ["sort=name", "sort=created_at&updated_after=2026-01-01T00:00:00Z"] {
        let refused = admin.ask("GET", &format!("/customers?{query}")).await.expect(400);
        assert_eq!(refused.refused_fields(), ["sort"], "{query}");
    }
}

async fn the_sales_of_a_customer_are_summed_up_r243(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let mug = make(&admin, "Mug", "M-1").await;
    let ann = Client::customer(&server, "ann").await;
    let path = format!("/customers/{}/sales", ann.get("/me").await["customer"]["id"].as_str().unwrap());
    assert_eq!(admin.get(&path).await, json!({ "sales": [] }));
    for _ in 0..3 {
        order(&ann, &mug).await;
    }
    let gone = order(&ann, &mug).await;
    admin.send("POST", &format!("/orders/{gone}/cancel"), &json!({})).await.expect(200);
    let sums =
        json!({ "currency": "USD", "orders": 3, "units": 3, "gross": 300, "discounts": 0, "refunds": 0, "net": 300 });
    assert_eq!(admin.get(&path).await, json!({ "sales": [sums] }));
    ann.ask("GET", &path).await.expect(403);
    admin.ask("GET", &format!("/customers/{mug}/sales")).await.expect(404);
}
