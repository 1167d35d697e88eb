//! Words, names and texts, as clients type them.

use serde_json::json;
use testkit::{Client, Server, TestDatabase, damage, number, on_every_database, order_of, until, usd};

on_every_database!(
    a_text_is_kept_in_one_spelling_and_found_by_each_r224,
    a_name_without_a_visible_character_is_refused,
    signs_find_nothing_and_ten_words_of_a_title_count_r224,
    a_search_is_paged_in_order_of_relevance_r223,
    accents_and_case_make_no_difference_for_products_and_customers_r224,
    a_server_renews_what_an_older_version_stored_r224_r226_r130,
);

/// The names that a path lists.
async fn names(admin: &Client, path: &str) -> Vec<String> {
    let page = admin.ask("GET", path).await.expect(200);
    page.items().iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect()
}

async fn make(admin: &Client, name: &str, sku: Option<&str>, description: Option<&str>) {
    let new = json!({"name": name, "sku": sku, "description": description, "price": usd(1)});
    admin.send("POST", "/products", &new).await.expect(201);
}

async fn a_text_is_kept_in_one_spelling_and_found_by_each_r224(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let new = json!({"name": "Mu\u{308}sli", "sku": "Mu\u{308}\u{200b}-1", "price": usd(1)});
    let made = admin.send("POST", "/products", &new).await.expect(201);
    assert_eq!((made.text("/name"), made.text("/sku")), ("M\u{fc}sli", "M\u{fc}-1"));
    for q in ["M%C3%BCsli", "Mu%CC%88sli", "musli", "M%C3%9CSLI"] {
        assert_eq!(names(&admin, &format!("/products?q={q}")).await, ["M\u{fc}sli"], "{q}");
    }
    assert!(names(&admin, "/products?q=sli").await.is_empty());
    let same = json!({"name": "Another", "sku": "M\u{fc}-1", "price": usd(1)});
    admin.send("POST", "/products", &same).await.expect(409);
    let person = |email: &str| json!({"name": "J", "email": email, "phone": "+14155550100"});
    admin.send("POST", "/customers", &person("ju\u{308}rgen@example.com")).await.expect(201);
    admin.send("POST", "/customers", &person("j\u{fc}rgen@example.com")).await.expect(409);
}

async fn a_name_without_a_visible_character_is_refused(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    for blank in ["\u{200b}", " \u{a0} ", "\u{2800}", "\u{3164}", "\u{ad}\u{2060}", "\u{e0020}", "\u{fe0f}"] {
        let new = json!({"name": blank, "sku": blank, "price": usd(1)});
        let refused = admin.send("POST", "/products", &new).await.expect(422);
        assert_eq!(refused.refused_fields(), ["name", "sku"], "{blank:?}");
        let new = json!({"name": blank, "email": "ann@example.com", "phone": "+14155550100"});
        assert_eq!(admin.send("POST", "/customers", &new).await.expect(422).refused_fields(), ["name"], "{blank:?}");
    }
}

async fn signs_find_nothing_and_ten_words_of_a_title_count_r224(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    make(&admin, "Large blue stoneware mug with a lid and a wooden spoon for tea", None, None).await;
    make(&admin, "Large blue mug", None, None).await;
    for q in ["???", "%25", "-", "%F0%9F%A6%8A"] {
        assert!(names(&admin, &format!("/products?q={q}")).await.is_empty(), "{q}");
        assert!(names(&admin, &format!("/products?q={q}&sort=relevance")).await.is_empty(), "{q}");
        assert!(names(&admin, &format!("/customers?q={q}")).await.is_empty(), "{q}");
    }
    assert_eq!(names(&admin, "/products?q=").await.len(), 2, "blank is no search");
    let title = "large+blue+stoneware+mug+with+a+lid+and+a+wooden+spoon+for+green+tea";
    assert_eq!(names(&admin, &format!("/products?q={title}")).await.len(), 1);
}

async fn a_search_is_paged_in_order_of_relevance_r223(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    make(&admin, "Pot", Some("MUG"), None).await;
    make(&admin, "Mug", None, None).await;
    make(&admin, "Plate", None, Some("goes with the mug")).await;
    make(&admin, "Large mug", None, None).await;
    let mut path = "/products?q=MUG&sort=relevance&limit=1".to_owned();
    let mut seen = Vec::new();
    loop {
        let page = admin.ask("GET", &path).await.expect(200);
        seen.push(page.text("/items/0/name").to_owned());
        let Some(cursor) = page.body["next_cursor"].as_str() else { break };
        path = format!("/products?q=MUG&sort=relevance&limit=1&cursor={cursor}");
    }
    assert_eq!(seen, ["Pot", "Large mug", "Mug", "Plate"]);
    assert_eq!(names(&admin, "/products?q=MUG").await, ["Pot", "Mug", "Plate", "Large mug"], "v1's order stays");
}

async fn accents_and_case_make_no_difference_for_products_and_customers_r224(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    for name in ["Große Schüssel", "Café", "陶器マグカップ"] {
        make(&admin, name, None, None).await;
    }
    for (name, email) in [("Łukasz Ёлкин", "a@example.com"), ("Zoë O’Neil", "b@example.com")] {
        let body = json!({"name": name, "email": email, "phone": "+14155550100"});
        admin.send("POST", "/customers", &body).await.expect(201);
    }
    for (path, found) in [
        ("/products?q=GROSSE", "Große Schüssel"),
        ("/products?q=cafe", "Café"),
        ("/products?q=%E3%83%9E%E3%82%B0%E3%82%AB%E3%83%83%E3%83%97", "陶器マグカップ"),
        ("/customers?q=lukasz", "Łukasz Ёлкин"),
        ("/customers?q=%D0%B5%D0%BB%D0%BA%D0%B8%D0%BD", "Łukasz Ёлкин"),
        ("/customers?q=oneil+ZOE", "Zoë O’Neil"),
    ] {
        assert_eq!(names(&admin, path).await, [found], "{path}");
    }
}

/// A product and a customer lose their keys and an order its number, as if an older version had stored them.
async fn a_server_renews_what_an_older_version_stored_r224_r226_r130(database: TestDatabase) {
    let soon = [("STOREKEEPER__HOUSEKEEPING__EVERY", "1s")];
    let server = Server::start_with(&database, &database.url, &soon).await;
    let admin = Client::admin(&server).await;
    make(&admin, "Café", None, None).await;
    let body = json!({"name": "Łukasz", "email": "a@example.com", "phone": "+14155550100"});
    admin.send("POST", "/customers", &body).await.expect(201);
    let mug = json!({"name": "Mug", "price": usd(1), "initial_stock": 1});
    let mug = admin.send("POST", "/products", &mug).await.expect(201).id();
    let ann = Client::customer(&server, "ann").await;
    let placed = ann.send("POST", "/orders", &order_of(&[&mug])).await.expect(201);
    let renewed = [("products", "name_key"), ("customers", "name_key"), ("orders", "number")];
    for (table, column) in renewed {
        damage(&database, &[&format!("UPDATE {table} SET {column} = NULL")]).await;
    }
    for (table, column) in renewed {
        let missing = format!("SELECT COUNT(*) FROM {table} WHERE {column} IS NULL");
        until("renewed", async || number(&database, &missing).await == 0).await;
    }
    let again = ann.ask("GET", &format!("/orders/{}", placed.id())).await.expect(200);
    assert_eq!(again.body, placed.body, "the number of its id, which is no change of the order");
    assert_eq!(names(&admin, "/products?q=cafe&sort=name").await, ["Café"]);
    assert_eq!(names(&admin, "/customers?q=lukasz").await, ["Łukasz"]);
}
