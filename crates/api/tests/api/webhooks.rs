//! Endpoints of webhooks, and what became of what was sent to them.

use serde_json::{Value, json};
use testkit::shop::with;
use testkit::{App, Reply, TestDatabase, dump, spawn, spawn_on, spawn_with, until};

use crate::support::receiver::{Manner, Receiver};

const PATH: &str = "/api/v1/webhook-endpoints";

async fn create(app: &App, body: &Value) -> Reply {
    app.post(PATH).token(&app.admin).json(body).send().await
}

async fn shop() -> App {
    spawn_with(&[("webhooks.allow_networks", "127.0.0.0/8"), ("webhooks.timeout", "1s")]).await
}

fn public() -> Value {
    json!({"url": "https://erp.example.com/hooks", "types": "order.*,refund.succeeded", "description": "ERP"})
}

/// Makes an endpoint at a receiver. Returns its path and its secret.
async fn endpoint(app: &App, receiver: &Receiver, types: &str) -> (String, String) {
    let made = create(app, &json!({"url": receiver.url, "types": types})).await.expect(201);
    (made.header("location").unwrap().to_owned(), made.text("/secret").to_owned())
}

async fn step(app: &App, path: &str, step: &str, body: &Value) -> Reply {
    app.post(&format!("{path}/{step}")).token(&app.admin).json(body).send().await
}

async fn deliveries(app: &App, path: &str, query: &str) -> Vec<Value> {
    let reply = app.get(&format!("{path}/deliveries{query}")).token(&app.admin).send().await.expect(200);
    reply.items().to_vec()
}

#[tokio::test]
async fn an_endpoint_shows_its_secret_once_r168() {
    let app = spawn().await;
    let made = create(&app, &public()).await.expect(201);
    for (field, value) in public().as_object().unwrap() {
        assert_eq!(&made.body[field], value, "{field}");
    }
    assert_eq!((made.text("/status"), made.number("/version")), ("active", 1));
    assert_eq!(made.header("cache-control"), Some("no-store"));
    let secret = made.text("/secret").to_owned();
    assert!(secret.starts_with("whsec_") && secret.len() == 50, "{}", secret.len());
    let path = made.header("location").unwrap();
    assert_eq!(path, format!("{PATH}/{}", made.id()));
    let read = app.get(path).token(&app.admin).send().await.expect(200);
    assert_eq!((&read.body["secret"], &read.body["url"]), (&Value::Null, &made.body["url"]));
    let listed = app.get(PATH).token(&app.admin).send().await.expect(200);
    assert_eq!(listed.items(), std::slice::from_ref(&read.body));
    let rotated = step(&app, path, "rotate-secret", &json!({})).await.expect(200);
    assert_eq!((rotated.header("cache-control"), rotated.number("/version")), (Some("no-store"), 2));
    assert!(rotated.text("/secret").starts_with("whsec_") && rotated.text("/secret") != secret);
    assert!(rotated.at("/rotated_at").is_string());
}

#[tokio::test]
async fn a_repeated_request_makes_one_endpoint_and_one_secret_and_shows_it_once_r51_r168() {
    let app = spawn().await;
    let create = || app.post(PATH).token(&app.admin).key("k").json(&public()).send();
    let (made, again) = (create().await.expect(201), create().await.expect(201));
    assert!(!made.is_replayed() && again.is_replayed());
    assert_eq!(again.body, with(&made.body, &json!({ "secret": null })));
    for name in ["location", "cache-control"] {
        assert_eq!(made.header(name), again.header(name), "{name}");
    }
    assert_eq!(app.get(PATH).token(&app.admin).send().await.expect(200).items().len(), 1);

    let path = format!("{}/rotate-secret", made.header("location").unwrap());
    let rotate = || app.post(&path).token(&app.admin).key("r").send();
    let (rotated, again) = (rotate().await.expect(200), rotate().await.expect(200));
    assert_eq!((rotated.number("/version"), again.is_replayed()), (2, true));
    assert_eq!(again.body, with(&rotated.body, &json!({ "secret": null })));
    let dumped = dump(app.database()).await;
    assert!([&made, &rotated].iter().all(|shown| !dumped.contains(shown.text("/secret"))));
}

#[tokio::test]
async fn the_log_shows_where_an_endpoint_is_and_not_its_whole_url_r168() {
    let app = spawn().await;
    let made = create(&app, &with(&public(), &json!({"url": "https://erp.example.com/hush?t=hush"}))).await.expect(201);
    let moved = json!({"url": "https://erp.example.com/hush?t=hush-again"});
    app.patch(made.header("location").unwrap()).token(&app.admin).json(&moved).send().await.expect(200);
    let log = app.get("/api/v1/audit?resource=webhook_endpoint").token(&app.admin).send().await.expect(200);
    assert!(!log.body.to_string().contains("hush"), "{}", log.body);
    assert_eq!(log.at("/items/0/after"), &json!({ "path": "changed" }));
    assert_eq!(log.at("/items/1/after/url"), "https://erp.example.com");
}

#[tokio::test]
async fn every_bad_field_of_an_endpoint_is_named_with_what_is_allowed_r168_r172() {
    let app = spawn().await;
    for (field, value, fault) in [
        ("url", Value::Null, ("url", "required")),
        ("url", json!(7), ("url", "wrong_type")),
        ("url", json!("erp.example.com"), ("url", "format")),
        ("url", json!("http://erp.example.com/"), ("url", "not_allowed")),
        ("url", json!("ftp://erp.example.com/"), ("url", "not_allowed")),
        ("url", json!("https://me:secret@erp.example.com/"), ("url", "not_allowed")),
        ("url", json!("https://erp.example.com/#top"), ("url", "not_allowed")),
        ("url", json!("https://erp.example.com:25/"), ("url", "not_allowed")),
        ("url", json!("https://localhost/"), ("url", "not_allowed")),
        ("url", json!("https://127.0.0.1/"), ("url", "not_allowed")),
        ("url", json!("https://2130706433/"), ("url", "not_allowed")),
        ("url", json!("https://0x7f.1/"), ("url", "not_allowed")),
        ("url", json!("https://[::ffff:10.0.0.1]/"), ("url", "not_allowed")),
        ("url", json!("https://169.254.169.254/latest/meta-data/"), ("url", "not_allowed")),
        ("url", json!(format!("https://erp.example.com/{}", "x".repeat(2000))), ("url", "too_long")),
        ("types", Value::Null, ("types", "required")),
        ("types", json!("orders.*"), ("types", "not_allowed")),
        ("types", json!(["order.*"]), ("types", "wrong_type")),
        ("description", json!("d".repeat(201)), ("description", "too_long")),
        ("secret", json!("whsec_mine"), ("secret", "unknown_field")),
    ] {
        let mut body = public();
        body[field] = value;
        assert_eq!(create(&app, &body).await.expect(422).faults(), [fault], "{body}");
    }
    assert!(app.get(PATH).token(&app.admin).send().await.expect(200).items().is_empty());
}

#[tokio::test]
async fn an_endpoint_is_changed_and_deleted_at_the_version_that_was_seen_r168() {
    let app = spawn().await;
    let made = create(&app, &public()).await.expect(201);
    let path = made.header("location").unwrap();
    let seen = app.get(path).token(&app.admin).send().await.expect(200);
    let change = json!({"types": "*", "description": null});
    let change_at =
        |body: &Value, etag: &str| app.patch(path).token(&app.admin).header("if-match", etag).json(body).send();
    let changed = change_at(&change, seen.etag()).await.expect(200);
    assert_eq!((changed.text("/types"), changed.at("/description")), ("*", &Value::Null));
    assert_eq!(change_at(&change, seen.etag()).await.expect(412).kind(), "stale-version");
    let inside = json!({"url": "https://10.0.0.1/"});
    assert_eq!(change_at(&inside, changed.etag()).await.expect(422).faults(), [("url", "not_allowed")]);
    let delete = |etag: &str| app.delete(path).token(&app.admin).header("if-match", etag).send();
    delete(seen.etag()).await.expect(412);
    delete(changed.etag()).await.expect(204);
    for request in [app.get(path), app.get(&format!("{path}/deliveries")), app.delete(path)] {
        request.token(&app.admin).send().await.expect(404);
    }
    for one in ["pause", "resume", "rotate-secret", "test"] {
        step(&app, path, one, &json!({})).await.expect(404);
    }
    step(&app, path, "replay", &json!({"after": 0})).await.expect(404);
}

#[tokio::test]
async fn a_test_is_delivered_with_a_signature_that_others_take_r168_r169_r171() {
    let app = shop().await;
    let receiver = Receiver::new(Manner::Answers(200)).await;
    let (path, secret) = endpoint(&app, &receiver, "refund.*").await;
    let post = || app.post(&format!("{path}/test")).token(&app.admin).key("test").json(&json!({})).send();
    post().await.expect(202);
    assert!(post().await.expect(202).is_replayed());
    until("delivered", async || deliveries(&app, &path, "?status=succeeded").await.len() == 1).await;
    let came = receiver.came();
    assert_eq!((came.len(), came[0].event()["type"].as_str()), (1, Some("webhook.test")));
    assert!(came[0].is_signed_with(&secret));
    let delivery = deliveries(&app, &path, "").await.remove(0);
    assert_eq!((&delivery["event_type"], &delivery["event_id"]), (&json!("webhook.test"), &json!(came[0].id())));
    let attempt = &delivery["attempts"][0];
    assert_eq!((&attempt["number"], &attempt["status"], &attempt["answer"]), (&json!(1), &json!(200), &json!("hmm.")));
    let feed = app.get("/api/v1/events?types=webhook.*").token(&app.admin).send().await.expect(200);
    assert_eq!(feed.items()[0], came[0].event(), "a webhook is the event as the feed has it");
    let rotated = step(&app, &path, "rotate-secret", &json!({})).await.expect(200);
    step(&app, &path, "test", &json!({})).await.expect(202);
    until("delivered", async || receiver.came().len() == 2).await;
    let both = &receiver.came()[1];
    assert!(both.is_signed_with(&secret) && both.is_signed_with(rotated.text("/secret")));
    step(&app, &path, "pause", &json!({})).await.expect(200);
    assert_eq!(step(&app, &path, "test", &json!({})).await.expect(409).kind(), "endpoint-not-active");
}

#[tokio::test]
async fn a_try_that_fails_is_kept_and_a_delivery_can_be_made_again_r170_r171() {
    let app = shop().await;
    let receiver = Receiver::new(Manner::Answers(302)).await;
    let (path, _) = endpoint(&app, &receiver, "product.created").await;
    let product = app.product("Mug", 100, 1).await;
    until("tried", async || !receiver.came().is_empty()).await;
    until("noted", async || {
        deliveries(&app, &path, "").await.first().is_some_and(|one| one["attempts"][0]["status"] == 302)
    })
    .await;
    receiver.changes_to(Manner::Answers(204));
    let delivery = deliveries(&app, &path, "?status=pending").await.remove(0);
    let again = format!("/api/v1/webhook-deliveries/{}/redeliver", delivery["id"].as_str().unwrap());
    let redeliver = || app.post(&again).token(&app.admin).json(&json!({})).send();
    assert_eq!(redeliver().await.expect(202).body["status"], "pending");
    until("delivered", async || deliveries(&app, &path, "?status=succeeded").await.len() == 1).await;
    let came = receiver.came();
    assert!(came.iter().all(|one| one.id() == came[0].id() && one.event()["stream"] == product.as_str()));
    // What succeeded goes out again too, and so does all of the feed.
    let once = || app.post(&again).token(&app.admin).key("once").send();
    assert_eq!((once().await.expect(202).is_replayed(), once().await.expect(202).is_replayed()), (false, true));
    until("delivered again", async || receiver.came().len() > came.len()).await;
    let before = receiver.came().len();
    until("done", async || deliveries(&app, &path, "?status=succeeded").await.len() == 1).await;
    step(&app, &path, "replay", &json!({"after": 0})).await.expect(202);
    until("replayed", async || receiver.came().len() > before).await;
    let log = app.get("/api/v1/audit?resource=webhook_endpoint").token(&app.admin).send().await.expect(200);
    let actions: Vec<_> =
        log.at("/items").as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    for action in ["webhook_deliveries.redeliver", "webhook_endpoints.replay"] {
        assert!(actions.contains(&action), "{actions:?}");
    }
    assert_eq!(deliveries(&app, &path, "").await.len(), 1, "the same delivery");
}

#[tokio::test]
async fn a_receiver_that_is_gone_is_switched_off_and_can_be_resumed_r170() {
    let app = shop().await;
    let receiver = Receiver::new(Manner::Answers(410)).await;
    let (path, _) = endpoint(&app, &receiver, "product.created").await;
    app.product("Mug", 100, 1).await;
    let status = async || app.get(&path).token(&app.admin).send().await.expect(200).text("/status").to_owned();
    until("off", async || status().await == "off").await;
    receiver.changes_to(Manner::Answers(200));
    step(&app, &path, "resume", &json!({})).await.expect(200);
    assert_eq!(status().await, "active");
    until("delivered", async || deliveries(&app, &path, "?status=succeeded").await.len() == 1).await;
}

#[tokio::test]
async fn bad_questions_about_deliveries_are_refused_r171() {
    let app = spawn().await;
    let made = create(&app, &public()).await.expect(201);
    let path = made.header("location").unwrap();
    let ask = async |query: &str| app.get(&format!("{path}/deliveries?{query}")).token(&app.admin).send().await;
    assert_eq!(ask("status=lost").await.expect(400).refused_fields(), ["status"]);
    assert_eq!(ask("cursor=x").await.expect(400).refused_fields(), ["cursor"]);
    for (body, fault) in [
        (json!({}), ("after", "required")),
        (json!({"after": -1}), ("after", "too_small")),
        (json!({"after": 0, "before": "x"}), ("before", "wrong_type")),
    ] {
        assert_eq!(step(&app, path, "replay", &body).await.expect(422).faults(), [fault], "{body}");
    }
    let nobody = format!("/api/v1/webhook-deliveries/{}/redeliver", made.id());
    app.post(&nobody).token(&app.admin).json(&json!({})).send().await.expect(404);
}

#[tokio::test]
async fn without_a_key_for_secrets_a_server_starts_and_makes_no_endpoint_r187() {
    let Some(database) = TestDatabase::at("TEST_MYSQL_URL").await else { return };
    let app = spawn_on(database, &[]).await;
    let refused = create(&app, &public()).await.expect(409);
    assert_eq!(refused.kind(), "no-secrets-key");
    assert!(refused.text("/detail").contains("`secrets.key`"), "{}", refused.body);
    assert!(app.get(PATH).token(&app.admin).send().await.expect(200).items().is_empty());
}
