use serde_json::{Value, json};
use testkit::{App, Reply, spawn};

async fn create(app: &App, body: &Value) -> Reply {
    app.post("/api/v1/zones").token(&app.admin).json(body).send().await
}

fn germany() -> Value {
    json!({ "name": "Germany", "members": [{ "country": "DE" }] })
}

#[tokio::test]
async fn a_zone_is_created_once_and_can_be_read_at_its_location_r101() {
    let app = spawn().await;
    let body = json!({
        "name": " West coast ",
        "members": [
            { "country": "US", "region": " or " },
            { "country": "US", "region": "ca", "postal_prefix": " 90 2" },
            { "country": "*" },
            { "country": "CA", "region": null, "postal_prefix": "v5k" },
        ],
        "shipping_tax": "highest",
    });
    let post = || app.post("/api/v1/zones").token(&app.admin).key("west").json(&body).send();
    let made = post().await.expect(201);
    assert_eq!(made.header("location").unwrap(), format!("/api/v1/zones/{}", made.text("/id")));
    let area = |country: &str, region: Value, prefix: Value| json!({ "country": country, "region": region, "postal_prefix": prefix });
    let members = json!([
        area("*", Value::Null, Value::Null),
        area("CA", Value::Null, json!("V5K")),
        area("US", json!("CA"), json!("902")),
        area("US", json!("OR"), Value::Null),
    ]);
    assert_eq!(made.at("/members"), &members);
    assert_eq!((made.text("/name"), made.text("/shipping_tax"), made.number("/version")), ("West coast", "highest", 1));
    let again = post().await.expect(201);
    assert!(again.is_replayed() && again.body == made.body);

    let read = app.get(made.header("location").unwrap()).token(&app.admin).send().await.expect(200);
    assert_eq!((&read.body, read.etag()), (&made.body, made.etag()));
    let path = made.header("location").unwrap();
    app.get(path).token(&app.admin).header("if-none-match", read.etag()).send().await.expect(304);
}

#[tokio::test]
async fn every_bad_field_of_a_zone_is_named_with_what_is_allowed_r101() {
    let app = spawn().await;
    let member = |member: Value| ("members", json!([{ "country": "FR" }, member]));
    let bad = [
        ("name", json!(" "), ("name", "blank")),
        ("name", json!("n".repeat(101)), ("name", "too_long")),
        ("name", Value::Null, ("name", "required")),
        ("members", Value::Null, ("members", "required")),
        ("members", json!([]), ("members", "too_short")),
        ("members", json!("DE"), ("members", "wrong_type")),
        ("members", json!(["DE"]), ("members[0]", "wrong_type")),
        ("shipping_tax", json!("class:"), ("shipping_tax", "not_allowed")),
        ("shipping_tax", json!("Highest"), ("shipping_tax", "not_allowed")),
        ("color", json!("red"), ("color", "unknown_field")),
    ]
    .into_iter()
    .chain(
        [
            (member(json!({})), ("members[1].country", "required")),
            (member(json!({ "country": "EU" })), ("members[1].country", "not_allowed")),
            (member(json!({ "country": "" })), ("members[1].country", "not_allowed")),
            (member(json!({ "country": 49 })), ("members[1].country", "wrong_type")),
            (member(json!({ "country": "DE", "region": "r".repeat(101) })), ("members[1].region", "too_long")),
            (member(json!({ "country": "DE", "region": "ß".repeat(100) })), ("members[1].region", "too_long")),
            (member(json!({ "country": "DE", "postal_prefix": " " })), ("members[1].postal_prefix", "blank")),
            (member(json!({ "country": "DE", "postal_prefix": 90 })), ("members[1].postal_prefix", "wrong_type")),
            (member(json!({ "country": "DE", "postal_prefix": "90*" })), ("members[1].postal_prefix", "format")),
            (
                member(json!({ "country": "DE", "postal_prefix": "9".repeat(21) })),
                ("members[1].postal_prefix", "too_long"),
            ),
            (member(json!({ "country": "*", "region": "CA" })), ("members[1].region", "excluded")),
            (member(json!({ "country": "*", "postal_prefix": "9" })), ("members[1].postal_prefix", "excluded")),
            (member(json!({ "country": "DE", "city": "Bonn" })), ("members[1].city", "unknown_field")),
            (member(json!({ "country": "FR" })), ("members[1]", "repeated")),
        ]
        .map(|((field, value), fault)| (field, value, fault)),
    );
    for (field, value, fault) in bad {
        let mut body = germany();
        body[field] = value;
        let refused = create(&app, &body).await.expect(422);
        assert_eq!(refused.faults(), [fault], "{body}");
    }
    let refused = create(&app, &json!({ "members": [{ "country": "XX" }, { "country": "*", "region": "x" }] })).await;
    let fields = ["members[0].country", "members[1].region", "name"];
    assert_eq!(refused.expect(422).refused_fields(), fields);
    let repeated = json!([{ "country": "US", "region": "ca" }, { "country": "US", "region": "CA " }]);
    let refused = create(&app, &json!({ "name": "x", "members": repeated })).await.expect(422);
    assert_eq!(refused.faults(), [("members[1]", "repeated")]);
    let many: Vec<_> = (0..501).map(|n| json!({ "country": "US", "postal_prefix": n.to_string() })).collect();
    let refused = create(&app, &json!({ "name": "x", "members": many })).await.expect(422);
    assert_eq!(refused.faults(), [("members", "too_long")]);
    let list = app.get("/api/v1/zones").token(&app.admin).send().await.expect(200);
    assert!(list.items().is_empty());
    create(&app, &json!({ "name": "n".repeat(100), "members": many[..500] })).await.expect(201);
}

#[tokio::test]
async fn a_zone_that_taxes_shipping_by_a_class_keeps_the_class_r101_r103() {
    let app = spawn().await;
    let mut body = germany();
    body["shipping_tax"] = json!("class:food");
    let refused = create(&app, &body).await.expect(422);
    assert_eq!(refused.faults(), [("shipping_tax", "not_found")]);
    let class = json!({ "code": "food", "name": "Food" });
    let class = app.post("/api/v1/tax-classes").token(&app.admin).json(&class).send().await.expect(201);
    let zone = create(&app, &body).await.expect(201);
    let path = class.header("location").unwrap();
    let refused = app.delete(path).token(&app.admin).send().await.expect(409);
    assert_eq!((refused.kind(), refused.text("/detail")), ("in-use", "The tax class is in use by zones: Germany."));
    let path = format!("/api/v1/zones/{}", zone.text("/id"));
    let unknown = json!({ "shipping_tax": "class:books" });
    let refused = app.patch(&path).token(&app.admin).json(&unknown).send().await.expect(422);
    assert_eq!(refused.faults(), [("shipping_tax", "not_found")]);
    app.delete(&path).token(&app.admin).send().await.expect(204);
    app.delete(class.header("location").unwrap()).token(&app.admin).send().await.expect(204);
}

#[tokio::test]
async fn the_name_of_a_zone_belongs_to_one_zone_r101() {
    let app = spawn().await;
    create(&app, &germany()).await.expect(201);
    let refused = create(&app, &germany()).await.expect(409);
    assert_eq!((refused.kind(), refused.faults()), ("duplicate", vec![("name", "duplicate")]));
    let world = create(&app, &json!({ "name": "World", "members": [{ "country": "*" }] })).await.expect(201);
    let path = format!("/api/v1/zones/{}", world.text("/id"));
    let rename = json!({ "name": "Germany" });
    let refused = app.patch(&path).token(&app.admin).json(&rename).send().await.expect(409);
    assert_eq!(refused.faults(), [("name", "duplicate")]);
}

#[tokio::test]
async fn a_zone_is_changed_and_deleted_only_at_the_version_that_the_caller_saw_r101() {
    let app = spawn().await;
    let made = create(&app, &germany()).await.expect(201);
    let path = format!("/api/v1/zones/{}", made.text("/id"));
    let change = |tag: &str, body: Value| app.patch(&path).token(&app.admin).header("if-match", tag).json(&body).send();
    let body = json!({ "members": [{ "country": "AT" }, { "country": "DE" }], "shipping_tax": "none" });
    let changed = change(made.etag(), body).await.expect(200);
    assert_eq!(
        (changed.text("/name"), changed.text("/shipping_tax"), changed.number("/version")),
        ("Germany", "none", 2)
    );
    assert_eq!((changed.text("/members/0/country"), changed.text("/members/1/country")), ("AT", "DE"));
    assert_eq!(change(made.etag(), json!({ "name": "x" })).await.expect(412).kind(), "stale-version");
    // The same areas in another order are the same zone.
    let same = json!({ "members": [{ "country": "DE" }, { "country": "AT" }] });
    assert_eq!(change(changed.etag(), same).await.expect(200).etag(), changed.etag());
    let cleared = change("*", json!({ "shipping_tax": null })).await.expect(200);
    assert_eq!((cleared.at("/shipping_tax"), cleared.number("/version")), (&Value::Null, 3));
    let nulls = change("*", json!({ "name": null, "members": null })).await.expect(422);
    assert_eq!(nulls.refused_fields(), ["members", "name"]);
    let bad = change("*", json!({ "members": [{ "country": "DE" }, { "country": "DE" }] })).await.expect(422);
    assert_eq!(bad.faults(), [("members[1]", "repeated")]);
    app.delete(&path).token(&app.admin).header("if-match", changed.etag()).send().await.expect(412);
    app.delete(&path).token(&app.admin).header("if-match", cleared.etag()).send().await.expect(204);
    for method in ["GET", "PATCH", "DELETE"] {
        let call = app.call(method, &path).token(&app.admin);
        let call = if method == "PATCH" { call.json(&json!({})) } else { call };
        assert_eq!(call.send().await.expect(404).kind(), "not-found");
    }
}

#[tokio::test]
async fn zones_are_listed_page_by_page_and_found_by_name_r101() {
    let app = spawn().await;
    for name in ["North America", "South America", "Europe"] {
        create(&app, &json!({ "name": name, "members": [{ "country": "*" }] })).await.expect(201);
    }
    let names = async |path: &str| {
        let page = app.get(path).token(&app.admin).send().await.expect(200);
        let names: Vec<_> = page.items().iter().map(|zone| zone["name"].as_str().unwrap().to_owned()).collect();
        (names, page.at("/next_cursor").as_str().map(ToOwned::to_owned))
    };
    let (first, next) = names("/api/v1/zones?limit=2").await;
    assert_eq!(first, ["North America", "South America"]);
    let (rest, end) = names(&format!("/api/v1/zones?limit=2&cursor={}", next.unwrap())).await;
    assert_eq!((rest, end), (vec!["Europe".to_owned()], None));
    assert_eq!(names("/api/v1/zones?q=amer%20south").await.0, [""; 0]);
    assert_eq!(names("/api/v1/zones?q=south%20amer").await.0, ["South America"]);
    let refused = app.get("/api/v1/zones?limit=0&name=x").token(&app.admin).send().await.expect(400);
    assert_eq!(refused.refused_fields(), ["limit", "name"]);
}

#[tokio::test]
async fn changes_of_zones_are_in_the_audit_log_r101() {
    let app = spawn().await;
    let made = create(&app, &germany()).await.expect(201);
    let path = format!("/api/v1/zones/{}", made.text("/id"));
    let change = json!({ "members": [{ "country": "DE", "postal_prefix": "27498" }] });
    app.patch(&path).token(&app.admin).json(&change).send().await.expect(200);
    app.delete(&path).token(&app.admin).send().await.expect(204);
    let log = app.get("/api/v1/audit?resource=zone").token(&app.admin).send().await.expect(200);
    let entries: Vec<_> = log.items().iter().map(|one| (&one["action"], &one["before"], &one["after"])).collect();
    let all = |members: &str| json!({ "name": "Germany", "members": members, "shipping_tax": null });
    assert_eq!(
        entries,
        [
            (&json!("zones.delete"), &all("DE 27498*"), &json!({})),
            (&json!("zones.update"), &json!({ "members": "DE" }), &json!({ "members": "DE 27498*" })),
            (&json!("zones.create"), &json!({}), &all("DE")),
        ]
    );
}
