//! Many products that are changed in one request.

use serde_json::{Value, json};
use testkit::{App, Reply, spawn, usd};

const PATH: &str = "/api/v1/products";

async fn batch(app: &App, items: &Value, mode: &str) -> Reply {
    app.post(&format!("{PATH}/batch")).token(&app.admin).json(&json!({ "items": items, "mode": mode })).send().await
}

/// A product of this SKU that costs so much; its id.
async fn product(app: &App, sku: &str, price: i64) -> String {
    let body = json!({ "name": sku, "sku": sku, "price": usd(price) });
    app.post(PATH).token(&app.admin).json(&body).send().await.expect(201).id()
}

async fn show(app: &App, id: &str) -> Reply {
    app.get(&format!("{PATH}/{id}")).token(&app.admin).send().await.expect(200)
}

async fn price(app: &App, id: &str) -> i64 {
    show(app, id).await.number("/price/amount")
}

/// The statuses of the results.
fn statuses(reply: &Reply) -> Vec<i64> {
    reply.at("/results").as_array().unwrap().iter().map(|result| result["status"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn all_changes_of_a_batch_are_done_as_single_requests_would_r232() {
    let app = spawn().await;
    let (mug, pot, cup) =
        (product(&app, "MUG", 1995).await, product(&app, "POT", 500).await, product(&app, "CUP", 100).await);
    let items = json!([
        { "sku": "POT", "price": { "add": usd(-100) }, "name": "Teapot", "attributes": { "tag": ["sale"] } },
        { "id": mug, "version": 1, "price": { "percent": -10 } },
        { "id": cup, "sku": "CUP-2", "price": usd(7), "status": "archived" },
    ]);
    let done = batch(&app, &items, "all").await.expect(200);
    let expected: Vec<_> = [&pot, &mug, &cup]
        .iter()
        .enumerate()
        .map(|(index, id)| json!({ "index": index, "id": id, "status": 200 }))
        .collect();
    assert_eq!(done.at("/results"), &Value::from(expected));

    let pot = show(&app, &pot).await;
    assert_eq!((pot.text("/name"), pot.number("/price/amount")), ("Teapot", 400));
    assert_eq!(pot.at("/attributes/0/values/0/slug"), "sale");
    assert_eq!(price(&app, &mug).await, 1796, "1795.5 is rounded half up");
    let cup = show(&app, &cup).await;
    assert_eq!((cup.text("/sku"), cup.number("/price/amount"), cup.text("/status")), ("CUP-2", 7, "archived"));
    let audit = app.get("/api/v1/audit?resource=product&limit=100").token(&app.admin).send().await.expect(200);
    let updates = audit.items().iter().filter(|row| row["action"] == "products.update").count();
    assert_eq!(updates, 3, "each has the audit row of a single request");
}

#[tokio::test]
async fn one_refused_change_refuses_all_of_a_batch_and_each_problem_is_told_r232() {
    let app = spawn().await;
    let (mug, pot) = (product(&app, "MUG", 1000).await, product(&app, "POT", 500).await);
    let items = json!([
        { "id": mug, "price": { "percent": 50 } },
        { "sku": "GONE", "status": "draft" },
        { "id": pot, "version": 7, "name": "Teapot" },
        { "sku": "MUG", "name": "Mug again" },
    ]);
    let refused = batch(&app, &items, "all").await.expect(422);
    assert_eq!((refused.kind(), statuses(&refused)), ("batch-refused", vec![200, 404, 412, 422]));
    assert_eq!(refused.at("/results/1/id"), &Value::Null);
    assert_eq!(refused.text("/results/2/problem/type"), "/problems/stale-version");
    assert_eq!(refused.text("/results/3/problem/errors/0/code"), "repeated");
    assert_eq!(refused.text("/results/3/problem/errors/0/field"), "sku");
    assert_eq!(price(&app, &mug).await, 1000, "nothing was changed");

    for (item, status, field) in [
        (json!({ "id": pot, "price": { "add": usd(-501) } }), 422, "price"),
        (json!({ "id": pot, "tax_class": "unheard" }), 422, "tax_class"),
        (json!({ "id": pot, "attributes": { "unheard": 1 } }), 422, "attributes.unheard"),
        (json!({ "id": pot, "sku": "MUG" }), 409, "sku"),
    ] {
        let refused = batch(&app, &json!([item]), "all").await.expect(422);
        assert_eq!((statuses(&refused), refused.text("/results/0/problem/errors/0/field")), (vec![status], field));
    }
    assert_eq!(show(&app, &pot).await.number("/version"), 1);
}

#[tokio::test]
async fn each_change_of_a_batch_is_on_its_own_if_it_is_wanted_so_r232() {
    let app = spawn().await;
    let mug = product(&app, "MUG", 1000).await;
    let items = json!([{ "sku": "GONE", "status": "draft" }, { "sku": "MUG", "price": { "percent": 10 } }]);
    let body = json!({ "items": items, "mode": "each" });
    let send = async |key: &str, body: &Value| {
        app.post(&format!("{PATH}/batch")).token(&app.admin).key(key).json(body).send().await
    };
    let done = send("dearer", &body).await.expect(200);
    assert_eq!((statuses(&done), done.at("/results/1/id")), (vec![404, 200], &json!(mug)));
    assert_eq!(price(&app, &mug).await, 1100);
    assert_eq!(send("dearer", &body).await.expect(200).body, done.body);
    assert_eq!(price(&app, &mug).await, 1100, "what is sent again is done once");
    let other = json!({ "items": [{ "sku": "MUG" }, { "sku": "MUG", "name": "Cup" }], "mode": "each" });
    assert_eq!(send("dearer", &other).await.expect(422).kind(), "idempotency-key-reused");
    assert_eq!(send(&"k".repeat(254), &body).await.expect(400).kind(), "bad-header");
}

#[tokio::test]
async fn a_batch_that_is_not_well_formed_is_refused_whole_r232() {
    let app = spawn().await;
    let mug = product(&app, "MUG", 1000).await;
    let wrong = "must have either an amount and its currency, or a percent, or what to add";
    for (items, field, code) in [
        (json!([]), "items", "too_short"),
        (json!([{ "name": "Mug" }]), "items[0].id", "required"),
        (json!([{ "id": mug, "sku": "M" }, { "sku": null }]), "items[1].id", "required"),
        (json!([{ "id": mug, "price": { "percent": -100 } }]), "items[0].price.percent", "too_small"),
        (json!([{ "id": mug, "price": { "percent": 901 } }]), "items[0].price.percent", "too_large"),
        (json!([{ "id": mug, "price": { "percent": 1.5 } }]), "items[0].price.percent", "wrong_type"),
        (json!([{ "id": mug, "price": { "percent": 1, "add": usd(1) } }]), "items[0].price", "excluded"),
        (json!([{ "id": mug, "price": { "amount": 5 } }]), "items[0].price", "excluded"),
        (json!([{ "id": mug, "price": { "add": { "amount": 1 } } }]), "items[0].price.add.currency", "required"),
        (json!([{ "id": mug, "colour": "blue" }]), "items[0].colour", "unknown_field"),
    ] {
        for mode in ["all", "each"] {
            let refused = batch(&app, &items, mode).await.expect(422);
            assert_eq!(refused.faults(), [(field, code)], "{items}");
            if code == "excluded" {
                assert_eq!(refused.text("/errors/0/message"), wrong);
            }
        }
    }
    let many: Vec<_> = (0..501).map(|n| json!({ "sku": format!("S-{n}") })).collect();
    assert_eq!(batch(&app, &json!(many), "each").await.expect(422).faults(), [("items", "too_long")]);
    assert_eq!(batch(&app, &json!([{ "id": mug }]), "some").await.expect(422).faults(), [("mode", "not_allowed")]);
    assert_eq!(show(&app, &mug).await.number("/version"), 1);
}

/// Waits, 30 seconds at most, until an import is in a status.
async fn becomes(app: &App, id: &str, status: &str) -> Reply {
    let path = format!("/api/v1/imports/{id}");
    for _ in 0..300 {
        let reply = app.get(&path).token(&app.admin).send().await.expect(200);
        if reply.at("/status") == status {
            return reply;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("it is never {status}");
}

async fn select(app: &App, select: &Value, change: &Value) -> Reply {
    let body = json!({ "select": select, "change": change });
    app.post(&format!("{PATH}/batch")).token(&app.admin).json(&body).send().await
}

async fn begin(app: &App, id: &str, body: &Value) -> Reply {
    app.post(&format!("/api/v1/imports/{id}/start")).token(&app.admin).json(body).send().await
}

async fn file(app: &App, path: &str) -> String {
    testkit::http().get(app.url(path)).bearer_auth(&app.admin).send().await.unwrap().text().await.unwrap()
}

#[tokio::test]
async fn one_change_of_what_a_filter_finds_is_checked_done_and_undone_r232() {
    let app = spawn().await;
    let (mug, pot) = (product(&app, "MUG", 1995).await, product(&app, "POT", 500).await);
    let lamp = product(&app, "LAMP", 9000).await;
    let change =
        json!({ "price": { "percent": -10 }, "description_html": "<p>Reduced</p>", "attributes": { "tag": ["sale"] } });
    let made = select(&app, &json!({ "max_price": "2000" }), &change).await.expect(202);
    let id = made.id();
    assert_eq!((made.text("/kind"), made.at("/format"), made.number("/rows")), ("bulk", &Value::Null, 2));
    assert_eq!(made.at("/bulk"), &json!({ "select": { "max_price": "2000" }, "change": change }));
    let checked = becomes(&app, &id, "checked").await;
    let counts = ["creates", "updates", "unchanged", "failed", "done"];
    let of = |reply: &Reply| counts.map(|name| reply.number(&format!("/{name}")));
    assert_eq!(of(&checked), [0, 2, 0, 0, 0]);
    assert_eq!(price(&app, &mug).await, 1995, "nothing is changed before it is started");
    let late = product(&app, "LATE", 100).await;
    begin(&app, &id, &json!({})).await.expect(202);
    assert_eq!(of(&becomes(&app, &id, "done").await), [0, 2, 0, 0, 2]);
    for (id, amount) in [(&mug, 1796), (&pot, 450), (&lamp, 9000), (&late, 100)] {
        assert_eq!(price(&app, id).await, amount);
    }
    let pot_now = show(&app, &pot).await;
    assert_eq!((pot_now.text("/description"), pot_now.at("/attributes/0/values/0/slug")), ("Reduced", &json!("sale")));
    let rows = app.get(&format!("/api/v1/imports/{id}/rows?status=done")).token(&app.admin).send().await.expect(200);
    assert_eq!(rows.at("/items/1/data"), &json!({ "id": pot }));
    assert_eq!(rows.text("/items/1/resource_id"), pot);

    let before = file(&app, &format!("/api/v1/imports/{id}/before.csv")).await;
    assert!(before.starts_with("id,description,description_html,price,tag\n"), "{before}");
    let undo = app.post("/api/v1/imports").token(&app.admin).header("content-type", "text/csv");
    let undo = testkit::Call(undo.0.body(before)).send().await.expect(202).id();
    becomes(&app, &undo, "checked").await;
    begin(&app, &undo, &json!({})).await.expect(202);
    becomes(&app, &undo, "done").await;
    let pot_now = show(&app, &pot).await;
    assert_eq!(
        (pot_now.number("/price/amount"), pot_now.at("/description"), pot_now.at("/attributes")),
        (500, &Value::Null, &json!([]))
    );
    for (kind, id) in [("bulk", &id), ("products", &undo)] {
        let listed = app.get(&format!("/api/v1/imports?kind={kind}")).token(&app.admin).send().await.expect(200);
        assert_eq!((listed.items().len(), listed.text("/items/0/id")), (1, id.as_str()));
    }
}

#[tokio::test]
async fn one_change_of_what_words_find_r232_r239() {
    let app = spawn().await;
    let (mug, pot) = (product(&app, "MUG", 1000).await, product(&app, "POT", 1000).await);
    let filter = json!({ "q": "mug", "status": "active" });
    let id = select(&app, &filter, &json!({ "price": { "percent": 50 } })).await.expect(202).id();
    assert_eq!(becomes(&app, &id, "checked").await.number("/rows"), 1);
    begin(&app, &id, &json!({})).await.expect(202);
    becomes(&app, &id, "done").await;
    assert_eq!((price(&app, &mug).await, price(&app, &pot).await), (1500, 1000));
}

#[tokio::test]
async fn a_bulk_change_refuses_single_products_and_changes_the_others_once_r232() {
    let app = spawn().await;
    let (mug, pot) = (product(&app, "MUG", 100).await, product(&app, "POT", 1000).await);
    let id =
        select(&app, &json!({ "status": "active" }), &json!({ "price": { "add": usd(-500) } })).await.expect(202).id();
    let checked = becomes(&app, &id, "checked").await;
    assert_eq!((checked.number("/updates"), checked.number("/failed")), (1, 1));
    let failed = file(&app, &format!("/api/v1/imports/{id}/failed.csv")).await;
    assert_eq!(failed, format!("id\n{mug}\n"));
    assert_eq!(begin(&app, &id, &json!({})).await.expect(409).kind(), "import-step-not-allowed");
    // One of those that were good is gone when they are changed.
    let jug = product(&app, "JUG", 1000).await;
    app.delete(&format!("{PATH}/{mug}")).token(&app.admin).send().await.expect(204);
    begin(&app, &id, &json!({ "skip_failed": true })).await.expect(202);
    let done = becomes(&app, &id, "done").await;
    assert_eq!((done.number("/done"), done.number("/failed")), (1, 1));
    assert_eq!((price(&app, &pot).await, price(&app, &jug).await), (500, 1000));
}

#[tokio::test]
async fn a_bad_selection_or_change_is_refused_and_the_same_key_begins_one_import_r232() {
    let app = spawn().await;
    product(&app, "MUG", 100).await;
    let archive = json!({ "status": "archived" });
    for (filter, change, field) in [
        (json!({}), archive.clone(), "select"),
        (json!({ "q": " " }), archive.clone(), "select.q"),
        (json!({ "q": "x".repeat(201) }), archive.clone(), "select.q"),
        (json!({ "collection": "sale" }), archive.clone(), "select.collection"),
        (json!({ "tag": "nothing" }), archive.clone(), "select.tag"),
        (json!({ "status": "active" }), json!({}), "change"),
        (json!({ "status": "active" }), json!({ "slug": "mug" }), "change.slug"),
        (json!({ "status": "active" }), json!({ "barcode": "4006381333931" }), "change.barcode"),
        (json!({ "status": "active" }), json!({ "sku": "A", "status": "archived" }), "change.sku"),
        (json!({ "status": "active" }), json!({ "tax_class": "none" }), "change.tax_class"),
        (json!({ "status": "active" }), json!({ "attributes": { "colour": "blue" } }), "change.attributes.colour"),
    ] {
        let refused = select(&app, &filter, &change).await.expect(422);
        assert_eq!(refused.faults().first().map(|(field, _)| *field), Some(field), "{filter} {change}");
    }
    let both = json!({ "items": [], "select": { "status": "active" }, "change": archive });
    for body in [both, json!({ "select": { "status": "active" } }), json!({})] {
        app.post(&format!("{PATH}/batch")).token(&app.admin).json(&body).send().await.expect(422);
    }
    let body = json!({ "select": { "status": "active" }, "change": archive });
    let send = async || app.post(&format!("{PATH}/batch")).token(&app.admin).key("bulk-1").json(&body).send().await;
    let (first, again) = (send().await.expect(202), send().await.expect(202));
    assert_eq!((first.id(), again.header("idempotency-replayed")), (again.id(), Some("true")));
    let path = format!("/api/v1/imports/{}", first.id());
    becomes(&app, &first.id(), "checked").await;
    let revise = app.patch(&path).token(&app.admin).json(&json!({ "stock": true })).send().await.expect(409);
    assert_eq!(revise.kind(), "import-step-not-allowed");
    app.patch(&path).token(&app.admin).json(&json!({})).send().await.expect(200);
    becomes(&app, &first.id(), "checked").await;
}

#[tokio::test]
async fn more_than_10_000_products_are_refused_with_their_number_r232() {
    let database = testkit::TestDatabase::sqlite();
    testkit::well(&database, &["seed", "--products", "10001", "--customers", "0", "--orders", "0"]).await;
    let app = testkit::spawn_on(database, &[]).await;
    let change = json!({ "price": { "percent": 1 } });
    let refused = select(&app, &json!({ "max_price": "1000000000000" }), &change).await.expect(422);
    assert_eq!(refused.faults(), [("select", "too_large")]);
    let told = refused.at("/errors/0/message").as_str().unwrap();
    assert!(told.starts_with("must find at most 10000 products; it finds "), "{told}");
}
