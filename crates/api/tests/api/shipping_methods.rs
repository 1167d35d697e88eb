use serde_json::{Value, json};
use testkit::{App, Reply, spawn};

const PATH: &str = "/api/v1/shipping-methods";

async fn create(app: &App, body: &Value) -> Reply {
    app.post(PATH).token(&app.admin).json(body).send().await
}

/// The id of a new zone.
async fn zone(app: &App, name: &str) -> String {
    let body = json!({ "name": name, "members": [{ "country": "DE" }] });
    app.post("/api/v1/zones").token(&app.admin).json(&body).send().await.expect(201).text("/id").to_owned()
}

fn price(amount: i64) -> Value {
    json!({ "amount": amount, "currency": "USD" })
}

fn flat(code: &str, zone: &str) -> Value {
    json!({ "code": code, "name": "DHL", "zone_id": zone, "basis": "flat", "tiers": [{ "from": 0, "amount": price(490) }] })
}

#[tokio::test]
async fn a_shipping_method_is_created_once_and_can_be_read_at_its_location_r102() {
    let app = spawn().await;
    let zone = zone(&app, "Germany").await;
    let body = json!({
        "code": "dhl",
        "name": " DHL parcel ",
        "zone_id": zone,
        "status": "inactive",
        "position": 3,
        "basis": "weight",
        "tiers": [
            { "from": 0, "amount": price(490) },
            { "from": 2000, "amount": price(690), "per": 1000, "per_amount": price(100) },
            { "from": 31500, "amount": null },
        ],
        "free_from": price(5000),
        "tax_class": "standard",
        "min_days": 2,
        "max_days": 4,
    });
    let post = || app.post(PATH).token(&app.admin).key("dhl").json(&body).send();
    let made = post().await.expect(201);
    let none = Value::Null;
    let tiers = json!([
        { "from": 0, "amount": price(490), "per": none, "per_amount": none },
        { "from": 2000, "amount": price(690), "per": 1000, "per_amount": price(100) },
        { "from": 31500, "amount": none, "per": none, "per_amount": none },
    ]);
    assert_eq!((made.at("/tiers"), made.at("/free_from")), (&tiers, &price(5000)));
    for field in ["code", "zone_id", "status", "position", "basis", "tax_class", "min_days", "max_days"] {
        assert_eq!(made.at(&format!("/{field}")), &body[field], "{field}");
    }
    assert_eq!((made.text("/name"), made.number("/version")), ("DHL parcel", 1));
    let again = post().await.expect(201);
    assert!(again.is_replayed() && again.body == made.body);
    let path = made.header("location").unwrap();
    assert_eq!(path, format!("{PATH}/{}", made.text("/id")));
    let read = app.get(path).token(&app.admin).send().await.expect(200);
    assert_eq!((&read.body, read.etag()), (&made.body, made.etag()));
    let taken = create(&app, &body).await.expect(409);
    assert_eq!((taken.kind(), taken.faults()), ("duplicate", vec![("code", "duplicate")]));
}

#[tokio::test]
async fn a_shipping_method_is_active_and_in_front_unless_it_says_otherwise_r102() {
    let app = spawn().await;
    let made = create(&app, &flat("dhl", &zone(&app, "Germany").await)).await.expect(201);
    assert_eq!((made.text("/status"), made.number("/position")), ("active", 0));
    for field in ["free_from", "tax_class", "min_days", "max_days"] {
        assert_eq!(made.at(&format!("/{field}")), &Value::Null, "{field}");
    }
}

#[tokio::test]
async fn every_bad_field_of_a_shipping_method_is_named_with_what_is_allowed_r102() {
    let app = spawn().await;
    let zone = zone(&app, "Germany").await;
    let tier = |tier: Value| ("tiers", json!([{ "from": 0, "amount": price(1) }, tier]));
    let many =
        |count: i64| json!((0..count).map(|from| json!({ "from": from, "amount": price(1) })).collect::<Vec<_>>());
    let nobody = json!("01890000-0000-7000-8000-000000000000");
    let long = Value::from(i64::from(i32::MAX) * 1000);
    for ((field, value), fault) in [
        (("code", json!("d h l")), ("code", "format")),
        (("code", Value::Null), ("code", "required")),
        (("name", json!("n".repeat(101))), ("name", "too_long")),
        (("zone_id", json!("DE")), ("zone_id", "format")),
        (("zone_id", nobody), ("zone_id", "not_found")),
        (("tax_class", json!("food")), ("tax_class", "not_found")),
        (("status", json!("archived")), ("status", "not_allowed")),
        (("position", json!(-1)), ("position", "too_small")),
        (("position", json!(1_000_001)), ("position", "too_large")),
        (("basis", json!("volume")), ("basis", "not_allowed")),
        (("free_from", json!(5000)), ("free_from", "wrong_type")),
        (("free_from", json!({ "amount": -1, "currency": "USD" })), ("free_from.amount", "too_small")),
        (("free_from", json!({ "amount": 1, "currency": "EUR" })), ("free_from.currency", "currency")),
        (("min_days", json!(-1)), ("min_days", "too_small")),
        (("max_days", json!(366)), ("max_days", "too_large")),
        (("tiers", json!([])), ("tiers", "too_short")),
        (("tiers", many(101)), ("tiers", "too_long")),
        (("tiers", json!([{ "from": 1, "amount": price(1) }])), ("tiers[0].from", "not_allowed")),
        (tier(json!({ "from": 0, "amount": price(1) })), ("tiers[1].from", "too_small")),
        (tier(json!({ "from": long, "amount": price(1) })), ("tiers[1].from", "too_large")),
        (tier(json!({ "amount": price(1) })), ("tiers[1].from", "required")),
        (tier(json!({ "from": 1, "amount": price(-1) })), ("tiers[1].amount.amount", "too_small")),
        (
            tier(json!({ "from": 1, "amount": price(1), "per": 0, "per_amount": price(1) })),
            ("tiers[1].per", "too_small"),
        ),
        (tier(json!({ "from": 1, "amount": price(1), "per": 1 })), ("tiers[1].per_amount", "required")),
        (tier(json!({ "from": 1, "amount": price(1), "per_amount": price(1) })), ("tiers[1].per", "required")),
        (tier(json!({ "from": 1, "per": 1, "per_amount": price(1) })), ("tiers[1].per", "not_allowed")),
        (tier(json!({ "from": 1, "cost": price(1) })), ("tiers[1].cost", "unknown_field")),
    ] {
        let mut body = flat("dhl", &zone);
        body[field] = value;
        assert_eq!(create(&app, &body).await.expect(422).faults(), [fault], "{body}");
    }
    let mut body = flat("dhl", &zone);
    (body["min_days"], body["max_days"], body["tiers"]) = (json!(3), json!(2), json!([{ "from": 5 }, { "from": 4 }]));
    let fields = ["max_days", "tiers[0].from", "tiers[1].from"];
    assert_eq!(create(&app, &body).await.expect(422).refused_fields(), fields);
    assert!(app.get(PATH).token(&app.admin).send().await.expect(200).items().is_empty());
    let mut most = flat("dhl", &zone);
    (most["tiers"], most["max_days"]) = (many(100), json!(365));
    create(&app, &most).await.expect(201);
}

#[tokio::test]
async fn a_shipping_method_is_changed_and_deleted_only_at_the_version_that_the_caller_saw_r102() {
    let app = spawn().await;
    let (de, eu) = (zone(&app, "Germany").await, zone(&app, "Europe").await);
    let mut body = flat("dhl", &de);
    (body["free_from"], body["max_days"]) = (price(5000), json!(3));
    let made = create(&app, &body).await.expect(201);
    let path = format!("{PATH}/{}", made.text("/id"));
    let change = |tag: &str, body: Value| app.patch(&path).token(&app.admin).header("if-match", tag).json(&body).send();
    let tiers = json!([{ "from": 0, "amount": price(300) }, { "from": 10, "amount": null }]);
    let body = json!({ "zone_id": eu, "basis": "quantity", "tiers": tiers, "free_from": null, "status": "inactive" });
    let changed = change(made.etag(), body).await.expect(200);
    assert_eq!((changed.text("/zone_id"), changed.text("/basis"), changed.text("/code")), (&*eu, "quantity", "dhl"));
    assert_eq!((changed.number("/tiers/0/amount/amount"), changed.at("/free_from")), (300, &Value::Null));
    assert_eq!((changed.number("/max_days"), changed.number("/version")), (3, 2));
    assert_eq!(change(made.etag(), json!({ "name": "x" })).await.expect(412).kind(), "stale-version");
    assert_eq!(change("*", json!({ "status": "inactive" })).await.expect(200).etag(), changed.etag());
    for (body, fault) in [
        (json!({ "min_days": 4 }), ("min_days", "too_large")),
        (json!({ "min_days": 4, "max_days": 3 }), ("max_days", "too_small")),
        (json!({ "zone_id": null }), ("zone_id", "required")),
        (json!({ "zone_id": "01890000-0000-7000-8000-000000000000" }), ("zone_id", "not_found")),
        (json!({ "tax_class": "food" }), ("tax_class", "not_found")),
        (json!({ "tiers": [{ "from": 2, "amount": price(1) }] }), ("tiers[0].from", "not_allowed")),
    ] {
        assert_eq!(change("*", body.clone()).await.expect(422).faults(), [fault], "{body}");
    }
    let other = create(&app, &flat("ups", &de)).await.expect(201);
    let path_of_other = other.header("location").unwrap();
    let rename = json!({ "code": "dhl" });
    let taken = app.patch(path_of_other).token(&app.admin).json(&rename).send().await.expect(409);
    assert_eq!(taken.faults(), [("code", "duplicate")]);
    app.delete(&path).token(&app.admin).header("if-match", made.etag()).send().await.expect(412);
    app.delete(&path).token(&app.admin).header("if-match", changed.etag()).send().await.expect(204);
    assert_eq!(app.get(&path).token(&app.admin).send().await.expect(404).kind(), "not-found");
}

#[tokio::test]
async fn a_zone_and_a_tax_class_that_a_shipping_method_uses_stay_r101_r102_r103() {
    let app = spawn().await;
    let zone = zone(&app, "Germany").await;
    let class = json!({ "code": "food", "name": "Food" });
    let class = app.post("/api/v1/tax-classes").token(&app.admin).json(&class).send().await.expect(201);
    let mut body = flat("dhl", &zone);
    body["tax_class"] = json!("food");
    let made = create(&app, &body).await.expect(201);
    let zone = format!("/api/v1/zones/{zone}");
    for (path, what) in [(zone.as_str(), "zone"), (class.header("location").unwrap(), "tax class")] {
        let refused = app.delete(path).token(&app.admin).send().await.expect(409);
        assert_eq!(refused.kind(), "in-use");
        assert_eq!(refused.text("/detail"), format!("The {what} is in use by shipping methods: dhl."));
    }
    app.delete(made.header("location").unwrap()).token(&app.admin).send().await.expect(204);
    app.delete(&zone).token(&app.admin).send().await.expect(204);
    app.delete(class.header("location").unwrap()).token(&app.admin).send().await.expect(204);
}

#[tokio::test]
async fn shipping_methods_are_listed_page_by_page_and_found_by_words_status_and_zone_r102() {
    let app = spawn().await;
    let (de, eu) = (zone(&app, "Germany").await, zone(&app, "Europe").await);
    for (code, zone, status) in [("dhl", &de, "active"), ("ups", &de, "inactive"), ("dhl-eu", &eu, "active")] {
        let mut body = flat(code, zone);
        body["status"] = json!(status);
        create(&app, &body).await.expect(201);
    }
    let codes = async |query: &str| {
        let page = app.get(&format!("{PATH}?{query}")).token(&app.admin).send().await.expect(200);
        let codes: Vec<_> = page.items().iter().map(|one| one["code"].as_str().unwrap().to_owned()).collect();
        (codes, page.at("/next_cursor").as_str().map(ToOwned::to_owned))
    };
    let (first, next) = codes("limit=2").await;
    assert_eq!(first, ["dhl", "ups"]);
    assert_eq!(codes(&format!("limit=2&cursor={}", next.unwrap())).await, (vec!["dhl-eu".to_owned()], None));
    assert_eq!(codes("q=dhl%20eu").await.0, ["dhl-eu"]);
    assert_eq!(codes(&format!("zone_id={de}&status=active")).await.0, ["dhl"]);
    assert_eq!(codes("status=inactive").await.0, ["ups"]);
    let refused = app.get(&format!("{PATH}?status=x&zone_id=y&code=z")).token(&app.admin).send().await.expect(400);
    assert_eq!(refused.refused_fields(), ["code", "status", "zone_id"]);
}

#[tokio::test]
async fn changes_of_shipping_methods_are_in_the_audit_log_r102() {
    let app = spawn().await;
    let made = create(&app, &flat("dhl", &zone(&app, "Germany").await)).await.expect(201);
    let path = made.header("location").unwrap();
    let change = json!({ "free_from": price(5000), "tax_class": "standard" });
    app.patch(path).token(&app.admin).json(&change).send().await.expect(200);
    app.delete(path).token(&app.admin).send().await.expect(204);
    let log = app.get("/api/v1/audit?resource=shipping_method").token(&app.admin).send().await.expect(200);
    let [deleted, changed, created] = log.items() else { panic!("{log:?}") };
    assert_eq!((&deleted["action"], &deleted["after"]), (&json!("shipping_methods.delete"), &json!({})));
    assert_eq!(changed["before"], json!({ "free_from": null, "tax_class": null }));
    assert_eq!(changed["after"], json!({ "free_from": "5000", "tax_class": "standard" }));
    assert_eq!((&created["after"]["tiers"], &created["after"]["basis"]), (&json!("0: 490"), &json!("flat")));
}
