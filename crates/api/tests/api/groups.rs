use serde_json::{Value, json};
use testkit::{App, Reply, spawn};

const PATH: &str = "/api/v1/product-groups";

/// Sizes s, m and l, and colours blue and red.
async fn prepare(app: &App) {
    for (code, names) in [("size", &["S", "M", "L"][..]), ("colour", &["Blue", "Red"][..])] {
        let body = json!({ "code": code, "name": code, "type": "choice", "filterable": true });
        app.post("/api/v1/attributes").token(&app.admin).json(&body).send().await.expect(201);
        for (place, name) in names.iter().enumerate() {
            let path = format!("/api/v1/attributes/{code}/terms");
            let body = json!({ "name": name, "position": place });
            app.post(&path).token(&app.admin).json(&body).send().await.expect(201);
        }
    }
    let many = json!({ "code": "fits", "name": "Fits", "type": "choice", "multiple": true });
    app.post("/api/v1/attributes").token(&app.admin).json(&many).send().await.expect(201);
}

async fn create(app: &App, body: &Value) -> Reply {
    app.post(PATH).token(&app.admin).json(body).send().await
}

fn money(amount: i64) -> Value {
    json!({ "amount": amount, "currency": "USD" })
}

fn shirts() -> Value {
    json!({
        "name": "T-shirt", "description": "Of cotton.",
        "options": [{ "attribute": "size", "terms": ["s", "m"] }, { "attribute": "colour", "terms": ["blue", "red"] }],
        "generate": { "price": money(1999), "sku_pattern": "TEE-{size}-{colour}" },
    })
}

/// The path of a group.
fn path(group: &Reply) -> String {
    format!("{PATH}/{}", group.text("/id"))
}

/// The id of the member with these values.
fn member(group: &Reply, values: &Value) -> String {
    let all = group.at("/products").as_array().unwrap();
    all.iter().find(|one| one["values"] == *values).unwrap()["id"].as_str().unwrap().to_owned()
}

async fn patch(app: &App, path: &str, body: &Value) -> Reply {
    app.patch(path).token(&app.admin).json(body).send().await
}

#[tokio::test]
async fn a_group_is_created_once_with_all_its_products_and_read_by_everybody_r205_r207() {
    let app = spawn().await;
    prepare(&app).await;
    let post = || app.post(PATH).token(&app.admin).key("shirts").json(&shirts()).send();
    let made = post().await.expect(201);
    assert_eq!((made.text("/name"), made.text("/slug"), made.number("/version")), ("T-shirt", "t-shirt", 1));
    assert_eq!(made.at("/options/0/terms"), &json!([{ "slug": "s", "name": "S" }, { "slug": "m", "name": "M" }]));
    assert_eq!(made.at("/products").as_array().unwrap().len(), 4);
    assert_eq!(made.at("/products/0/values"), &json!({ "size": "s", "colour": "blue" }));
    assert_eq!((made.text("/products/0/name"), made.text("/products/0/sku")), ("T-shirt, S / Blue", "TEE-S-BLUE"));
    assert_eq!(made.at("/price"), &json!({ "min": money(1999), "max": money(1999) }));
    let again = post().await.expect(201);
    assert!(again.is_replayed() && again.body == made.body);
    assert_eq!(made.header("location").unwrap(), path(&made));
    let customer = app.customer("ann").await;
    for token in [&app.admin, &customer.token] {
        let read = app.get(&path(&made)).token(token).send().await.expect(200);
        assert_eq!((&read.body, read.etag()), (&made.body, made.etag()));
    }
    let listed = app.get(&format!("{PATH}?q=shirt")).token(&customer.token).send().await.expect(200);
    assert_eq!((listed.text("/items/0/id"), listed.number("/items/0/members")), (made.text("/id"), 4));
    let product = format!("/api/v1/products/{}", member(&made, &json!({ "size": "m", "colour": "red" })));
    let plain = app.get(&product).token(&customer.token).send().await.expect(200);
    assert!(plain.body.get("group").is_none() && plain.body.get("own").is_none());
    let with = app.get(&format!("{product}?include=group,own")).token(&customer.token).send().await.expect(200);
    assert_eq!(with.at("/group"), &made.body);
    let mut own: Vec<_> = with.at("/own").as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    own.sort_unstable();
    assert_eq!(own, ["attributes.colour", "attributes.size"]);
    app.get(&format!("{product}?anything=1")).token(&customer.token).send().await.expect(200);
    app.get(&format!("{product}?include=price")).token(&customer.token).send().await.expect(400);
    // Of what is not for sale, customers see nothing.
    for one in made.at("/products").as_array().unwrap() {
        let path = format!("/api/v1/products/{}", one["id"].as_str().unwrap());
        patch(&app, &path, &json!({ "status": "archived" })).await.expect(200);
    }
    app.get(&path(&made)).token(&customer.token).send().await.expect(404);
    app.get(&path(&made)).token(&app.admin).send().await.expect(200);
    let listed = app.get(PATH).token(&customer.token).send().await.expect(200);
    assert_eq!(listed.at("/items"), &json!([]));
}

#[tokio::test]
async fn every_bad_field_of_a_group_is_named_with_what_is_allowed_r205() {
    let app = spawn().await;
    prepare(&app).await;
    let option = |code: &str| json!({ "attribute": code });
    let terms = |terms: Value| json!([{ "attribute": "size", "terms": terms }]);
    let product = |values: Value| json!([{ "values": values, "price": money(1) }]);
    let nothing = "01890000-0000-7000-8000-000000000000";
    for (changes, fault) in [
        (json!({ "name": null }), ("name", "required")),
        (json!({ "name": "n".repeat(201) }), ("name", "too_long")),
        (json!({ "slug": "T Shirt" }), ("slug", "format")),
        (
            json!({ "options": [option("size"), option("colour"), option("fits"), option("brand")] }),
            ("options", "too_long"),
        ),
        (json!({ "options": [option("nothing")] }), ("options[0].attribute", "not_found")),
        (json!({ "options": [option("fits")] }), ("options[0].attribute", "not_allowed")),
        (json!({ "options": [option("size"), option("size")] }), ("options[1].attribute", "repeated")),
        (
            json!({ "options": terms(json!(["xl"])), "generate": { "price": money(1) } }),
            ("options[0].terms[0]", "not_found"),
        ),
        (
            json!({ "options": terms(json!(["s", "s"])), "generate": { "price": money(1) } }),
            ("options[0].terms[1]", "repeated"),
        ),
        (json!({ "options": terms(json!([])), "generate": { "price": money(1) } }), ("options[0].terms", "required")),
        (json!({ "generate": { "price": money(1), "sku_pattern": "TEE" } }), ("generate.sku_pattern", "format")),
        (
            json!({ "generate": { "price": money(1), "sku_pattern": "{size}{fits}" } }),
            ("generate.sku_pattern", "format"),
        ),
        (json!({ "generate": { "price": money(-1) } }), ("generate.price.amount", "too_small")),
        (json!({ "products": product(json!({})) }), ("products[0].values.size", "required")),
        (json!({ "products": product(json!({ "size": "xl" })) }), ("products[0].values.size", "not_found")),
        (
            json!({ "products": product(json!({ "size": "s", "colour": "red" })) }),
            ("products[0].values.colour", "unknown_field"),
        ),
        (json!({ "products": product(json!({ "size": 1 })) }), ("products[0].values.size", "wrong_type")),
        (json!({ "products": [], "generate": { "price": money(1) } }), ("generate", "excluded")),
        (json!({ "values": { "size": "s" } }), ("values", "excluded")),
        (json!({ "from": nothing }), ("from", "not_found")),
    ] {
        let mut body = json!({ "name": "T-shirt", "options": terms(json!(["s"])) });
        for (field, value) in changes.as_object().unwrap() {
            body[field] = value.clone();
        }
        let refused = create(&app, &body).await.expect(422);
        assert_eq!(refused.faults(), [fault], "{body}");
    }
    assert_eq!(app.get(PATH).token(&app.admin).send().await.expect(200).at("/items"), &json!([]));
    // Too many combinations are counted in the refusal.
    for n in 0..248 {
        let body = json!({ "name": format!("x{n}") });
        app.post("/api/v1/attributes/size/terms").token(&app.admin).json(&body).send().await.expect(201);
    }
    let many: Vec<_> = (0..126).map(|n| format!("x{n}")).collect();
    let mut body = shirts();
    body["options"][0]["terms"] = json!(many);
    let refused = create(&app, &body).await.expect(422);
    assert_eq!(refused.faults(), [("generate", "too_large")]);
    assert!(refused.text("/errors/0/message").contains("252"), "{:?}", refused.body);
    let full: Vec<_> = (0..248).map(|n| format!("x{n}")).chain(["s".into(), "m".into()]).collect();
    let body = json!({ "name": "All", "options": terms(json!(full)), "generate": { "price": money(1) } });
    let full = create(&app, &body).await.expect(201);
    let more = json!({ "values": { "size": "l" }, "price": money(1) });
    let refused = app.post(&format!("{}/products", path(&full))).token(&app.admin).json(&more).send().await.expect(409);
    assert_eq!(refused.kind(), "too-many");
}

#[tokio::test]
async fn members_join_change_and_leave_and_no_two_are_the_same_r206() {
    let app = spawn().await;
    prepare(&app).await;
    let body = json!({ "name": "T-shirt", "options": [{ "attribute": "size" }], "description": "Of cotton." });
    let group = create(&app, &body).await.expect(201);
    assert_eq!((group.at("/products"), group.at("/price")), (&json!([]), &Value::Null));
    let products = format!("{}/products", path(&group));
    let add = async |body: &Value| app.post(&products).token(&app.admin).json(body).send().await;
    let small = json!({ "values": { "size": "s" }, "price": money(5), "initial_stock": 2, "name": "Small" });
    let with = add(&small).await.expect(201);
    assert_eq!((with.number("/version"), with.at("/in_stock")), (2, &json!(true)));
    let id = member(&with, &json!({ "size": "s" }));
    let twin = add(&small).await.expect(409);
    assert_eq!((twin.kind(), twin.faults()), ("duplicate-combination", vec![("values", "duplicate")]));
    assert!(twin.text("/detail").contains(&id), "{:?}", twin.body);
    let single = app.product("Mug", 100, 1).await;
    let joined = add(&json!({ "product_id": single, "values": { "size": "m" } })).await.expect(201);
    assert_eq!(member(&joined, &json!({ "size": "m" })), single);
    let again = add(&json!({ "product_id": single, "values": { "size": "l" } })).await.expect(409);
    assert_eq!(again.kind(), "in-use");
    for (body, fault) in [
        (json!({ "values": { "size": "l" } }), ("price", "required")),
        (json!({ "product_id": single, "price": money(1) }), ("product_id", "excluded")),
        (
            json!({ "product_id": path(&group).split('/').next_back(), "values": { "size": "l" } }),
            ("product_id", "not_found"),
        ),
    ] {
        assert_eq!(add(&body).await.expect(422).faults(), [fault], "{body}");
    }
    // Two swap at once; one alone takes nobody's place.
    let one = format!("{products}/{single}");
    let taken = patch(&app, &one, &json!({ "values": { "size": "s" } })).await.expect(409);
    assert_eq!(taken.kind(), "duplicate-combination");
    let swap = json!({ "values": { &id: { "size": "m" }, &single: { "size": "s" } } });
    let swapped = patch(&app, &path(&group), &swap).await.expect(200);
    assert_eq!(member(&swapped, &json!({ "size": "s" })), single);
    let stale =
        app.patch(&one).token(&app.admin).header("If-Match", group.etag()).json(&json!({ "values": { "size": "l" } }));
    stale.send().await.expect(412);
    let moved = patch(&app, &one, &json!({ "values": { "size": "l" } })).await.expect(200);
    assert_eq!(member(&moved, &json!({ "size": "l" })), single);
    patch(&app, &format!("{products}/{}", group.text("/id")), &json!({ "values": {} })).await.expect(404);
    let unknown = json!({ "values": { group.text("/id"): { "size": "m" } } });
    let field = format!("values.{}", group.text("/id"));
    assert_eq!(patch(&app, &path(&group), &unknown).await.expect(422).faults(), [(field.as_str(), "not_found")]);
    app.call("DELETE", &one).token(&app.admin).send().await.expect(204);
    let product =
        app.get(&format!("/api/v1/products/{single}?include=group")).token(&app.admin).send().await.expect(200);
    assert_eq!((product.at("/group"), product.text("/name")), (&Value::Null, "Mug"));
    let left = app.get(&path(&group)).token(&app.admin).send().await.expect(200);
    app.call("DELETE", &path(&group)).token(&app.admin).header("If-Match", left.etag()).send().await.expect(204);
    app.get(&path(&group)).token(&app.admin).send().await.expect(404);
    let kept = app.get(&format!("/api/v1/products/{id}")).token(&app.admin).send().await.expect(200);
    assert_eq!((kept.text("/description"), kept.text("/attributes/0/values/0/slug")), ("Of cotton.", "m"));
    let log = app.get("/api/v1/audit?resource=product_group").token(&app.admin).send().await.expect(200);
    assert!(log.at("/items").as_array().unwrap().len() >= 3, "{:?}", log.body);
}

#[tokio::test]
async fn a_product_shows_what_its_group_has_and_which_fields_are_its_own_r204() {
    let app = spawn().await;
    prepare(&app).await;
    let group = create(&app, &shirts()).await.expect(201);
    let id = member(&group, &json!({ "size": "m", "colour": "red" }));
    let path_of_product = format!("/api/v1/products/{id}");
    let attributes = format!("{}/attributes", path(&group));
    let give = async |path: &str, body: &Value| app.call("PUT", path).token(&app.admin).json(body).send().await;
    let given = give(&attributes, &json!({ "tag": ["Organic"] })).await.expect(200);
    assert_eq!((given.number("/version"), given.text("/attributes/0/values/0/slug")), (2, "organic"));
    assert_eq!(give(&attributes, &json!({ "size": "m" })).await.expect(409).kind(), "in-use");
    assert_eq!(
        give(&format!("{path_of_product}/attributes"), &json!({ "size": "s" })).await.expect(409).kind(),
        "in-use"
    );
    let show = async || app.get(&format!("{path_of_product}?include=own")).token(&app.admin).send().await.expect(200);
    let shown = show().await;
    assert_eq!((shown.number("/version"), shown.text("/description")), (2, "Of cotton."));
    assert!(shown.at("/attributes").to_string().contains("organic"));
    assert!(!shown.at("/own").to_string().contains("tag") && !shown.at("/own").to_string().contains("description"));
    patch(&app, &path_of_product, &json!({ "description": "Of wool." })).await.expect(200);
    give(&format!("{path_of_product}/attributes"), &json!({ "tag": ["sale"] })).await.expect(200);
    patch(&app, &path(&group), &json!({ "description": "Of silk." })).await.expect(200);
    let shown = show().await;
    assert_eq!(shown.text("/description"), "Of wool.");
    assert!(shown.at("/own").to_string().contains("attributes.tag"), "{:?}", shown.body);
    assert_eq!(shown.text("/own/0"), "description");
    // Null goes back to what the group has, and the search knows.
    patch(&app, &path_of_product, &json!({ "description": null })).await.expect(200);
    let found = app.get("/api/v1/products?q=silk").token(&app.admin).send().await.expect(200);
    assert_eq!(found.at("/items").as_array().unwrap().len(), 4);
    assert_eq!(show().await.text("/description"), "Of silk.");
}

#[tokio::test]
async fn lists_show_each_group_once_if_they_are_asked_to_r208() {
    let app = spawn().await;
    prepare(&app).await;
    let group = create(&app, &shirts()).await.expect(201);
    let mug = app.product("Mug", 100, 1).await;
    let cheap = member(&group, &json!({ "size": "m", "colour": "blue" }));
    patch(&app, &format!("/api/v1/products/{cheap}"), &json!({ "price": { "amount": 1500 } })).await.expect(200);
    let list =
        async |query: &str| app.get(&format!("/api/v1/products?{query}")).token(&app.admin).send().await.expect(200);
    let ids = |reply: &Reply| {
        let all = reply.at("/items").as_array().unwrap();
        all.iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let collapsed = list("collapse=group&sort=price").await;
    assert_eq!(ids(&collapsed), [mug.clone(), cheap.clone()]);
    let card = json!({
        "id": group.text("/id"), "name": "T-shirt", "slug": "t-shirt",
        "price": { "min": money(1500), "max": money(1999) }, "members": 4,
    });
    assert_eq!((collapsed.at("/items/0/group"), collapsed.at("/items/1/group")), (&Value::Null, &card));
    let red = list("collapse=group&attr.colour=red&include=attributes").await;
    assert_eq!(ids(&red), [member(&group, &json!({ "size": "s", "colour": "red" }))]);
    assert!(red.at("/items/0/attributes").is_array());
    assert_eq!(list("collapse=group&q=shirt").await.at("/items").as_array().unwrap().len(), 1);
    let page = list("collapse=group&limit=1").await;
    let next = list(&format!("collapse=group&limit=1&cursor={}", page.text("/next_cursor"))).await;
    assert_eq!((ids(&next), next.at("/next_cursor")), (vec![mug], &Value::Null));
    let all = list("include=group").await;
    assert_eq!((all.at("/items").as_array().unwrap().len(), all.at("/items/0/group")), (5, &card));
    assert!(list("sort=price").await.at("/items/1").get("group").is_none(), "who does not ask gets what it always got");
    for bad in ["collapse=", "collapse=brand", "include=own", "include=group,"] {
        app.get(&format!("/api/v1/products?{bad}")).token(&app.admin).send().await.expect(400);
    }
}

#[tokio::test]
async fn a_group_says_what_its_products_cost_before_r207_r214() {
    let app = spawn().await;
    prepare(&app).await;
    let made = create(&app, &shirts()).await.expect(201);
    let reduced = member(&made, &json!({ "size": "s", "colour": "red" }));
    let before = json!({ "compare_at_price": money(2499) });
    patch(&app, &format!("/api/v1/products/{reduced}"), &before).await.expect(200);
    let group = app.get(&path(&made)).token(&app.admin).send().await.expect(200);
    for one in group.at("/products").as_array().unwrap() {
        let expected = if one["id"] == json!(reduced) { money(2499) } else { Value::Null };
        assert_eq!(one["compare_at_price"], expected, "{one}");
    }
}
