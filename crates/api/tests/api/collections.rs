use serde_json::{Value, json};
use testkit::{App, Reply, spawn, spawn_with, usd};

const PATH: &str = "/api/v1/collections";

async fn post(app: &App, path: &str, body: &Value) -> Reply {
    app.post(path).token(&app.admin).json(body).send().await
}

async fn patch(app: &App, path: &str, body: &Value) -> Reply {
    app.patch(path).token(&app.admin).json(body).send().await
}

async fn get(app: &App, path: &str) -> Reply {
    app.get(path).token(&app.admin).send().await
}

/// Asks, and follows nothing.
async fn ask(app: &App, token: &str, path: &str) -> Reply {
    let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    Reply::to(client.get(app.url(path)).bearer_auth(token)).await
}

/// Mugs A, B and C for 10, 20 and 30, of which A and C are blue, and a bowl for 5. Returns their ids.
async fn prepare(app: &App) -> Vec<String> {
    for name in ["Mugs", "Bowls"] {
        post(app, "/api/v1/attributes/category/terms", &json!({ "name": name })).await.expect(201);
    }
    let colour = json!({ "code": "colour", "name": "Colour", "type": "choice", "filterable": true });
    post(app, "/api/v1/attributes", &colour).await.expect(201);
    for name in ["Blue", "Red"] {
        post(app, "/api/v1/attributes/colour/terms", &json!({ "name": name })).await.expect(201);
    }
    let mut ids = Vec::new();
    for (name, price, category, colour) in [
        ("Mug A", 1_000, "mugs", "blue"),
        ("Mug B", 2_000, "mugs", "red"),
        ("Mug C", 3_000, "mugs", "blue"),
        ("Bowl", 500, "bowls", "red"),
    ] {
        let body = json!({
            "name": name, "price": usd(price), "initial_stock": 1, "attributes": { "category": category, "colour": colour },
        });
        ids.push(post(app, "/api/v1/products", &body).await.expect(201).text("/id").to_owned());
    }
    ids
}

/// The names in all pages of a list.
async fn names(app: &App, token: &str, query: &str, limit: usize) -> Vec<String> {
    let (mut names, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/api/v1/products?{query}&limit={limit}{cursor}");
        let page = app.get(&path).token(token).send().await.expect(200);
        names.extend(page.items().iter().map(|item| item["name"].as_str().unwrap().to_owned()));
        match page.at("/next_cursor").as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return names,
        }
    }
}

#[tokio::test]
async fn a_collection_is_made_once_changed_and_deleted_and_staff_see_more_of_it_r227() {
    let app = spawn().await;
    let ann = app.customer("ann").await;
    let ids = prepare(&app).await;
    let body = json!({
        "name": "Blue things", "filter": { "attr.colour": "blue", "max_price": "2500" }, "pins": [ids[3]], "sort": "-price",
        "position": 3,
    });
    let create = || app.post(PATH).token(&app.admin).key("blue").json(&body).send();
    let made = create().await.expect(201);
    assert_eq!((made.text("/slug"), made.number("/position"), made.text("/sort")), ("blue-things", 3, "-price"));
    assert_eq!(made.at("/filter"), &json!({ "attr.colour": "blue", "max_price": "2500" }));
    assert_eq!((made.at("/pins"), made.at("/broken")), (&json!([ids[3]]), &json!(false)));
    assert_eq!(create().await.expect(201).body, made.body);
    let path = format!("{PATH}/{}", made.text("/id"));
    assert_eq!(made.header("location"), Some(&*path));
    for by in [&path, &format!("{PATH}/blue-things")] {
        let whole = get(&app, by).await.expect(200);
        assert_eq!((&whole.body, whole.etag()), (&made.body, made.etag()));
        let seen = app.get(by).token(&ann.token).send().await.expect(200);
        assert_eq!(seen.text("/name"), "Blue things");
        for hidden in ["filter", "pins", "broken"] {
            assert!(seen.body.get(hidden).is_none(), "{hidden}");
        }
    }
    let stale =
        app.patch(&path).token(&app.admin).header("if-match", "\"7-x\"").json(&json!({ "name": "x" })).send().await;
    stale.expect(412);
    let changed = patch(&app, &path, &json!({ "slug": "blue", "filter": null, "sort": null })).await.expect(200);
    assert_eq!(
        (changed.number("/version"), changed.at("/filter"), changed.at("/sort")),
        (2, &Value::Null, &Value::Null)
    );
    let moved = ask(&app, &ann.token, &format!("{PATH}/blue-things")).await.expect(308);
    assert_eq!(moved.header("location"), Some(&*format!("{PATH}/blue")));
    let by_slug = patch(&app, &format!("{PATH}/blue"), &json!({ "description": "All of it" })).await.expect(200);
    assert_eq!(by_slug.text("/description"), "All of it");
    let other = post(&app, PATH, &json!({ "name": "First" })).await.expect(201);
    let list = app.get(PATH).token(&ann.token).send().await.expect(200);
    let listed: Vec<_> = list.items().iter().map(|item| item["slug"].clone()).collect();
    assert_eq!(listed, ["first", "blue"]);
    app.delete(&format!("{PATH}/blue")).token(&app.admin).send().await.expect(204);
    for gone in [&path, &format!("{PATH}/blue"), &format!("{PATH}/blue-things")] {
        get(&app, gone).await.expect(404);
    }
    let log = get(&app, "/api/v1/audit?resource=collection").await.expect(200);
    let actions: Vec<_> = log.items().iter().map(|entry| entry["action"].as_str().unwrap().to_owned()).collect();
    assert!(
        ["collections.create", "collections.update", "collections.delete"]
            .iter()
            .all(|one| actions.contains(&(*one).to_owned()))
    );
    assert_eq!(other.text("/slug"), "first");
}

#[tokio::test]
async fn a_filter_is_refused_by_the_name_of_its_parameter_and_nothing_is_written_r227() {
    let app = spawn().await;
    let ids = prepare(&app).await;
    let made = post(&app, PATH, &json!({ "name": "All", "filter": { "category": "mugs" } })).await.expect(201);
    let path = format!("{PATH}/{}", made.text("/id"));
    let long = "x".repeat(4_001);
    for (filter, field, code) in [
        (json!({ "collection": "all" }), "filter.collection", "unknown_field"),
        (json!({ "q": "mug" }), "filter.q", "unknown_field"),
        (json!({ "limit": "3" }), "filter.limit", "unknown_field"),
        (json!({ "cursor": "x" }), "filter.cursor", "unknown_field"),
        (json!({ "facets": "all" }), "filter.facets", "unknown_field"),
        (json!({ "total": "true" }), "filter.total", "unknown_field"),
        (json!({ "include": "group" }), "filter.include", "unknown_field"),
        (json!({ "collapse": "group" }), "filter.collapse", "unknown_field"),
        (json!({ "sort": "name" }), "filter.sort", "unknown_field"),
        (json!({ "updated_after": "2026-11-29T00:00:00Z" }), "filter.updated_after", "unknown_field"),
        (json!({ "colour": "blue" }), "filter.colour", "unknown_field"),
        (json!({ "attr.color": "blue" }), "filter.attr.color", "unknown_field"),
        (json!({ "attr.colour": "" }), "filter.attr.colour", "format"),
        (json!({ "attr.colour": "blue,green" }), "filter.attr.colour", "not_found"),
        (json!({ "category": "plates" }), "filter.category", "not_found"),
        (json!({ "max_price": "cheap" }), "filter.max_price", "format"),
        (json!({ "min_price": "5", "max_price": "3" }), "filter.max_price", "too_small"),
        (json!({ "in_stock": true }), "filter.in_stock", "wrong_type"),
        (json!({ "category": long }), "filter.category", "too_long"),
        (json!({}), "filter", "too_short"),
        (json!("category=mugs"), "filter", "wrong_type"),
    ] {
        let refused = post(&app, PATH, &json!({ "name": "x", "filter": filter })).await.expect(422);
        assert_eq!(refused.faults().first().map(|fault| fault.0), Some(field), "{filter}: {:?}", refused.body);
        assert_eq!(refused.faults().first().map(|fault| fault.1), Some(code), "{filter}: {:?}", refused.body);
        let refused = patch(&app, &path, &json!({ "filter": filter })).await.expect(422);
        assert_eq!(refused.faults().first().map(|fault| fault.0), Some(field), "{filter}");
    }
    let nobody = "01890a5d-ac96-774b-bcce-b302099a8057";
    for (body, fault) in [
        (json!({ "name": "x", "pins": [ids[0], nobody] }), ("pins[1]", "not_found")),
        (json!({ "name": "x", "pins": [ids[0], ids[1], ids[0]] }), ("pins[2]", "repeated")),
        (json!({ "name": "x", "sort": "newest" }), ("sort", "not_allowed")),
        (json!({ "name": "x", "slug": "Sale" }), ("slug", "format")),
        (json!({ "slug": "x" }), ("name", "required")),
    ] {
        assert_eq!(post(&app, PATH, &body).await.expect(422).faults(), [fault], "{body}");
    }
    let many = vec![nobody; 501];
    assert_eq!(
        post(&app, PATH, &json!({ "name": "x", "pins": many })).await.expect(422).faults(),
        [("pins", "too_long")]
    );
    let taken = post(&app, PATH, &json!({ "name": "x", "slug": "all" })).await.expect(409);
    assert_eq!((taken.kind(), taken.faults()), ("duplicate", vec![("slug", "duplicate")]));
    assert_eq!(get(&app, PATH).await.expect(200).items().len(), 1);
    assert_eq!(get(&app, &path).await.expect(200).body, made.body);
    get(&app, &format!("{PATH}/All")).await.expect(400);
}

#[tokio::test]
async fn products_of_a_collection_are_its_pins_and_then_what_its_filter_finds_r227() {
    let app = spawn().await;
    let ann = app.customer("ann").await;
    let ids = prepare(&app).await;
    let body = json!({ "name": "Mugs", "filter": { "category": "mugs" }, "pins": [ids[3], ids[1]], "sort": "-price" });
    let made = post(&app, PATH, &body).await.expect(201);
    for limit in [1, 2, 3, 100] {
        let list = async |query: &str| names(&app, &ann.token, query, limit).await;
        assert_eq!(list("collection=mugs").await, ["Bowl", "Mug B", "Mug C", "Mug A"], "{limit}");
        assert_eq!(list("collection=mugs&sort=price").await, ["Bowl", "Mug A", "Mug B", "Mug C"], "{limit}");
        assert_eq!(list("collection=mugs&sort=-name").await, ["Mug C", "Mug B", "Mug A", "Bowl"], "{limit}");
        assert_eq!(list("collection=mugs&min_price=1000").await, ["Mug B", "Mug C", "Mug A"], "{limit}");
        assert_eq!(list("collection=mugs&attr.colour=red").await, ["Bowl", "Mug B"], "{limit}");
        assert_eq!(list("collection=mugs&q=mug").await, ["Mug B", "Mug C", "Mug A"], "{limit}");
        assert_eq!(list("collection=mugs&q=mug&sort=relevance").await, ["Mug C", "Mug B", "Mug A"], "{limit}");
        assert_eq!(list("collection=mugs&category=bowls").await, ["Bowl"], "{limit}");
        assert_eq!(list("collection=mugs&updated_after=2020-01-01T00:00:00Z").await.len(), 4);
        for nothing in ["collection=cups", "collection=No%20such", "collection=mugs&status=archived"] {
            assert_eq!(list(nothing).await, [""; 0], "{nothing}");
        }
    }
    app.get("/api/v1/products?collection=").token(&ann.token).send().await.expect(400);
    let first = app.get("/api/v1/products?collection=mugs&limit=1").token(&ann.token).send().await.expect(200);
    let elsewhere = format!("/api/v1/products?limit=1&cursor={}", first.text("/next_cursor"));
    app.get(&elsewhere).token(&ann.token).send().await.expect(400);

    // What is not for sale is no pin for customers.
    patch(&app, &format!("/api/v1/products/{}", ids[3]), &json!({ "status": "archived" })).await.expect(200);
    assert_eq!(names(&app, &ann.token, "collection=mugs", 100).await, ["Mug B", "Mug C", "Mug A"]);
    assert_eq!(names(&app, &app.admin, "collection=mugs", 100).await, ["Bowl", "Mug B", "Mug C", "Mug A"]);

    // Answers follow each change of the collection, and an old slug still names it.
    let path = format!("{PATH}/{}", made.text("/id"));
    patch(&app, &path, &json!({ "pins": [ids[0]], "sort": null, "slug": "cups" })).await.expect(200);
    for slug in ["cups", "mugs"] {
        let query = format!("collection={slug}");
        assert_eq!(names(&app, &ann.token, &query, 100).await, ["Mug A", "Mug B", "Mug C"]);
    }
    patch(&app, &path, &json!({ "filter": null })).await.expect(200);
    assert_eq!(names(&app, &ann.token, "collection=cups", 100).await, ["Mug A"]);
    app.delete(&path).token(&app.admin).send().await.expect(204);
    assert_eq!(names(&app, &ann.token, "collection=cups", 100).await, [""; 0]);
}

#[tokio::test]
async fn a_collection_is_counted_with_the_filters_of_the_request_r227_r221_r222() {
    for index in ["0", "16"] {
        let app = spawn_with(&[("catalog.index_megabytes", index)]).await;
        let ids = prepare(&app).await;
        let body = json!({ "name": "Blue", "filter": { "attr.colour": "blue" }, "pins": [ids[3]] });
        post(&app, PATH, &body).await.expect(201);
        let list = async |query: &str| get(&app, &format!("/api/v1/products?{query}&total=true")).await.expect(200);
        let count = |page: &Reply, facet: usize| -> Vec<Value> {
            let values = page.at(&format!("/facets/{facet}/values")).as_array().unwrap();
            values.iter().map(|value| json!([value["value"], value["count"]])).collect()
        };
        // The second answer comes from the index, where there is one.
        for round in 0..2 {
            let page = list(&format!("collection=blue&facets=category,attr.colour&limit={}", round + 1)).await;
            assert_eq!(page.number("/total"), 3);
            assert_eq!(count(&page, 0), [json!(["mugs", 2]), json!(["bowls", 1])]);
            assert_eq!(count(&page, 1), [json!(["blue", 2]), json!(["red", 1])]);
            let chosen = list(&format!("collection=blue&attr.colour=red&facets=attr.colour&limit={}", round + 1)).await;
            assert_eq!((chosen.number("/total"), count(&chosen, 0)), (1, vec![json!(["blue", 2]), json!(["red", 1])]));
            let none = list(&format!("collection=none&facets=attr.colour&limit={}", round + 1)).await;
            assert_eq!((none.number("/total"), none.at("/facets")), (0, &json!([])));
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        }
    }
}

#[tokio::test]
async fn a_filter_whose_term_is_gone_is_broken_and_finds_nothing_r227() {
    let app = spawn().await;
    let ids = prepare(&app).await;
    let of = |name: &str, filter: Value| json!({ "name": name, "filter": filter, "pins": [ids[0]] });
    let red = post(&app, PATH, &of("Red", json!({ "attr.colour": "red" }))).await.expect(201);
    let both = post(&app, PATH, &of("Both", json!({ "attr.colour": "red,blue" }))).await.expect(201);
    let list = async |slug: &str| names(&app, &app.admin, &format!("collection={slug}"), 100).await;
    assert_eq!(list("red").await, ["Mug A", "Mug B", "Bowl"]);
    let term = "/api/v1/attributes/colour/terms/red?detach=true";
    app.delete(term).token(&app.admin).send().await.expect(204);
    for (made, found) in [(&red, &["Mug A"][..]), (&both, &["Mug A", "Mug C"])] {
        let path = format!("{PATH}/{}", made.text("/id"));
        assert_eq!(get(&app, &path).await.expect(200).at("/broken"), &json!(true));
        assert_eq!(list(made.text("/slug")).await, found);
        // What is not about the filter can be changed still.
        let renamed = patch(&app, &path, &json!({ "name": "Renamed" })).await.expect(200);
        assert_eq!(renamed.at("/broken"), &json!(true));
    }
    let attribute = "/api/v1/attributes/colour";
    patch(&app, attribute, &json!({ "filterable": false })).await.expect(200);
    assert_eq!(list("both").await, ["Mug A"]);
}
