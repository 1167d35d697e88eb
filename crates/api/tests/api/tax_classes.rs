use serde_json::{Value, json};
use testkit::{App, Reply, spawn};

const PATH: &str = "/api/v1/tax-classes";

async fn create(app: &App, body: &Value) -> Reply {
    app.post(PATH).token(&app.admin).json(body).send().await
}

fn food() -> Value {
    json!({ "code": "food", "name": "Food" })
}

#[tokio::test]
async fn a_tax_class_is_created_once_and_can_be_read_at_its_location_r103() {
    let app = spawn().await;
    let post = || app.post(PATH).token(&app.admin).key("food").json(&food()).send();
    let made = post().await.expect(201);
    assert_eq!((made.text("/code"), made.text("/name"), made.number("/version")), ("food", "Food", 1));
    let again = post().await.expect(201);
    assert!(again.is_replayed() && again.body == made.body);
    let path = made.header("location").unwrap();
    assert_eq!(path, format!("{PATH}/{}", made.text("/id")));
    let read = app.get(path).token(&app.admin).send().await.expect(200);
    assert_eq!((&read.body, read.etag()), (&made.body, made.etag()));
    let taken = create(&app, &food()).await.expect(409);
    assert_eq!((taken.kind(), taken.faults()), ("duplicate", vec![("code", "duplicate")]));
}

#[tokio::test]
async fn every_bad_field_of_a_tax_class_is_named_with_what_is_allowed_r103() {
    let app = spawn().await;
    for (field, value, fault) in [
        ("code", json!("a b"), ("code", "format")),
        ("code", json!("\u{200b}"), ("code", "format")),
        ("code", json!("x".repeat(33)), ("code", "too_long")),
        ("code", json!(""), ("code", "too_short")),
        ("code", json!(7), ("code", "wrong_type")),
        ("code", Value::Null, ("code", "required")),
        ("name", json!(" "), ("name", "blank")),
        ("name", json!("n".repeat(101)), ("name", "too_long")),
        ("rate", json!(19), ("rate", "unknown_field")),
    ] {
        let mut body = food();
        body[field] = value;
        assert_eq!(create(&app, &body).await.expect(422).faults(), [fault], "{body}");
    }
    let list = app.get(PATH).token(&app.admin).send().await.expect(200);
    assert_eq!(list.items().len(), 1, "nothing was written");
}

#[tokio::test]
async fn a_tax_class_is_renamed_and_deleted_only_at_the_version_that_the_caller_saw_r103() {
    let app = spawn().await;
    let made = create(&app, &food()).await.expect(201);
    let path = format!("{PATH}/{}", made.text("/id"));
    let change = |tag: &str, body: Value| app.patch(&path).token(&app.admin).header("if-match", tag).json(&body).send();
    let renamed = change(made.etag(), json!({ "name": "Groceries" })).await.expect(200);
    assert_eq!((renamed.text("/code"), renamed.text("/name"), renamed.number("/version")), ("food", "Groceries", 2));
    assert_eq!(change(made.etag(), json!({ "name": "x" })).await.expect(412).kind(), "stale-version");
    assert_eq!(change("*", json!({ "name": "Groceries" })).await.expect(200).etag(), renamed.etag());
    let code = change("*", json!({ "code": "f", "name": null })).await.expect(422);
    assert_eq!(code.faults(), [("code", "unknown_field"), ("name", "required")]);
    app.delete(&path).token(&app.admin).header("if-match", made.etag()).send().await.expect(412);
    app.delete(&path).token(&app.admin).header("if-match", renamed.etag()).send().await.expect(204);
    assert_eq!(app.get(&path).token(&app.admin).send().await.expect(404).kind(), "not-found");
}

#[tokio::test]
async fn the_tax_class_standard_is_there_from_the_start_and_stays_r103() {
    let app = spawn().await;
    create(&app, &food()).await.expect(201);
    let page = app.get(&format!("{PATH}?limit=1")).token(&app.admin).send().await.expect(200);
    assert_eq!(page.text("/items/0/code"), "standard");
    let next = page.text("/next_cursor");
    let rest = app.get(&format!("{PATH}?limit=1&cursor={next}")).token(&app.admin).send().await.expect(200);
    assert_eq!((rest.text("/items/0/code"), rest.at("/next_cursor")), ("food", &Value::Null));
    let path = format!("{PATH}/{}", page.text("/items/0/id"));
    let refused = app.delete(&path).token(&app.admin).send().await.expect(409);
    assert_eq!(refused.kind(), "in-use");
    let renamed = app.patch(&path).token(&app.admin).json(&json!({ "name": "Normal" })).send().await.expect(200);
    assert_eq!(renamed.text("/name"), "Normal");
}

#[tokio::test]
async fn changes_of_tax_classes_are_in_the_audit_log_r103() {
    let app = spawn().await;
    let made = create(&app, &food()).await.expect(201);
    let path = format!("{PATH}/{}", made.text("/id"));
    app.patch(&path).token(&app.admin).json(&json!({ "name": "Groceries" })).send().await.expect(200);
    app.delete(&path).token(&app.admin).send().await.expect(204);
    let log = app.get("/api/v1/audit?resource=tax_class").token(&app.admin).send().await.expect(200);
    let entries: Vec<_> = log.items().iter().map(|one| (&one["action"], &one["before"], &one["after"])).collect();
    let whole = |name: &str| json!({ "code": "food", "name": name });
    assert_eq!(
        entries,
        [
            (&json!("tax_classes.delete"), &whole("Groceries"), &json!({})),
            (&json!("tax_classes.update"), &json!({ "name": "Food" }), &json!({ "name": "Groceries" })),
            (&json!("tax_classes.create"), &json!({}), &whole("Food")),
        ]
    );
}
