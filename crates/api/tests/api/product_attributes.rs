use serde_json::{Value, json};
use testkit::{App, Reply, product, spawn};

async fn attribute(app: &App, body: Value) {
    app.post("/api/v1/attributes").token(&app.admin).json(&body).send().await.expect(201);
}

async fn term(app: &App, attribute: &str, name: &str, parent: Option<&str>) -> String {
    let body = json!({ "name": name, "parent_id": parent });
    let path = format!("/api/v1/attributes/{attribute}/terms");
    app.post(&path).token(&app.admin).json(&body).send().await.expect(201).text("/id").to_owned()
}

/// Mugs below kitchen, gifts, blue, red, and an attribute of each type.
async fn prepare(app: &App) {
    let kitchen = term(app, "category", "Kitchen", None).await;
    term(app, "category", "Mugs", Some(&kitchen)).await;
    term(app, "category", "Gifts", None).await;
    attribute(app, json!({ "code": "colour", "name": "Colour", "type": "choice", "filterable": true, "position": 5 }))
        .await;
    for name in ["Blue", "Red"] {
        term(app, "colour", name, None).await;
    }
    for (code, kind) in
        [("care", "text"), ("capacity_ml", "integer"), ("width", "decimal"), ("recycled", "boolean"), ("since", "date")]
    {
        let filterable = kind != "text";
        attribute(app, json!({ "code": code, "name": code, "type": kind, "filterable": filterable, "position": 9 }))
            .await;
    }
    attribute(app, json!({ "code": "cost", "name": "Cost", "type": "integer", "filterable": true, "internal": true, "position": 9 })).await;
}

async fn assign(app: &App, id: &str, body: &Value) -> Reply {
    app.call("PUT", &format!("/api/v1/products/{id}/attributes")).token(&app.admin).json(body).send().await
}

#[tokio::test]
async fn a_product_has_what_was_given_and_shows_it_by_position_r203() {
    let app = spawn().await;
    prepare(&app).await;
    let id = app.product("Mug", 100, 1).await;
    let given = json!({
        "category": ["mugs", "gifts"], "tag": ["New", "Summer Sale"], "colour": "blue", "care": "By hand.",
        "capacity_ml": 350, "width": 8.5, "recycled": true, "since": "2026-11-27", "cost": 3,
    });
    let done = assign(&app, &id, &given).await.expect(200);
    assert_eq!(done.number("/version"), 2);
    assert_eq!(
        done.at("/breadcrumbs"),
        &json!([{"slug": "kitchen", "name": "Kitchen"}, {"slug": "mugs", "name": "Mugs"}])
    );
    let codes = |reply: &Reply| {
        let all = reply.at("/attributes").as_array().unwrap();
        all.iter().map(|one| one["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let mut all = codes(&done);
    assert_eq!(all[..3], ["category", "tag", "colour"]);
    all[3..].sort_unstable();
    assert_eq!(all[3..], ["capacity_ml", "care", "cost", "recycled", "since", "width"]);
    let value = |reply: &Reply, code: &str| {
        let all = reply.at("/attributes").as_array().unwrap();
        let one = all.iter().find(|one| one["code"] == code).unwrap();
        one.get("values").or(one.get("value")).unwrap().clone()
    };
    assert_eq!(value(&done, "category"), json!([{"slug": "mugs", "name": "Mugs"}, {"slug": "gifts", "name": "Gifts"}]));
    assert_eq!(
        value(&done, "tag"),
        json!([{"slug": "new", "name": "New"}, {"slug": "summer-sale", "name": "Summer Sale"}])
    );
    assert_eq!(
        done.at("/attributes/2"),
        &json!({"code": "colour", "name": "Colour", "type": "choice", "unit": null, "values": [{"slug": "blue", "name": "Blue"}]})
    );
    for (code, expected) in [
        ("care", json!("By hand.")),
        ("capacity_ml", json!(350)),
        ("width", json!("8.5")),
        ("recycled", json!(true)),
        ("since", json!("2026-11-27")),
        ("cost", json!(3)),
    ] {
        assert_eq!(value(&done, code), expected, "{code}");
    }
    let path = format!("/api/v1/products/{id}");
    let product = app.get(&path).token(&app.admin).send().await.expect(200);
    assert_eq!(
        (product.at("/attributes"), product.at("/breadcrumbs")),
        (done.at("/attributes"), done.at("/breadcrumbs"))
    );
    assert_eq!(product.number("/version"), 2);
    let ann = app.customer("ann").await;
    let seen = app.get(&path).token(&ann.token).send().await.expect(200);
    assert!(!codes(&seen).contains(&"cost".to_owned()) && codes(&seen).len() == 8, "{:?}", codes(&seen));
    let patched = app.patch(&path).token(&app.admin).json(&json!({ "name": "Cup" })).send().await.expect(200);
    assert_eq!(patched.body, app.get(&path).token(&app.admin).send().await.expect(200).body);

    // What is named is replaced, and what is not stays.
    let done = assign(&app, &id, &json!({ "colour": "red", "tag": null, "care": "", "category": ["gifts"] }))
        .await
        .expect(200);
    assert_eq!(
        (value(&done, "colour"), value(&done, "capacity_ml")),
        (json!([{"slug": "red", "name": "Red"}]), json!(350))
    );
    assert!(!codes(&done).contains(&"tag".to_owned()) && !codes(&done).contains(&"care".to_owned()));
    assert_eq!(done.at("/breadcrumbs"), &json!([{"slug": "gifts", "name": "Gifts"}]));
    let same = assign(&app, &id, &json!({ "colour": "red" })).await.expect(200);
    assert_eq!((same.number("/version"), same.etag()), (4, done.etag()));

    // A new name is seen at once.
    let rename = app.patch("/api/v1/categories/gifts").token(&app.admin).json(&json!({ "name": "Presents" }));
    rename.send().await.expect(200);
    let product = app.get(&path).token(&ann.token).send().await.expect(200);
    assert_eq!(product.text("/breadcrumbs/0/name"), "Presents");
}

#[tokio::test]
async fn every_refused_attribute_is_named_r203() {
    let app = spawn().await;
    prepare(&app).await;
    let id = app.product("Mug", 100, 1).await;
    for (body, faults) in [
        (json!({ "size": "m" }), vec![("size", "unknown_field")]),
        (json!({ "colour": "blu" }), vec![("colour", "not_found")]),
        (json!({ "colour": "mugs" }), vec![("colour", "not_found")]),
        (json!({ "colour": ["blue"] }), vec![("colour", "wrong_type")]),
        (json!({ "colour": { "slug": "blue" } }), vec![("colour", "wrong_type")]),
        (
            json!({ "category": ["mugs", "nothing"], "capacity_ml": "350" }),
            vec![("capacity_ml", "wrong_type"), ("category", "not_found")],
        ),
        (json!({ "capacity_ml": 1.5 }), vec![("capacity_ml", "format")]),
        (json!({ "capacity_ml": 9_007_199_254_740_993_u64 }), vec![("capacity_ml", "too_large")]),
        (json!({ "width": "1,5" }), vec![("width", "format")]),
        (json!({ "width": 0.000_000_1 }), vec![("width", "format")]),
        (json!({ "recycled": "true" }), vec![("recycled", "wrong_type")]),
        (json!({ "since": "2026-02-30" }), vec![("since", "format")]),
        (json!({ "care": "x".repeat(501) }), vec![("care", "too_long")]),
        (json!({ "tag": vec!["x"; 101] }), vec![("tag", "too_long")]),
        (json!({ "tag": [" "] }), vec![("tag", "blank")]),
    ] {
        let mut refused = assign(&app, &id, &body)
            .await
            .expect(422)
            .faults()
            .iter()
            .map(|(field, code)| ((*field).to_owned(), (*code).to_owned()))
            .collect::<Vec<_>>();
        refused.sort();
        let faults: Vec<_> = faults.iter().map(|(field, code)| ((*field).to_owned(), (*code).to_owned())).collect();
        assert_eq!(refused, faults, "{body}");
    }
    let tags: Vec<_> = (0..60).map(|n| format!("t{n}")).collect();
    assign(&app, &id, &json!({ "tag": tags })).await.expect(200);
    let mut many = Vec::new();
    for n in 0..41 {
        many.push(term(&app, "category", &format!("C{n}"), None).await);
    }
    let refused = assign(&app, &id, &json!({ "category": many })).await.expect(422);
    assert_eq!(refused.faults(), [("attributes", "too_long")], "100 terms at most");
    assign(&app, &id, &json!({ "category": many[1..] })).await.expect(200);
    assign(&app, "01890000-0000-7000-8000-000000000000", &json!({})).await.expect(404);
    let stale = app.call("PUT", &format!("/api/v1/products/{id}/attributes")).token(&app.admin);
    stale.header("if-match", "\"1\"").json(&json!({ "colour": "red" })).send().await.expect(412);
}

#[tokio::test]
async fn a_product_is_made_with_its_attributes_or_not_at_all_r203() {
    let app = spawn().await;
    prepare(&app).await;
    let mut body = product("Mug", 100, 3);
    body["attributes"] = json!({ "category": ["mugs"], "colour": "blue", "tag": ["fresh"], "capacity_ml": 350 });
    let made = app.post("/api/v1/products").token(&app.admin).json(&body).send().await.expect(201);
    assert_eq!((made.number("/version"), made.text("/breadcrumbs/1/slug")), (1, "mugs"));
    let read = app.get(made.header("location").unwrap()).token(&app.admin).send().await.expect(200);
    assert_eq!((&read.body, read.etag()), (&made.body, made.etag()));
    body["attributes"] = json!({ "colour": "green", "tag": ["lost"], "size": 3 });
    let refused = app.post("/api/v1/products").token(&app.admin).json(&body).send().await.expect(422);
    let mut fields: Vec<_> = refused.faults().iter().map(|(field, _)| *field).collect();
    fields.sort_unstable();
    assert_eq!(fields, ["attributes.colour", "attributes.size"]);
    body["attributes"] = json!([]);
    let refused = app.post("/api/v1/products").token(&app.admin).json(&body).send().await.expect(422);
    assert_eq!(refused.faults(), [("attributes", "wrong_type")]);
    let list = app.get("/api/v1/products").token(&app.admin).send().await.expect(200);
    assert_eq!(list.items().len(), 1);
    assert!(list.at("/items/0").get("attributes").is_none() && list.at("/items/0").get("breadcrumbs").is_none());
    app.get("/api/v1/attributes/tag/terms/lost").token(&app.admin).send().await.expect(404);
    let with = app.get("/api/v1/products?include=attributes").token(&app.admin).send().await.expect(200);
    assert_eq!(with.at("/items/0/attributes"), made.at("/attributes"));
    let refused = app.get("/api/v1/products?include=price").token(&app.admin).send().await.expect(400);
    assert_eq!(refused.faults(), [("include", "not_allowed")]);
    let log = app.get("/api/v1/audit?resource=product").token(&app.admin).send().await.expect(200);
    assert_eq!(log.text("/items/0/action"), "products.assign");
    assert_eq!(log.text("/items/0/after/attributes"), "category: mugs; tag: fresh; colour: blue; capacity_ml: 350");
}

#[tokio::test]
async fn products_are_found_by_what_they_have_r220() {
    let app = spawn().await;
    prepare(&app).await;
    term(&app, "brand", "Acme", None).await;
    for (name, has) in [
        (
            "a",
            json!({ "category": ["mugs"], "tag": ["new"], "colour": "blue", "capacity_ml": 300, "brand": "acme", "cost": 1 }),
        ),
        ("b", json!({ "category": ["kitchen"], "tag": ["sale"], "colour": "red", "width": "0.5", "recycled": true })),
        (
            "c",
            json!({ "category": ["gifts", "mugs"], "tag": ["new", "sale"], "since": "2026-11-27", "capacity_ml": 500 }),
        ),
        ("d", json!({})),
    ] {
        let id = app.product(name, 100, 1).await;
        assign(&app, &id, &has).await.expect(200);
    }
    let ann = app.customer("ann").await;
    let names = async |query: &str| {
        let page = app.get(&format!("/api/v1/products?{query}")).token(&ann.token).send().await.expect(200);
        page.items().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>().concat()
    };
    for (query, found) in [
        ("category=kitchen", "abc"),
        ("category=mugs", "ac"),
        ("category=gifts,mugs", "ac"),
        ("category=nothing", ""),
        ("category=Not%20a%20slug", ""),
        ("tag=new", "ac"),
        ("tag=new,sale", "abc"),
        ("tag=new&tag=sale", "abc"),
        ("tag=new,nothing", "ac"),
        ("tag=nothing", ""),
        ("brand=acme", "a"),
        ("attr.colour=blue,red", "ab"),
        ("attr.tag=sale", "bc"),
        ("attr.category=kitchen&attr.colour=red", "b"),
        ("attr.capacity_ml=300..500", "ac"),
        ("attr.capacity_ml=..300", "a"),
        ("attr.capacity_ml=301..", "c"),
        ("attr.capacity_ml=300,500", "ac"),
        ("attr.width=0.5", "b"),
        ("attr.recycled=true", "b"),
        ("attr.recycled=false", ""),
        ("attr.since=2026-01-01..2026-12-31", "c"),
        ("category=kitchen&tag=new&min_price=50&sort=-created_at", "ca"),
        ("category=kitchen&q=b", "b"),
        ("", "abcd"),
    ] {
        assert_eq!(names(query).await, found, "{query}");
    }
    for (query, fault) in [
        ("attr.colour=", ("attr.colour", "format")),
        ("attr.capacity_ml=3..1", ("attr.capacity_ml", "too_small")),
        ("attr.capacity_ml=x", ("attr.capacity_ml", "format")),
        ("attr.recycled=yes", ("attr.recycled", "not_allowed")),
        ("attr.colur=blue", ("attr.colur", "unknown_field")),
        ("attr.care=x", ("attr.care", "unknown_field")),
        ("attr.cost=1", ("attr.cost", "unknown_field")),
        ("attr.=1", ("attr.", "unknown_field")),
        ("category=", ("category", "format")),
        ("colour=blue", ("colour", "unknown_field")),
    ] {
        let refused = app.get(&format!("/api/v1/products?{query}")).token(&ann.token).send().await.expect(400);
        assert_eq!(refused.faults(), [fault], "{query}");
    }
    let near = app.get("/api/v1/products?attr.colur=blue").token(&ann.token).send().await.expect(400);
    assert!(near.text("/detail").contains("did you mean attr.colour?"), "{}", near.text("/detail"));
    let many: Vec<_> = (0..300).map(|n| format!("attr.a{n}=1")).collect();
    app.get(&format!("/api/v1/products?{}", many.join("&"))).token(&ann.token).send().await.expect(400);
    let staff = app.get("/api/v1/products?attr.cost=1").token(&app.admin).send().await.expect(200);
    assert_eq!(staff.items().len(), 1);

    // A list that is kept follows what becomes of terms, and of what products have.
    assert_eq!(names("category=toys").await, "");
    let toys = term(&app, "category", "Toys", None).await;
    let mugs = app.patch("/api/v1/categories/mugs").token(&app.admin).json(&json!({ "parent_id": toys }));
    mugs.send().await.expect(200);
    assert_eq!((names("category=toys").await, names("category=kitchen").await), ("ac".to_owned(), "b".to_owned()));
    let page = app.get("/api/v1/products?category=toys&limit=1").token(&ann.token).send().await.expect(200);
    let next = format!("/api/v1/products?category=toys&limit=1&cursor={}", page.text("/next_cursor"));
    let next = app.get(&next).token(&ann.token).send().await.expect(200);
    assert_eq!((next.text("/items/0/name"), next.at("/next_cursor")), ("c", &Value::Null));
}
