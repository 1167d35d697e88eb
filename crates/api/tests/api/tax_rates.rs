use serde_json::{Value, json};
use testkit::{App, Reply, spawn};

const PATH: &str = "/api/v1/tax-rates";
const NOBODY: &str = "01890000-0000-7000-8000-000000000000";

async fn create(app: &App, body: &Value) -> Reply {
    app.post(PATH).token(&app.admin).json(body).send().await
}

/// The id of a new zone of these countries.
async fn zone(app: &App, name: &str, countries: &[&str]) -> String {
    let members: Vec<_> = countries.iter().map(|country| json!({ "country": country })).collect();
    let body = json!({ "name": name, "members": members });
    app.post("/api/v1/zones").token(&app.admin).json(&body).send().await.expect(201).text("/id").to_owned()
}

/// A rate of 19 % since 2007.
fn vat(code: &str, zone: &str) -> Value {
    json!({
        "zone_id": zone,
        "tax_class": "standard",
        "code": code,
        "name": "USt. 19 %",
        "rate_ppm": 190_000,
        "starts_on": "2007-01-01",
    })
}

/// A rate with these days.
fn between(code: &str, zone: &str, starts_on: &str, ends_on: Option<&str>) -> Value {
    let mut body = vat(code, zone);
    (body["starts_on"], body["ends_on"]) = (json!(starts_on), json!(ends_on));
    body
}

#[tokio::test]
async fn a_tax_rate_is_created_once_and_can_be_read_at_its_location_r103() {
    let app = spawn().await;
    let mut body = between("DE0", &zone(&app, "Germany", &["DE"]).await, "2026-01-01", Some("2026-01-01"));
    (body["rate_ppm"], body["treatment"], body["applies_to_shipping"]) = (json!(0), json!("export"), json!(false));
    let post = || app.post(PATH).token(&app.admin).key("vat").json(&body).send();
    let made = post().await.expect(201);
    for (field, value) in body.as_object().unwrap() {
        assert_eq!(made.at(&format!("/{field}")), value, "{field}");
    }
    assert_eq!(made.number("/version"), 1);
    let again = post().await.expect(201);
    assert!(again.is_replayed() && again.body == made.body);
    let path = made.header("location").unwrap();
    assert_eq!(path, format!("{PATH}/{}", made.text("/id")));
    let read = app.get(path).token(&app.admin).send().await.expect(200);
    assert_eq!((&read.body, read.etag()), (&made.body, made.etag()));
}

#[tokio::test]
async fn omitted_members_of_a_tax_rate_have_defaults_r103() {
    let app = spawn().await;
    let zone = zone(&app, "Germany", &["DE"]).await;
    let made = create(&app, &vat("DE19", &zone)).await.expect(201);
    let usual = (made.at("/ends_on"), made.at("/applies_to_shipping"), made.text("/treatment"));
    assert_eq!(usual, (&Value::Null, &json!(true), "standard"));
    let mut zero = vat("DE0", &zone);
    zero["rate_ppm"] = json!(0);
    assert_eq!(create(&app, &zero).await.expect(201).text("/treatment"), "zero");
}

#[tokio::test]
async fn every_bad_field_of_a_tax_rate_is_named_with_what_is_allowed_r103() {
    let app = spawn().await;
    let zone = zone(&app, "Germany", &["DE"]).await;
    for (field, value, fault) in [
        ("zone_id", json!(NOBODY), ("zone_id", "not_found")),
        ("zone_id", json!("DE"), ("zone_id", "format")),
        ("tax_class", json!("food"), ("tax_class", "not_found")),
        ("tax_class", Value::Null, ("tax_class", "required")),
        ("code", json!("19 %"), ("code", "format")),
        ("name", json!(""), ("name", "blank")),
        ("rate_ppm", json!(1_000_001), ("rate_ppm", "too_large")),
        ("rate_ppm", json!(-1), ("rate_ppm", "too_small")),
        ("rate_ppm", json!(0.5), ("rate_ppm", "wrong_type")),
        ("starts_on", json!("2007-02-29"), ("starts_on", "format")),
        ("starts_on", json!("1.1.2007"), ("starts_on", "format")),
        ("starts_on", json!("2007-01-01T00:00:00Z"), ("starts_on", "format")),
        ("ends_on", json!("2006-12-31"), ("ends_on", "too_small")),
        ("applies_to_shipping", json!("yes"), ("applies_to_shipping", "wrong_type")),
        ("treatment", json!("zero"), ("treatment", "excluded")),
        ("treatment", json!("reverse_charge"), ("treatment", "not_allowed")),
        ("rate", json!(19), ("rate", "unknown_field")),
    ] {
        let mut body = vat("DE19", &zone);
        body[field] = value;
        assert_eq!(create(&app, &body).await.expect(422).faults(), [fault], "{body}");
    }
    let mut bad = vat("", &zone);
    (bad["rate_ppm"], bad["treatment"], bad["ends_on"]) = (json!(0), json!("standard"), json!("2000-01-01"));
    assert_eq!(create(&app, &bad).await.expect(422).refused_fields(), ["code", "ends_on", "treatment"]);
    assert!(app.get(PATH).token(&app.admin).send().await.expect(200).items().is_empty());
    let mut most = vat("DE100", &zone);
    most["rate_ppm"] = json!(1_000_000);
    create(&app, &most).await.expect(201);
}

#[tokio::test]
async fn rates_with_one_code_share_no_day_in_a_zone_and_class_r103() {
    let app = spawn().await;
    let zone = zone(&app, "Germany", &["DE"]).await;
    create(&app, &between("DE", &zone, "2007-01-01", Some("2020-06-30"))).await.expect(201);
    create(&app, &between("DE", &zone, "2021-01-01", None)).await.expect(201);
    for (first, last) in [
        ("2006-01-01", Some("2007-01-01")),
        ("2010-01-01", Some("2011-01-01")),
        ("2020-06-30", Some("2020-12-31")),
        ("2020-07-01", Some("2021-01-01")),
        ("2030-01-01", None),
        ("2000-01-01", None),
    ] {
        let refused = create(&app, &between("DE", &zone, first, last)).await.expect(422);
        assert_eq!(refused.faults(), [("starts_on", "excluded")], "{first} to {last:?}");
    }
    create(&app, &between("DE", &zone, "2020-07-01", Some("2020-12-31"))).await.expect(201);
    create(&app, &between("DE", &zone, "2006-12-31", Some("2006-12-31"))).await.expect(201);
    create(&app, &vat("OTHER", &zone)).await.expect(201);
}

#[tokio::test]
async fn equally_specific_zones_have_no_rates_for_a_class_on_one_day_r103() {
    let app = spawn().await;
    let de = zone(&app, "Germany", &["DE", "LU"]).await;
    let eu = zone(&app, "Europe", &["FR", "DE"]).await;
    let world = zone(&app, "World", &["*"]).await;
    let at = zone(&app, "Austria", &["AT"]).await;
    create(&app, &between("DE19", &de, "2007-01-01", Some("2030-12-31"))).await.expect(201);
    let refused = create(&app, &vat("EU", &eu)).await.expect(422);
    assert_eq!(refused.faults(), [("zone_id", "excluded")]);
    let message = refused.text("/errors/0/message");
    assert!(message.contains("Germany") && message.contains("DE19") && message.contains("standard"), "{message}");
    create(&app, &vat("W", &world)).await.expect(201);
    create(&app, &vat("AT20", &at)).await.expect(201);
    let later = create(&app, &between("EU", &eu, "2031-01-01", None)).await.expect(201);

    // Neither lasts longer into the other, nor does a zone get an area of the other.
    let rates = app.get(&format!("{PATH}?zone_id={de}")).token(&app.admin).send().await.expect(200);
    let path = format!("{PATH}/{}", rates.text("/items/0/id"));
    let longer = app.patch(&path).token(&app.admin).json(&json!({ "ends_on": "2031-01-01" })).send().await.expect(422);
    assert_eq!(longer.faults(), [("ends_on", "excluded")]);
    let grown = json!({ "members": [{ "country": "DE" }, { "country": "AT" }] });
    let path_of_zone = format!("/api/v1/zones/{de}");
    let refused = app.patch(&path_of_zone).token(&app.admin).json(&grown).send().await.expect(422);
    assert_eq!(refused.faults(), [("members", "excluded")]);
    let message = refused.text("/errors/0/message");
    assert!(message.contains("Austria") && message.contains("AT20"), "{message}");
    let closer = json!({ "members": [{ "country": "DE" }, { "country": "AT", "postal_prefix": "6" }] });
    app.patch(&path_of_zone).token(&app.admin).json(&closer).send().await.expect(200);
    app.delete(later.header("location").unwrap()).token(&app.admin).send().await.expect(204);
    app.patch(&path).token(&app.admin).json(&json!({ "ends_on": "2031-01-01" })).send().await.expect(200);
}

#[tokio::test]
async fn only_the_last_day_of_a_tax_rate_changes_and_only_in_the_future_r103() {
    let app = spawn().await;
    let zone = zone(&app, "Germany", &["DE"]).await;
    let made = create(&app, &vat("DE19", &zone)).await.expect(201);
    let path = made.header("location").unwrap().to_owned();
    let change = |tag: &str, body: Value| app.patch(&path).token(&app.admin).header("if-match", tag).json(&body).send();
    let ended = change(made.etag(), json!({ "ends_on": "9999-12-31" })).await.expect(200);
    assert_eq!((ended.text("/ends_on"), ended.number("/version")), ("9999-12-31", 2));
    assert_eq!(change(made.etag(), json!({ "ends_on": "2999-12-31" })).await.expect(412).kind(), "stale-version");
    assert_eq!(change("*", json!({})).await.expect(200).etag(), ended.etag());
    for (body, fault) in [
        (json!({ "ends_on": "2020-01-01" }), ("ends_on", "too_small")),
        (json!({ "ends_on": null }), ("ends_on", "required")),
        (json!({ "rate_ppm": 160_000 }), ("rate_ppm", "unknown_field")),
        (json!({ "name": "VAT" }), ("name", "unknown_field")),
    ] {
        assert_eq!(change("*", body.clone()).await.expect(422).faults(), [fault], "{body}");
    }
    let over = create(&app, &between("OLD", &zone, "2000-01-01", Some("2006-12-31"))).await.expect(201);
    let longer = json!({ "ends_on": "2999-12-31" });
    let refused = app.patch(over.header("location").unwrap()).token(&app.admin).json(&longer).send().await.expect(422);
    assert_eq!(refused.faults(), [("ends_on", "not_allowed")]);
}

#[tokio::test]
async fn a_tax_rate_is_deleted_only_before_its_first_day_r103() {
    let app = spawn().await;
    let zone = zone(&app, "Germany", &["DE"]).await;
    let held = create(&app, &vat("DE19", &zone)).await.expect(201);
    let refused = app.delete(held.header("location").unwrap()).token(&app.admin).send().await.expect(409);
    assert_eq!(refused.kind(), "tax-rate-held");
    assert!(refused.text("/detail").contains("2007-01-01"), "{}", refused.text("/detail"));
    let coming = create(&app, &between("DE20", &zone, "9999-01-01", None)).await.expect(201);
    let path = coming.header("location").unwrap();
    app.delete(path).token(&app.admin).header("if-match", "\"7\"").send().await.expect(412);
    app.delete(path).token(&app.admin).header("if-match", coming.etag()).send().await.expect(204);
    assert_eq!(app.get(path).token(&app.admin).send().await.expect(404).kind(), "not-found");
}

#[tokio::test]
async fn a_zone_and_a_tax_class_that_have_a_tax_rate_stay_r101_r103() {
    let app = spawn().await;
    let zone = zone(&app, "Germany", &["DE"]).await;
    let class = json!({ "code": "food", "name": "Food" });
    let class = app.post("/api/v1/tax-classes").token(&app.admin).json(&class).send().await.expect(201);
    let mut body = between("DE7", &zone, "9999-01-01", None);
    body["tax_class"] = json!("food");
    let made = create(&app, &body).await.expect(201);
    let zone = format!("/api/v1/zones/{zone}");
    for (path, what) in [(zone.as_str(), "zone"), (class.header("location").unwrap(), "tax class")] {
        let refused = app.delete(path).token(&app.admin).send().await.expect(409);
        let detail = format!("The {what} is in use by tax rates: DE7.");
        assert_eq!((refused.kind(), refused.text("/detail")), ("in-use", detail.as_str()));
    }
    app.delete(made.header("location").unwrap()).token(&app.admin).send().await.expect(204);
    app.delete(&zone).token(&app.admin).send().await.expect(204);
    app.delete(class.header("location").unwrap()).token(&app.admin).send().await.expect(204);
}

#[tokio::test]
async fn tax_rates_are_listed_page_by_page_and_by_zone_class_and_day_r103() {
    let app = spawn().await;
    let (de, fr) = (zone(&app, "Germany", &["DE"]).await, zone(&app, "France", &["FR"]).await);
    create(&app, &between("DE16", &de, "2020-07-01", Some("2020-12-31"))).await.expect(201);
    create(&app, &between("DE19", &de, "2021-01-01", None)).await.expect(201);
    create(&app, &between("FR20", &fr, "2014-01-01", None)).await.expect(201);
    let codes = async |query: &str| {
        let page = app.get(&format!("{PATH}?{query}")).token(&app.admin).send().await.expect(200);
        let codes: Vec<_> = page.items().iter().map(|one| one["code"].as_str().unwrap().to_owned()).collect();
        (codes, page.at("/next_cursor").as_str().map(ToOwned::to_owned))
    };
    let (first, next) = codes("limit=2").await;
    assert_eq!(first, ["DE16", "DE19"]);
    assert_eq!(codes(&format!("limit=2&cursor={}", next.unwrap())).await, (vec!["FR20".to_owned()], None));
    assert_eq!(codes(&format!("zone_id={de}")).await.0, ["DE16", "DE19"]);
    assert_eq!(codes("holds_on=2020-12-31&tax_class=standard").await.0, ["DE16", "FR20"]);
    assert_eq!(codes("tax_class=food").await.0, [""; 0]);
    let refused =
        app.get(&format!("{PATH}?holds_on=today&zone_id=y&code=z")).token(&app.admin).send().await.expect(400);
    assert_eq!(refused.refused_fields(), ["code", "holds_on", "zone_id"]);
}

#[tokio::test]
async fn changes_of_tax_rates_are_in_the_audit_log_r103() {
    let app = spawn().await;
    let zone = zone(&app, "Germany", &["DE"]).await;
    let made = create(&app, &between("DE20", &zone, "9000-01-01", None)).await.expect(201);
    let path = made.header("location").unwrap();
    app.patch(path).token(&app.admin).json(&json!({ "ends_on": "9000-12-31" })).send().await.expect(200);
    app.delete(path).token(&app.admin).send().await.expect(204);
    let log = app.get("/api/v1/audit?resource=tax_rate").token(&app.admin).send().await.expect(200);
    let [deleted, changed, created] = log.items() else { panic!("{log:?}") };
    assert_eq!((&deleted["action"], &deleted["after"]), (&json!("tax_rates.delete"), &json!({})));
    assert_eq!(changed["before"], json!({ "ends_on": null }));
    assert_eq!(changed["after"], json!({ "ends_on": "9000-12-31" }));
    assert_eq!(
        (&created["after"]["rate_ppm"], &created["after"]["starts_on"]),
        (&json!("190000"), &json!("9000-01-01"))
    );
}
