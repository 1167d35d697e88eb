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
