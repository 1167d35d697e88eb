use serde_json::{Value, json};
use testkit::{App, Reply, spawn};

const NOBODY: &str = "01890000-0000-7000-8000-000000000000";

async fn create(app: &App, body: &Value) -> Reply {
    app.post("/api/v1/promotions").token(&app.admin).json(body).send().await
}

async fn change(app: &App, path: &str, tag: &str, body: &Value) -> Reply {
    app.patch(path).token(&app.admin).header("if-match", tag).json(body).send().await
}

async fn post(app: &App, path: &str, body: &Value) -> Reply {
    app.post(path).token(&app.admin).json(body).send().await
}

async fn get(app: &App, path: &str) -> Reply {
    app.get(path).token(&app.admin).send().await
}

fn summer() -> Value {
    json!({ "name": "Summer", "class": "line", "action": { "percent_ppm": 200_000 } })
}

/// A promotion that needs a code; its path.
async fn with_codes(app: &App) -> String {
    let mut body = summer();
    body["code_needed"] = json!(true);
    format!("/api/v1/promotions/{}", create(app, &body).await.expect(201).text("/id"))
}

fn usd(amount: i64) -> Value {
    json!({ "amount": amount, "currency": "USD" })
}

#[tokio::test]
async fn a_promotion_is_created_once_and_can_be_read_at_its_location_r104() {
    let app = spawn().await;
    let (mug, cup) = (app.product("Mug", 1000, 1).await, app.product("Cup", 1000, 1).await);
    let mut sorted = [mug.clone(), cup.clone()];
    sorted.sort();
    let body = json!({
        "name": " Summer sale ",
        "class": "order",
        "action": { "buy_get": { "buy": 2, "get": 1, "percent_ppm": 1_000_000 }, "amount": null },
        "conditions": { "min_subtotal": usd(5000), "products": [cup, mug], "countries": ["DE", "AT"], "first_order": true },
        "targets": { "products": [mug] },
        "combines": ["shipping", "line"],
        "priority": -3,
        "starts_at": "2030-01-31T14:00:00.1234567+02:00",
        "ends_at": "2030-02-28T00:00:00Z",
        "usage_limit": 100,
    });
    let post = || app.post("/api/v1/promotions").token(&app.admin).key("summer").json(&body).send();
    let made = post().await.expect(201);
    let path = format!("/api/v1/promotions/{}", made.text("/id"));
    assert_eq!(made.header("location").unwrap(), path);
    let action = json!({
        "buy_get": { "buy": 2, "get": 1, "percent_ppm": 1_000_000, "max_times": null },
    });
    let conditions = json!({
        "min_subtotal": usd(5000),
        "min_quantity": null,
        "products": sorted,
        "countries": ["AT", "DE"],
        "first_order": true,
    });
    for (field, expected) in [
        ("name", json!("Summer sale")),
        ("status", json!("draft")),
        ("class", json!("order")),
        ("action", action),
        ("conditions", conditions),
        ("targets", json!({ "products": [mug] })),
        ("combines", json!(["line", "shipping"])),
        ("code_needed", json!(false)),
        ("priority", json!(-3)),
        ("starts_at", json!("2030-01-31T12:00:00.123456Z")),
        ("ends_at", json!("2030-02-28T00:00:00Z")),
        ("usage_limit", json!(100)),
        ("per_customer_limit", json!(1)),
        ("used", json!(0)),
        ("version", json!(1)),
    ] {
        assert_eq!(made.body[field], expected, "{field}");
    }
    let again = post().await.expect(201);
    assert!(again.is_replayed() && again.body == made.body);
    let read = get(&app, &path).await.expect(200);
    assert_eq!((&read.body, read.etag()), (&made.body, made.etag()));
    // What is read can be written again, and changes nothing.
    let mut same = read.body.clone();
    for read_only in ["id", "status", "used", "created_at", "updated_at", "version"] {
        same.as_object_mut().unwrap().remove(read_only);
    }
    assert_eq!(change(&app, &path, read.etag(), &same).await.expect(200).etag(), read.etag());
    get(&app, &format!("/api/v1/promotions/{NOBODY}")).await.expect(404);
}

#[tokio::test]
async fn a_promotion_has_one_of_four_actions_r104() {
    let app = spawn().await;
    for (class, action) in [
        ("line", json!({ "percent_ppm": 1 })),
        ("order", json!({ "amount": usd(500) })),
        ("shipping", json!({ "percent_ppm": 1_000_000 })),
        ("line", json!({ "amount_each": usd(1) })),
        ("order", json!({ "buy_get": { "buy": 1, "get": 1, "percent_ppm": 500_000, "max_times": 2 } })),
    ] {
        let made = create(&app, &json!({ "name": "Any", "class": class, "action": action })).await.expect(201);
        let (name, value) = action.as_object().unwrap().iter().next().unwrap();
        let shown = made.at("/action").as_object().unwrap();
        assert_eq!(shown[name], *value);
        assert_eq!(shown.values().filter(|value| !value.is_null()).count(), 1);
        let start = made.text("/starts_at").to_owned();
        assert_eq!((made.text("/created_at"), made.at("/ends_at")), (start.as_str(), &Value::Null));
    }
}

#[tokio::test]
async fn every_bad_field_of_a_promotion_is_named_with_what_is_allowed_r104() {
    let app = spawn().await;
    let mug = app.product("Mug", 1000, 1).await;
    let action = |action: Value| ("action", action);
    let condition = |condition: Value| ("conditions", condition);
    let group = |group: Value| action(json!({ "buy_get": group }));
    let ids: Vec<_> = (0..501).map(|n| format!("01890000-0000-7000-8000-{n:012}")).collect();
    for ((field, value), fault) in [
        (("name", json!("")), ("name", "blank")),
        (("name", json!("n".repeat(201))), ("name", "too_long")),
        (("class", json!("lines")), ("class", "not_allowed")),
        (action(json!({})), ("action", "required")),
        (action(json!({ "percent_ppm": null })), ("action", "required")),
        (action(json!({ "percent_ppm": 1, "amount": usd(1) })), ("action", "excluded")),
        (action(json!({ "percent_ppm": 0 })), ("action.percent_ppm", "too_small")),
        (action(json!({ "percent_ppm": 1_000_001 })), ("action.percent_ppm", "too_large")),
        (action(json!({ "percent_ppm": 0.5 })), ("action.percent_ppm", "wrong_type")),
        (action(json!({ "amount": usd(-1) })), ("action.amount.amount", "too_small")),
        (action(json!({ "amount": usd(0) })), ("action", "too_small")),
        (action(json!({ "amount": { "amount": 1, "currency": "EUR" } })), ("action.amount.currency", "currency")),
        (action(json!({ "percent_ppm": 1, "points": 3 })), ("action.points", "unknown_field")),
        (group(json!({ "get": 1, "percent_ppm": 1 })), ("action.buy_get.buy", "required")),
        (group(json!({ "buy": 0, "get": 1, "percent_ppm": 1 })), ("action.buy_get.buy", "too_small")),
        (group(json!({ "buy": 1, "get": 0, "percent_ppm": 1 })), ("action.buy_get.get", "too_small")),
        (
            group(json!({ "buy": 1, "get": 1, "percent_ppm": 1, "max_times": 0 })),
            ("action.buy_get.max_times", "too_small"),
        ),
        (condition(json!({ "min_quantity": 0 })), ("conditions.min_quantity", "too_small")),
        (condition(json!({ "min_subtotal": 5 })), ("conditions.min_subtotal", "wrong_type")),
        (condition(json!({ "products": [mug, mug.to_uppercase()] })), ("conditions.products[1]", "repeated")),
        (condition(json!({ "products": [mug, "mug"] })), ("conditions.products[1]", "format")),
        (condition(json!({ "products": ids })), ("conditions.products", "too_long")),
        (condition(json!({ "products": [mug, NOBODY] })), ("conditions.products", "not_found")),
        (condition(json!({ "countries": ["DE", "EU"] })), ("conditions.countries[1]", "not_allowed")),
        (condition(json!({ "countries": ["DE", "DE"] })), ("conditions.countries[1]", "repeated")),
        (condition(json!({ "weather": "sunny" })), ("conditions.weather", "unknown_field")),
        (("targets", json!({ "products": [NOBODY] })), ("targets.products", "not_found")),
        (("targets", json!([mug])), ("targets", "wrong_type")),
        (("combines", json!(["line", "line"])), ("combines[1]", "repeated")),
        (("combines", json!("line,order")), ("combines", "wrong_type")),
        (("code_needed", json!("yes")), ("code_needed", "wrong_type")),
        (("priority", json!(1_000_001)), ("priority", "too_large")),
        (("starts_at", json!("tomorrow")), ("starts_at", "format")),
        (("ends_at", json!("2020-01-01T00:00:00Z")), ("ends_at", "too_small")),
        (("usage_limit", json!(0)), ("usage_limit", "too_small")),
        (("per_customer_limit", json!(-1)), ("per_customer_limit", "too_small")),
        (("status", json!("active")), ("status", "unknown_field")),
    ] {
        let mut body = summer();
        body[field] = value;
        let refused = create(&app, &body).await.expect(422);
        assert_eq!(refused.faults(), [fault], "{body}");
    }
    let two = json!({ "first_order": true });
    let body = json!({ "name": "x", "class": "shipping", "action": { "amount_each": usd(1) }, "conditions": two,
        "per_customer_limit": 2 });
    let refused = create(&app, &body).await.expect(422);
    assert_eq!(refused.faults(), [("action", "not_allowed"), ("per_customer_limit", "not_allowed")]);
    assert_eq!(create(&app, &json!({})).await.expect(422).refused_fields(), ["action", "class", "name"]);
    assert!(get(&app, "/api/v1/promotions").await.expect(200).items().is_empty());
}

#[tokio::test]
async fn a_promotion_is_changed_field_by_field_at_the_version_that_the_caller_saw_r104() {
    let app = spawn().await;
    let mut body = summer();
    body["conditions"] = json!({ "min_quantity": 3, "countries": ["DE"] });
    body["usage_limit"] = json!(5);
    let made = create(&app, &body).await.expect(201);
    let path = format!("/api/v1/promotions/{}", made.text("/id"));
    let new = json!({
        "conditions": { "min_subtotal": usd(100), "countries": null },
        "action": { "amount": usd(300) },
        "usage_limit": null,
    });
    let changed = change(&app, &path, made.etag(), &new).await.expect(200);
    assert_eq!((changed.number("/version"), changed.number("/conditions/min_quantity")), (2, 3));
    assert_eq!((changed.at("/conditions/countries"), changed.at("/usage_limit")), (&json!([]), &Value::Null));
    assert_eq!((changed.at("/action/percent_ppm"), changed.at("/action/amount")), (&Value::Null, &usd(300)));
    assert_eq!(change(&app, &path, made.etag(), &json!({ "name": "x" })).await.expect(412).kind(), "stale-version");
    let nulls = json!({ "name": null, "action": null, "conditions": null, "starts_at": null });
    let refused = change(&app, &path, "*", &nulls).await.expect(422);
    assert_eq!(refused.refused_fields(), ["action", "conditions", "name", "starts_at"]);
    let early = json!({ "ends_at": "2020-01-01T00:00:00Z" });
    assert_eq!(change(&app, &path, "*", &early).await.expect(422).faults(), [("ends_at", "too_small")]);
    change(&app, &format!("/api/v1/promotions/{NOBODY}"), "*", &json!({})).await.expect(404);
}

#[tokio::test]
async fn the_rules_of_a_promotion_are_fixed_once_it_is_active_r104_r106() {
    let app = spawn().await;
    let mut body = summer();
    body["usage_limit"] = json!(5);
    let made = create(&app, &body).await.expect(201);
    let path = format!("/api/v1/promotions/{}", made.text("/id"));
    let step = async |verb: &str| post(&app, &format!("{path}/{verb}"), &json!({})).await;
    let refused = step("pause").await.expect(409);
    assert_eq!(refused.kind(), "promotion-step-not-allowed");
    assert_eq!(refused.text("/detail"), "The promotion is draft. Allowed next: active, archived.");
    let active = step("activate").await.expect(200);
    assert_eq!((active.text("/status"), active.number("/version")), ("active", 2));
    step("activate").await.expect(409);
    let free = json!({ "name": "Late summer", "priority": 7, "ends_at": "2090-01-01T00:00:00Z", "usage_limit": 3 });
    let changed = change(&app, &path, active.etag(), &free).await.expect(200);
    assert_eq!((changed.text("/name"), changed.number("/usage_limit")), ("Late summer", 3));
    let fixed = json!({ "class": "order", "usage_limit": null, "per_customer_limit": 2, "name": "x" });
    let refused = change(&app, &path, "*", &fixed).await.expect(409);
    assert_eq!(refused.kind(), "promotion-not-changeable");
    let fields = ["class", "per_customer_limit", "usage_limit"];
    assert_eq!(refused.faults(), fields.map(|field| (field, "not_allowed")));
    assert_eq!(step("pause").await.expect(200).text("/status"), "paused");
    assert_eq!(step("archive").await.expect(200).text("/status"), "archived");
    let refused = change(&app, &path, "*", &json!({ "name": "x" })).await.expect(409);
    assert_eq!(refused.faults(), [("name", "not_allowed")]);
    assert!(step("activate").await.expect(409).text("/detail").ends_with("Allowed next: nothing."));
    post(&app, &format!("/api/v1/promotions/{NOBODY}/pause"), &json!({})).await.expect(404);
}

#[tokio::test]
async fn a_step_with_an_idempotency_key_is_taken_once_r104() {
    let app = spawn().await;
    let path = with_codes(&app).await;
    let activate = || app.post(&format!("{path}/activate")).token(&app.admin).key("go").json(&json!({})).send();
    let first = activate().await.expect(200);
    post(&app, &format!("{path}/pause"), &json!({})).await.expect(200);
    let again = activate().await.expect(200);
    assert!(again.is_replayed() && again.body == first.body);
    assert_eq!(get(&app, &path).await.expect(200).text("/status"), "paused");
}

#[tokio::test]
async fn promotions_are_listed_page_by_page_by_status_and_found_by_name_r104() {
    let app = spawn().await;
    for name in ["Summer sale", "Winter sale", "Late summer"] {
        let mut body = summer();
        body["name"] = json!(name);
        let made = create(&app, &body).await.expect(201);
        if name == "Winter sale" {
            post(&app, &format!("/api/v1/promotions/{}/activate", made.text("/id")), &json!({})).await.expect(200);
        }
    }
    let names = async |query: &str| {
        let page = get(&app, &format!("/api/v1/promotions?{query}")).await.expect(200);
        let names: Vec<_> = page.items().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect();
        (names, page.at("/next_cursor").as_str().map(ToOwned::to_owned))
    };
    let (newest, next) = names("limit=2").await;
    assert_eq!(newest, ["Late summer", "Winter sale"]);
    let (rest, end) = names(&format!("limit=2&cursor={}", next.unwrap())).await;
    assert_eq!((rest, end), (vec!["Summer sale".to_owned()], None));
    assert_eq!(names("status=active").await.0, ["Winter sale"]);
    assert_eq!(names("q=sum&status=draft").await.0, ["Late summer", "Summer sale"]);
    assert_eq!(names("q=sum&status=active").await.0, [""; 0]);
    let refused = get(&app, "/api/v1/promotions?status=gone&limit=0").await.expect(400);
    assert_eq!(refused.refused_fields(), ["limit", "status"]);
}

#[tokio::test]
async fn codes_are_added_all_or_none_listed_and_deleted_r105() {
    let app = spawn().await;
    let path = with_codes(&app).await;
    let codes = format!("{path}/codes");
    let ann = app.customer("ann").await.id;
    let body = json!({ "codes": [
        { "code": " Summer/26+ä " },
        { "code": "HERS", "usage_limit": 2, "customer_id": ann },
        { "code": "ａll", "usage_limit": null },
    ] });
    let add = || app.post(&codes).token(&app.admin).key("codes").json(&body).send();
    let added = add().await.expect(201);
    assert_eq!(added.header("location"), Some(codes.as_str()));
    let shown: Vec<_> = added.at("/codes").as_array().unwrap().iter().map(|one| &one["code"]).collect();
    assert_eq!(shown, ["Summer/26+ä", "HERS", "ａll"]);
    assert!(add().await.expect(201).is_replayed());
    let page = get(&app, &format!("{codes}?limit=2")).await.expect(200);
    let listed: Vec<_> = page.items().iter().map(|one| (&one["code"], &one["usage_limit"], &one["used"])).collect();
    // In the order of what is compared: ALL, HERS.
    assert_eq!(listed, [(&json!("ａll"), &Value::Null, &json!(0)), (&json!("HERS"), &json!(2), &json!(0))]);
    assert_eq!(page.items()[1]["customer_id"], json!(ann));
    let last = get(&app, &format!("{codes}?limit=2&cursor={}", page.text("/next_cursor"))).await.expect(200);
    assert_eq!(last.items()[0]["code"], "Summer/26+ä");

    let other = with_codes(&app).await;
    let again = json!({ "codes": [{ "code": "new" }, { "code": "all" }, { "code": "hers" }] });
    let refused = post(&app, &format!("{other}/codes"), &again).await.expect(409);
    let taken = vec![("codes[1].code", "duplicate"), ("codes[2].code", "duplicate")];
    assert_eq!((refused.kind(), refused.faults()), ("duplicate", taken));
    assert!(get(&app, &format!("{other}/codes")).await.expect(200).items().is_empty());

    let delete = async |path: String| app.delete(&path).token(&app.admin).send().await;
    delete(format!("{other}/codes/all")).await.expect(404);
    delete(format!("{codes}/summer%2F26%2B%C3%A4")).await.expect(204);
    delete(format!("{codes}/%EF%BD%81ll")).await.expect(204);
    delete(format!("{codes}/ALL")).await.expect(404);
    delete(format!("{codes}/%E2%80%8B")).await.expect(400);
    delete(format!("/api/v1/promotions/{NOBODY}/codes/HERS")).await.expect(404);
    let left = get(&app, &codes).await.expect(200);
    assert_eq!(left.items().iter().map(|one| &one["code"]).collect::<Vec<_>>(), ["HERS"]);
    post(&app, &format!("{other}/codes"), &json!({ "codes": [{ "code": "all" }] })).await.expect(201);
    get(&app, &format!("/api/v1/promotions/{NOBODY}/codes")).await.expect(404);
}

#[tokio::test]
async fn every_bad_code_is_named_with_what_is_allowed_r105() {
    let app = spawn().await;
    let codes = format!("{}/codes", with_codes(&app).await);
    let many: Vec<_> = (0..1001).map(|n| json!({ "code": format!("C{n}") })).collect();
    let one = |code: Value| json!([{ "code": "fine" }, code]);
    for (list, fault) in [
        (json!([]), ("codes", "too_short")),
        (json!(many), ("codes", "too_long")),
        (json!("A"), ("codes", "wrong_type")),
        (one(json!("A")), ("codes[1]", "wrong_type")),
        (one(json!({})), ("codes[1].code", "required")),
        (one(json!({ "code": " " })), ("codes[1].code", "blank")),
        (one(json!({ "code": "\u{200b}\u{2060}" })), ("codes[1].code", "blank")),
        (one(json!({ "code": "\u{2800}\u{ad}" })), ("codes[1].code", "blank")),
        (one(json!({ "code": "c".repeat(65) })), ("codes[1].code", "too_long")),
        (one(json!({ "code": "ﷺ".repeat(4) })), ("codes[1].code", "too_long")),
        (one(json!({ "code": "a\nb" })), ("codes[1].code", "format")),
        (one(json!({ "code": " FI\u{200b}NE" })), ("codes[1].code", "repeated")),
        (one(json!({ "code": "A", "usage_limit": 0 })), ("codes[1].usage_limit", "too_small")),
        (one(json!({ "code": "A", "customer_id": NOBODY })), ("codes[1].customer_id", "not_found")),
        (one(json!({ "code": "A", "customer_id": "ann" })), ("codes[1].customer_id", "format")),
        (one(json!({ "code": "A", "used": 1 })), ("codes[1].used", "unknown_field")),
    ] {
        let refused = post(&app, &codes, &json!({ "codes": list })).await.expect(422);
        assert_eq!(refused.faults(), [fault], "{list}");
    }
    assert!(get(&app, &codes).await.expect(200).items().is_empty());
    post(&app, &codes, &json!({ "codes": many[..1000] })).await.expect(201);
}

#[tokio::test]
async fn a_promotion_without_codes_or_archived_takes_no_codes_r105() {
    let app = spawn().await;
    let automatic = create(&app, &summer()).await.expect(201);
    let codes = format!("/api/v1/promotions/{}/codes", automatic.text("/id"));
    let body = json!({ "codes": [{ "code": "A" }] });
    let refused = post(&app, &codes, &body).await.expect(409);
    assert_eq!((refused.kind(), refused.faults()), ("promotion-not-changeable", vec![("codes", "not_allowed")]));
    let path = with_codes(&app).await;
    post(&app, &format!("{path}/codes"), &body).await.expect(201);
    post(&app, &format!("{path}/archive"), &json!({})).await.expect(200);
    let more = json!({ "codes": [{ "code": "B" }] });
    let refused = post(&app, &format!("{path}/codes"), &more).await.expect(409);
    assert_eq!(refused.faults(), [("codes", "not_allowed")]);
    app.delete(&format!("{path}/codes/a")).token(&app.admin).send().await.expect(204);
}

#[tokio::test]
async fn changes_of_promotions_are_in_the_audit_log_r104_r105() {
    let app = spawn().await;
    let path = with_codes(&app).await;
    change(&app, &path, "*", &json!({ "conditions": { "countries": ["DE"] }, "priority": 5 })).await.expect(200);
    post(&app, &format!("{path}/codes"), &json!({ "codes": [{ "code": "a" }, { "code": "B" }] })).await.expect(201);
    post(&app, &format!("{path}/activate"), &json!({})).await.expect(200);
    app.delete(&format!("{path}/codes/A")).token(&app.admin).send().await.expect(204);
    let log = get(&app, "/api/v1/audit?resource=promotion").await.expect(200);
    let entries: Vec<_> = log.items().iter().map(|one| (&one["action"], &one["before"], &one["after"])).collect();
    let expected = [
        (json!("promotions.remove_code"), json!({ "codes": "a" }), json!({})),
        (json!("promotions.step"), json!({ "status": "draft" }), json!({ "status": "active" })),
        (json!("promotions.add_codes"), json!({}), json!({ "codes": "a, B" })),
        (
            json!("promotions.update"),
            json!({ "conditions.countries": null, "priority": "0" }),
            json!({ "conditions.countries": "DE", "priority": "5" }),
        ),
    ];
    let expected: Vec<_> = expected.iter().map(|(action, before, after)| (action, before, after)).collect();
    assert_eq!(entries[..4], expected);
    assert_eq!(entries[4].2["action"], "200000 ppm");
}
