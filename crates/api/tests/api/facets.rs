use serde_json::{Value, json};
use testkit::{App, spawn, spawn_with};

async fn post(app: &App, path: &str, body: Value) {
    app.post(path).token(&app.admin).json(&body).send().await.expect(201);
}

/// Four mugs below kitchen and a bowl beside them: two blue ones, one of them internal to the staff, a red one.
async fn prepare(app: &App) {
    let kitchen = json!({ "name": "Kitchen" });
    let path = "/api/v1/attributes/category/terms";
    let kitchen = app.post(path).token(&app.admin).json(&kitchen).send().await.expect(201).text("/id").to_owned();
    post(app, path, json!({ "name": "Mugs", "parent_id": kitchen })).await;
    post(app, path, json!({ "name": "Garden" })).await;
    let colour = json!({ "code": "colour", "name": "Colour", "type": "choice", "filterable": true, "position": 5 });
    post(app, "/api/v1/attributes", colour).await;
    for name in ["Blue", "Red", "Green"] {
        post(app, "/api/v1/attributes/colour/terms", json!({ "name": name })).await;
    }
    for (code, kind, internal) in [("width", "decimal", false), ("eco", "boolean", false), ("cost", "integer", true)] {
        let body = json!({
            "code": code, "name": code, "type": kind, "filterable": true, "internal": internal, "position": 9,
        });
        post(app, "/api/v1/attributes", body).await;
    }
    for (name, price, stock, given) in [
        ("Mug A", 1000, 1, json!({ "category": "mugs", "colour": "blue", "width": 8.5, "eco": true, "cost": 3 })),
        ("Mug B", 2000, 0, json!({ "category": "mugs", "colour": "blue", "width": 9, "eco": false })),
        ("Mug C", 3000, 1, json!({ "category": "mugs", "colour": "red" })),
        ("Bowl", 9000, 1, json!({ "category": "kitchen" })),
    ] {
        let id = app.product(name, price, stock).await;
        let path = format!("/api/v1/products/{id}/attributes");
        app.call("PUT", &path).token(&app.admin).json(&given).send().await.expect(200);
    }
}

#[tokio::test]
async fn a_list_says_what_it_can_be_narrowed_by_and_how_long_it_is_r221_r222() {
    let app = spawn().await;
    prepare(&app).await;
    let ann = app.customer("ann").await;
    let value = |value: &str, name: &str, count: i64, selected: bool| json!({ "value": value, "name": name, "count": count, "selected": selected });
    let list =
        async |query: &str| app.get(&format!("/api/v1/products?{query}")).token(&ann.token).send().await.expect(200);
    let plain = list("limit=2").await;
    assert!(plain.body.get("total").is_none() && plain.body.get("facets").is_none());
    let page = list("attr.colour=blue&facets=category,attr.colour,in_stock,price&total=true&limit=1").await;
    assert_eq!(page.number("/total"), 2);
    assert_eq!(
        page.at("/facets"),
        &json!([
            { "code": "category", "name": "Category", "values": [value("kitchen", "Kitchen", 2, false)], "more": false },
            { "code": "attr.colour", "name": "Colour", "more": false,
              "values": [value("blue", "Blue", 2, true), value("red", "Red", 1, false)] },
            { "code": "in_stock", "name": "In stock", "more": false,
              "values": [value("true", "Yes", 1, false), value("false", "No", 1, false)] },
            { "code": "price", "name": "Price",
              "min": { "amount": 1000, "currency": "USD" }, "max": { "amount": 2000, "currency": "USD" },
              "buckets": page.at("/facets/3/buckets") },
        ])
    );
    let buckets = page.at("/facets/3/buckets").as_array().unwrap();
    assert_eq!(buckets[0]["from"], json!({ "amount": 1000, "currency": "USD" }));
    assert_eq!(buckets.iter().map(|bucket| bucket["count"].as_i64().unwrap()).sum::<i64>(), 2);
    let after = format!("attr.colour=blue&facets=category&total=true&limit=1&cursor={}", page.text("/next_cursor"));
    let next = list(&after).await;
    assert!(next.body.get("total").is_none() && next.body.get("facets").is_none(), "only the first page");
    // A chosen category shows those below it, and what is chosen is there without any product.
    let below = list("category=kitchen&facets=category&total=true").await;
    assert_eq!(below.number("/total"), 4);
    let values = json!([value("kitchen", "Kitchen", 4, true), value("mugs", "Mugs", 3, false)]);
    assert_eq!(below.at("/facets/0/values"), &values);
    let none = list("attr.colour=green&category=garden&facets=category,attr.colour&total=true").await;
    assert_eq!(none.number("/total"), 0);
    assert_eq!(none.at("/facets/0/values"), &json!([value("garden", "Garden", 0, true)]));
    assert_eq!(none.at("/facets/1/values"), &json!([value("green", "Green", 0, true)]));
    let of_status = list("status=archived&facets=price&total=true").await;
    assert_eq!((of_status.number("/total"), of_status.at("/facets")), (0, &json!([])));
}

#[tokio::test]
async fn all_facets_are_those_that_a_product_of_the_list_has_something_of_r221() {
    let app = spawn().await;
    prepare(&app).await;
    let ann = app.customer("ann").await;
    let codes = async |token: &str, query: &str| {
        let page = app.get(&format!("/api/v1/products?facets=all{query}")).token(token).send().await.expect(200);
        let mut codes: Vec<_> =
            page.at("/facets").as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap().to_owned()).collect();
        codes.sort_unstable();
        codes
    };
    let seen = ["attr.colour", "attr.eco", "attr.width", "category", "in_stock", "price"];
    assert_eq!(codes(&ann.token, "").await, seen);
    assert_eq!(
        codes(&app.admin, "").await,
        ["attr.colour", "attr.cost", "attr.eco", "attr.width", "category", "in_stock", "price"]
    );
    assert_eq!(codes(&ann.token, "&q=bowl").await, ["category", "in_stock", "price"]);
    let page = app.get("/api/v1/products?facets=attr.width,attr.eco").token(&ann.token).send().await.expect(200);
    assert_eq!((page.text("/facets/0/min"), page.text("/facets/0/max")), ("8.5", "9"));
    assert_eq!(page.at("/facets/1/values/0/count"), &json!(1));
}

#[tokio::test]
async fn a_facet_that_there_is_not_is_refused_and_the_nearest_named_r221() {
    let app = spawn().await;
    prepare(&app).await;
    let ann = app.customer("ann").await;
    let many: Vec<_> = (0..300).map(|n| format!("attr.a{n}")).collect();
    for (query, code) in [
        ("facets=attr.color", "unknown_field"),
        ("facets=attr.cost", "unknown_field"),
        ("facets=size", "not_allowed"),
        (&*format!("facets={}", many.join(",")), "too_long"),
    ] {
        let reply = app.get(&format!("/api/v1/products?{query}")).token(&ann.token).send().await.expect(400);
        assert_eq!(reply.faults(), [("facets", code)], "{}", reply.body);
    }
    let reply = app.get("/api/v1/products?facets=attr.color").token(&ann.token).send().await.expect(400);
    assert!(reply.text("/detail").contains("attr.colour"), "{}", reply.body);
    app.get("/api/v1/products?total=maybe").token(&ann.token).send().await.expect(400);
}

#[tokio::test]
async fn a_cached_list_with_facets_is_counted_anew_after_a_change_r221() {
    for settings in [&[][..], &[("catalog.index_megabytes", "0")]] {
        let app = spawn_with(settings).await;
        prepare(&app).await;
        let total = async |query: &str| {
            let path = format!("/api/v1/products?total=true&{query}");
            app.get(&path).token(&app.admin).send().await.expect(200).number("/total")
        };
        assert_eq!((total("").await, total("attr.colour=blue").await, total("collapse=group").await), (4, 2, 4));
        app.product("Mug D", 10, 1).await;
        assert_eq!((total("").await, total("collapse=group").await), (5, 5));
    }
}

#[tokio::test]
async fn a_previous_slug_selects_the_same_term_as_the_current_one_r201_r221() {
    let app = spawn().await;
    prepare(&app).await;
    for (attribute, old, new) in
        [("category", "kitchen", "cooking"), ("colour", "blue", "azure"), ("colour", "green", "lime")]
    {
        let path = format!("/api/v1/attributes/{attribute}/terms/{old}");
        app.call("PATCH", &path).token(&app.admin).json(&json!({ "slug": new })).send().await.expect(200);
    }
    let facets = async |query: &str| {
        let path = format!("/api/v1/products?{query}&facets=category,attr.colour");
        app.get(&path).token(&app.admin).send().await.expect(200).at("/facets").clone()
    };
    let now = facets("category=cooking&attr.colour=azure,lime").await;
    assert_eq!(now[0]["values"][0]["selected"], true);
    assert_eq!(now[1]["values"][0], json!({ "value": "azure", "name": "Blue", "count": 2, "selected": true }));
    assert_eq!(now[1]["values"][2], json!({ "value": "lime", "name": "Green", "count": 0, "selected": true }));
    assert_eq!(facets("category=kitchen&attr.colour=blue,green").await, now);
    assert_eq!(facets("category=kitchen,cooking&attr.colour=blue,azure,lime").await, now);
}

/// The suggestion of a list, once it is there: the index that knows words is made when it is first asked for. No answer
/// from before is kept.
async fn suggested_soon(app: &App, token: &str, query: &str) -> String {
    let began = std::time::Instant::now();
    loop {
        let page = app.get(&format!("/api/v1/products?{query}")).token(token).send().await.expect(200);
        if let Some(suggestion) = page.body.get("suggestion") {
            return suggestion.as_str().unwrap().to_owned();
        }
        assert!(began.elapsed() < std::time::Duration::from_secs(30), "{}", page.body);
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_search_without_a_result_says_what_may_have_been_meant_r225() {
    let app = spawn().await;
    prepare(&app).await;
    for name in ["Blue teapot", "Dishwasher"] {
        app.product(name, 100, 1).await;
    }
    let ann = app.customer("ann").await;
    assert_eq!(suggested_soon(&app, &ann.token, "q=blue+teapto").await, "blue teapot");
    let page = async |query: &str| {
        let path = format!("/api/v1/products?{query}");
        app.get(&path).token(&ann.token).send().await.expect(200).body
    };
    assert_eq!(page("q=Dihswahser").await["suggestion"], "dishwasher");
    let counted = page("q=teapto&facets=all&total=true").await;
    assert_eq!((&counted["suggestion"], &counted["total"]), (&json!("teapot"), &json!(0)));
    // What is found, what is near nothing, and what would find nothing have none; nor has a list without a search.
    for query in
        ["q=teapot", "q=zzzzzz", "q=blux", "q=feapot", "q=teapto&category=mugs", "q=teapto&min_price=101", "sku=X"]
    {
        assert!(page(query).await.get("suggestion").is_none(), "{query}");
    }
}

#[tokio::test]
async fn without_the_index_nothing_is_suggested_r225() {
    let app = spawn_with(&[("catalog.index_megabytes", "0")]).await;
    app.product("Teapot", 100, 1).await;
    for _ in 0..3 {
        let page = app.get("/api/v1/products?q=teapto").token(&app.admin).send().await.expect(200);
        assert!(page.body.get("suggestion").is_none(), "{}", page.body);
    }
}
