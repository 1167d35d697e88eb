use serde_json::{Value, json};
use testkit::{App, Reply, spawn};

use super::slugs::ask;

const PATH: &str = "/api/v1/attributes/brand/terms";

async fn create(app: &App, body: &Value) -> Reply {
    app.post(PATH).token(&app.admin).json(body).send().await
}

#[tokio::test]
async fn a_term_is_created_once_and_can_be_read_by_id_and_slug_r201() {
    let app = spawn().await;
    let body = json!({
        "name": " Müller & Söhne ", "position": 3, "description": "Since 1871.\nStill.",
        "seo_title": "All of Müller", "seo_description": "Everything.",
    });
    let post = || app.post(PATH).token(&app.admin).key("brand").json(&body).send();
    let made = post().await.expect(201);
    assert_eq!(
        (made.text("/name"), made.text("/slug"), made.text("/attribute")),
        ("Müller & Söhne", "muller-sohne", "brand")
    );
    assert_eq!((made.at("/parent_id"), made.number("/position"), made.number("/version")), (&Value::Null, 3, 1));
    let again = post().await.expect(201);
    assert!(again.is_replayed() && again.body == made.body);
    let path = made.header("location").unwrap();
    assert_eq!(path, format!("{PATH}/{}", made.text("/id")));
    for path in [path.to_owned(), format!("{PATH}/muller-sohne")] {
        let read = app.get(&path).token(&app.admin).send().await.expect(200);
        assert_eq!((&read.body, read.etag()), (&made.body, made.etag()));
    }
    let twin = create(&app, &json!({ "name": "Müller & Söhne" })).await.expect(201);
    assert_eq!(twin.text("/slug"), "muller-sohne-2");
    let taken = create(&app, &json!({ "name": "x", "slug": "muller-sohne" })).await.expect(409);
    assert_eq!((taken.kind(), taken.faults()), ("duplicate", vec![("slug", "duplicate")]));
}

#[tokio::test]
async fn every_bad_field_of_a_term_is_named_with_what_is_allowed_r201() {
    let app = spawn().await;
    let nothing = "01890000-0000-7000-8000-000000000000";
    for (field, value, fault) in [
        ("name", json!(" "), ("name", "blank")),
        ("name", json!("n".repeat(201)), ("name", "too_long")),
        ("name", Value::Null, ("name", "required")),
        ("slug", json!("Blue"), ("slug", "format")),
        ("slug", json!("a b"), ("slug", "format")),
        ("slug", json!(nothing), ("slug", "format")),
        ("slug", json!("s".repeat(81)), ("slug", "too_long")),
        ("parent_id", json!("x"), ("parent_id", "format")),
        ("parent_id", json!(nothing), ("parent_id", "excluded")),
        ("position", json!("1"), ("position", "wrong_type")),
        ("description", json!("d".repeat(10_001)), ("description", "too_long")),
        ("seo_title", json!("t".repeat(71)), ("seo_title", "too_long")),
        ("seo_description", json!("t".repeat(201)), ("seo_description", "too_long")),
        ("colour", json!("blue"), ("colour", "unknown_field")),
    ] {
        let mut body = json!({ "name": "Acme" });
        body[field] = value;
        assert_eq!(create(&app, &body).await.expect(422).faults(), [fault], "{body}");
    }
    let empty = json!({ "name": "Acme", "slug": "", "description": "", "seo_title": null, "parent_id": "" });
    let made = create(&app, &empty).await.expect(201);
    assert_eq!((made.text("/slug"), made.at("/description")), ("acme", &Value::Null));
    let number = json!({ "code": "size", "name": "Size", "type": "integer" });
    app.post("/api/v1/attributes").token(&app.admin).json(&number).send().await.expect(201);
    for path in ["/api/v1/attributes/size/terms", "/api/v1/attributes/nothing/terms"] {
        app.post(path).token(&app.admin).json(&json!({ "name": "x" })).send().await.expect(404);
    }
    let refused = app.get(&format!("{PATH}/Not_a_slug")).token(&app.admin).send().await.expect(400);
    assert_eq!(refused.faults(), [("term", "format")]);
    app.get("/api/v1/attributes/tag/terms/acme").token(&app.admin).send().await.expect(404);
}

#[tokio::test]
async fn a_term_is_changed_only_at_the_version_that_the_caller_saw_r201() {
    let app = spawn().await;
    let made = create(&app, &json!({ "name": "Acme", "seo_title": "Acme" })).await.expect(201);
    let path = format!("{PATH}/acme");
    let change = |tag: &str, body: Value| app.patch(&path).token(&app.admin).header("if-match", tag).json(&body).send();
    let changed =
        change(made.etag(), json!({ "name": "Acme Ltd", "seo_title": null, "position": 4 })).await.expect(200);
    assert_eq!((changed.text("/name"), changed.text("/slug"), changed.number("/version")), ("Acme Ltd", "acme", 2));
    assert_eq!(change(made.etag(), json!({ "name": "x" })).await.expect(412).kind(), "stale-version");
    assert_eq!(change("*", json!({ "position": 4 })).await.expect(200).etag(), changed.etag());
    create(&app, &json!({ "name": "Other" })).await.expect(201);
    let taken = change("*", json!({ "slug": "other" })).await.expect(409);
    assert_eq!((taken.kind(), taken.faults()), ("duplicate", vec![("slug", "duplicate")]));
    let moved = change("*", json!({ "parent_id": made.text("/id") })).await.expect(422);
    assert_eq!(moved.faults(), [("parent_id", "excluded")]);
    change("*", json!({ "slug": "acme-ltd" })).await.expect(200);
    assert_eq!(
        ask(&app, &app.admin, &path).await.expect(308).header("location"),
        Some(format!("{PATH}/acme-ltd").as_str())
    );
}

#[tokio::test]
async fn a_term_in_use_is_deleted_only_if_it_is_detached_r201() {
    let app = spawn().await;
    create(&app, &json!({ "name": "Acme" })).await.expect(201);
    let mut products = Vec::new();
    for name in ["Mug", "Cup"] {
        let id = app.product(name, 100, 1).await;
        let give = app.call("PUT", &format!("/api/v1/products/{id}/attributes")).token(&app.admin);
        give.json(&json!({ "brand": "acme" })).send().await.expect(200);
        products.push(id);
    }
    let path = format!("{PATH}/acme");
    let refused = app.delete(&path).token(&app.admin).send().await.expect(409);
    assert_eq!((refused.kind(), refused.number("/products")), ("in-use", 2));
    let refused = app.delete("/api/v1/attributes/brand").token(&app.admin).send().await.expect(409);
    assert_eq!(refused.kind(), "in-use");
    let bad = app.delete(&format!("{path}?detach=yes")).token(&app.admin).send().await.expect(400);
    assert_eq!(bad.faults(), [("detach", "not_allowed")]);
    app.delete(&format!("{path}?detach=true")).token(&app.admin).send().await.expect(204);
    app.delete(&path).token(&app.admin).send().await.expect(404);
    for id in products {
        let product = app.get(&format!("/api/v1/products/{id}")).token(&app.admin).send().await.expect(200);
        assert_eq!((product.at("/attributes"), product.number("/version")), (&json!([]), 3));
    }
}

#[tokio::test]
async fn terms_are_listed_page_by_page_and_found_by_name_r201() {
    let app = spawn().await;
    for (name, position) in [("Zed", 1), ("Acme tools", 2), ("Acme Ägypten", 1)] {
        create(&app, &json!({ "name": name, "position": position })).await.expect(201);
    }
    let names = async |query: &str| {
        let page = app.get(&format!("{PATH}{query}")).token(&app.admin).send().await.expect(200);
        let names: Vec<_> = page.items().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect();
        (names, page.at("/next_cursor").as_str().map(ToOwned::to_owned))
    };
    let (first, next) = names("?limit=2").await;
    assert_eq!(first, ["Zed", "Acme Ägypten"]);
    assert_eq!(names(&format!("?limit=2&cursor={}", next.unwrap())).await, (vec!["Acme tools".to_owned()], None));
    assert_eq!(names("?q=agypten").await.0, ["Acme Ägypten"]);
    assert_eq!(names("?q=acme").await.0, ["Acme Ägypten", "Acme tools"]);
    let refused = app.get(&format!("{PATH}?limit=0&name=x")).token(&app.admin).send().await.expect(400);
    assert_eq!(refused.refused_fields(), ["limit", "name"]);
}

#[tokio::test]
async fn changes_of_terms_are_in_the_audit_log_r201() {
    let app = spawn().await;
    create(&app, &json!({ "name": "Acme" })).await.expect(201);
    let path = format!("{PATH}/acme");
    app.patch(&path).token(&app.admin).json(&json!({ "name": "Ajax" })).send().await.expect(200);
    app.delete(&path).token(&app.admin).send().await.expect(204);
    let log = app.get("/api/v1/audit?resource=term").token(&app.admin).send().await.expect(200);
    let actions: Vec<_> = log.items().iter().map(|one| one["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["terms.delete", "terms.update", "terms.create"]);
    assert_eq!(
        (log.at("/items/1/before"), log.at("/items/1/after")),
        (&json!({"name": "Acme"}), &json!({"name": "Ajax"}))
    );
}

#[tokio::test]
async fn an_old_slug_of_a_term_leads_to_the_new_one_and_filters_go_on_to_work_r201_r217() {
    let app = spawn().await;
    let office = app.office();
    for (code, name) in [("category", "Mugs"), ("brand", "Acme")] {
        office.send("POST", &format!("/attributes/{code}/terms"), &json!({ "name": name })).await.expect(201);
    }
    let product = app.product("Blue mug", 1999, 5).await;
    let has = json!({ "category": ["mugs"], "brand": "acme" });
    office.send("PUT", &format!("/products/{product}/attributes"), &has).await.expect(200);
    for (code, old, new) in [("category", "mugs", "cups"), ("brand", "acme", "acme-inc")] {
        let path = format!("/api/v1/attributes/{code}/terms");
        app.patch(&format!("{path}/{old}")).token(&app.admin).json(&json!({ "slug": new })).send().await.expect(200);
        let moved = ask(&app, &app.admin, &format!("{path}/{old}")).await.expect(308);
        assert_eq!(moved.header("location"), Some(format!("{path}/{new}").as_str()));
        app.get(&format!("{path}/{new}")).token(&app.admin).send().await.expect(200);
        for slug in [old, new] {
            let found = office.get(&format!("/products?{code}={slug}")).await;
            assert_eq!(found["items"].as_array().unwrap().len(), 1, "{code}={slug}");
        }
        assert!(office.get(&format!("/products?{code}=nothing")).await["items"].as_array().unwrap().is_empty());
        let body = json!({ "name": "Other", "slug": old });
        let taken = app.post(&path).token(&app.admin).json(&body).send().await.expect(409);
        assert_eq!(taken.refused_fields(), ["slug"]);
    }
    let moved = ask(&app, &app.admin, "/api/v1/categories/mugs").await.expect(308);
    assert_eq!(moved.header("location"), Some("/api/v1/categories/cups"));
    assert_eq!(app.get("/api/v1/categories/none").token(&app.admin).send().await.expect(404).kind(), "not-found");
}
