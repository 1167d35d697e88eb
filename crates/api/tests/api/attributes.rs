use serde_json::{Value, json};
use testkit::{App, Reply, spawn, spawn_with};

const PATH: &str = "/api/v1/attributes";

async fn create(app: &App, body: &Value) -> Reply {
    app.post(PATH).token(&app.admin).json(body).send().await
}

fn capacity() -> Value {
    json!({ "code": "capacity_ml", "name": "Capacity", "type": "integer", "filterable": true, "unit": "ml", "position": 7 })
}

#[tokio::test]
async fn an_attribute_is_created_once_and_can_be_read_at_its_location_r200() {
    let app = spawn().await;
    let post = || app.post(PATH).token(&app.admin).key("capacity").json(&capacity()).send();
    let made = post().await.expect(201);
    let path = made.header("location").unwrap();
    assert_eq!(path, "/api/v1/attributes/capacity_ml");
    for (field, value) in capacity().as_object().unwrap() {
        assert_eq!(&made.body[field], value, "{field}");
    }
    for field in ["multiple", "internal", "hierarchical"] {
        assert_eq!(made.body[field], false, "{field}");
    }
    assert_eq!(made.number("/version"), 1);
    let again = post().await.expect(201);
    assert!(again.is_replayed() && again.body == made.body);
    let read = app.get(path).token(&app.admin).send().await.expect(200);
    assert_eq!((&read.body, read.etag()), (&made.body, made.etag()));
    let taken = create(&app, &capacity()).await.expect(409);
    assert_eq!((taken.kind(), taken.faults()), ("duplicate", vec![("code", "duplicate")]));
}

#[tokio::test]
async fn every_bad_field_of_an_attribute_is_named_with_what_is_allowed_r200() {
    let app = spawn().await;
    for (field, value, fault) in [
        ("code", json!("Capacity"), ("code", "format")),
        ("code", json!("a-b"), ("code", "format")),
        ("code", json!("x".repeat(33)), ("code", "too_long")),
        ("code", json!(""), ("code", "too_short")),
        ("code", Value::Null, ("code", "required")),
        ("name", json!(" "), ("name", "blank")),
        ("name", json!("n".repeat(201)), ("name", "too_long")),
        ("type", json!("number"), ("type", "not_allowed")),
        ("type", Value::Null, ("type", "required")),
        ("multiple", json!(true), ("multiple", "excluded")),
        ("multiple", json!("yes"), ("multiple", "wrong_type")),
        ("unit", json!("u".repeat(17)), ("unit", "too_long")),
        ("position", json!(-1), ("position", "too_small")),
        ("position", json!(1_000_001), ("position", "too_large")),
        ("hierarchical", json!(true), ("hierarchical", "unknown_field")),
    ] {
        let mut body = capacity();
        body[field] = value;
        assert_eq!(create(&app, &body).await.expect(422).faults(), [fault], "{body}");
    }
    let text = json!({ "code": "care", "name": "Care", "type": "text", "filterable": true, "unit": "ml" });
    let refused = create(&app, &text).await.expect(422);
    assert_eq!(refused.faults(), [("filterable", "excluded"), ("unit", "excluded")]);
    let list = app.get(PATH).token(&app.admin).send().await.expect(200);
    assert_eq!(list.items().len(), 3, "nothing was written");
}

#[tokio::test]
async fn an_attribute_is_changed_and_deleted_only_at_the_version_that_the_caller_saw_r200() {
    let app = spawn().await;
    let made = create(&app, &capacity()).await.expect(201);
    let path = made.header("location").unwrap();
    let change = |tag: &str, body: Value| app.patch(path).token(&app.admin).header("if-match", tag).json(&body).send();
    let changed = change(made.etag(), json!({ "name": "Volume", "unit": null })).await.expect(200);
    assert_eq!((changed.text("/name"), changed.at("/unit"), changed.number("/version")), ("Volume", &Value::Null, 2));
    assert_eq!(change(made.etag(), json!({ "name": "x" })).await.expect(412).kind(), "stale-version");
    let fixed = change("*", json!({ "code": "c", "type": "text", "multiple": true })).await.expect(422);
    assert_eq!(fixed.faults(), [("code", "unknown_field"), ("multiple", "unknown_field"), ("type", "unknown_field")]);
    app.delete(path).token(&app.admin).header("if-match", made.etag()).send().await.expect(412);
    app.delete(path).token(&app.admin).header("if-match", changed.etag()).send().await.expect(204);
    assert_eq!(app.get(path).token(&app.admin).send().await.expect(404).kind(), "not-found");
}

#[tokio::test]
async fn three_attributes_are_built_in_and_stay_r200() {
    let app = spawn().await;
    let page = app.get(&format!("{PATH}?limit=2")).token(&app.admin).send().await.expect(200);
    let rest = format!("{PATH}?limit=2&cursor={}", page.text("/next_cursor"));
    let rest = app.get(&rest).token(&app.admin).send().await.expect(200);
    let codes: Vec<_> = page.items().iter().chain(rest.items()).map(|one| one["code"].as_str().unwrap()).collect();
    assert_eq!((codes, rest.at("/next_cursor")), (vec!["category", "brand", "tag"], &Value::Null));
    for code in ["category", "brand", "tag"] {
        let refused = app.delete(&format!("{PATH}/{code}")).token(&app.admin).send().await.expect(409);
        assert_eq!(refused.kind(), "in-use", "{code}");
    }
    app.delete(&format!("{PATH}/nothing")).token(&app.admin).send().await.expect(404);
    let refused = app.get(&format!("{PATH}/Not-a-code")).token(&app.admin).send().await.expect(400);
    assert_eq!(refused.faults(), [("code", "format")]);
}

#[tokio::test]
async fn customers_see_attributes_and_terms_but_no_internal_ones_r200() {
    let app = spawn_with(&[("catalog.public", "true")]).await;
    let secret = json!({ "code": "margin", "name": "Margin", "type": "choice", "internal": true });
    create(&app, &secret).await.expect(201);
    let term = app.post(&format!("{PATH}/margin/terms")).token(&app.admin).json(&json!({ "name": "High" })).send();
    term.await.expect(201);
    let ann = app.customer("ann").await;
    for path in [format!("{PATH}/margin"), format!("{PATH}/margin/terms"), format!("{PATH}/margin/terms/high")] {
        app.get(&path).token(&app.admin).send().await.expect(200);
        app.get(&path).token(&ann.token).send().await.expect(404);
        app.get(&path).send().await.expect(404);
    }
    for path in [PATH.to_owned(), format!("{PATH}/tag"), format!("{PATH}/tag/terms"), "/api/v1/categories".to_owned()] {
        app.get(&path).token(&ann.token).send().await.expect(200);
        app.get(&path).send().await.expect(200);
    }
    let list = app.get(PATH).token(&ann.token).send().await.expect(200);
    assert_eq!(list.items().len(), 3);
}

#[tokio::test]
async fn changes_of_attributes_are_in_the_audit_log_r200() {
    let app = spawn().await;
    let path = create(&app, &capacity()).await.expect(201).header("location").unwrap().to_owned();
    app.patch(&path).token(&app.admin).json(&json!({ "position": 8 })).send().await.expect(200);
    app.delete(&path).token(&app.admin).send().await.expect(204);
    let log = app.get("/api/v1/audit?resource=attribute").token(&app.admin).send().await.expect(200);
    let actions: Vec<_> = log.items().iter().map(|one| one["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["attributes.delete", "attributes.update", "attributes.create"]);
    assert_eq!(
        (log.at("/items/1/before"), log.at("/items/1/after")),
        (&json!({"position": "7"}), &json!({"position": "8"}))
    );
    assert_eq!(log.text("/items/2/after/code"), "capacity_ml");
}
