//! Notes of staff, and packing slips.

use serde_json::{Value, json};
use testkit::{App, NOTHING, spawn, spawn_with};

async fn order(app: &App, token: &str) -> String {
    let mug = app.product("Blue mug", 1999, 10).await;
    let address = json!({ "name": "Ann Buyer", "line1": "1 Main St", "city": "Springfield", "region": "IL",
        "postal_code": "62701", "country": "US" });
    let body = json!({
        "items": [{ "product_id": mug, "quantity": 3 }], "shipping_address": address, "note": "Ring twice."
    });
    app.post("/api/v1/orders").token(token).json(&body).send().await.expect(201).text("/id").to_owned()
}

#[tokio::test]
async fn staff_note_things_on_orders_and_customers_which_customers_do_not_see_r240() {
    let app = spawn().await;
    let ann = app.customer("ann").await;
    let order = order(&app, &ann.token).await;
    for path in [format!("/api/v1/orders/{order}/notes"), format!("/api/v1/customers/{}/notes", ann.id)] {
        let body = json!({ "text": " She takes the blue one.\nCalled. " });
        let post = || app.post(&path).token(&app.admin).key(&path).json(&body).send();
        let made = post().await.expect(201);
        assert_eq!(made.text("/text"), "She takes the blue one.\nCalled.");
        assert_eq!(made.text("/author/name"), "admin");
        assert!(post().await.expect(201).is_replayed(), "{path}");
        let location = made.header("location").unwrap();
        assert_eq!(location, format!("{path}/{}", made.text("/id")));
        assert_eq!(app.get(location).token(&app.admin).send().await.expect(200).body, made.body);
        app.post(&path).token(&app.admin).json(&json!({ "text": "Later" })).send().await.expect(201);
        let listed = app.get(&path).token(&app.admin).send().await.expect(200);
        let texts: Vec<_> = listed.items().iter().map(|note| note["text"].as_str().unwrap()).collect();
        assert_eq!(texts, ["Later", made.text("/text")]);

        app.get(&path).token(&ann.token).send().await.expect(403);
        app.get(location).token(&ann.token).send().await.expect(403);
        app.post(&path).token(&ann.token).json(&body).send().await.expect(403);
        for (text, code) in [(json!(""), "blank"), (json!("x".repeat(2_001)), "too_long"), (Value::Null, "required")] {
            let refused = app.post(&path).token(&app.admin).json(&json!({ "text": text })).send().await.expect(422);
            assert_eq!(refused.faults(), [("text", code)]);
        }
        let audited = app.get("/api/v1/audit?resource=note").token(&app.admin).send().await.expect(200);
        assert!(!audited.items().is_empty() && !audited.body.to_string().contains("blue"), "without the text");
    }
    for path in [format!("/api/v1/orders/{NOTHING}/notes"), format!("/api/v1/customers/{NOTHING}/notes")] {
        app.get(&path).token(&app.admin).send().await.expect(404);
        app.post(&path).token(&app.admin).json(&json!({ "text": "Nobody" })).send().await.expect(404);
    }
    let shown = app.get(&format!("/api/v1/orders/{order}")).token(&ann.token).send().await.expect(200);
    assert!(!shown.body.to_string().contains("blue one"));
}

#[tokio::test]
async fn only_its_author_deletes_a_note_r240() {
    let app = spawn().await;
    let ann = app.customer("ann").await;
    let order = order(&app, &ann.token).await;
    let path = format!("/api/v1/orders/{order}/notes");
    let made = app.post(&path).token(&app.admin).json(&json!({ "text": "Mine" })).send().await.expect(201);
    let note = format!("{path}/{}", made.text("/id"));
    let key = json!({ "name": "Packing", "scopes": ["orders:write"] });
    let key = app.post("/api/v1/keys").token(&app.admin).json(&key).send().await.expect(201).text("/secret").to_owned();
    app.delete(&note).token(&key).send().await.expect(403);
    app.delete(&note).token(&ann.token).send().await.expect(403);
    let of_key = app.post(&path).token(&key).json(&json!({ "text": "Packed" })).send().await.expect(201);
    assert_eq!(of_key.text("/author/name"), "Packing");
    app.delete(&format!("{path}/{}", of_key.text("/id"))).token(&app.admin).send().await.expect(403);
    let elsewhere = format!("/api/v1/customers/{}/notes/{}", ann.id, made.text("/id"));
    app.delete(&elsewhere).token(&app.admin).send().await.expect(404);
    app.delete(&note).token(&app.admin).send().await.expect(204);
    app.delete(&note).token(&app.admin).send().await.expect(404);
}

#[tokio::test]
async fn notes_stand_in_the_file_of_a_person_and_are_erased_with_it_r240_r275() {
    let app = spawn().await;
    let ann = app.customer("ann").await;
    let order = order(&app, &ann.token).await;
    let paths = [format!("/api/v1/orders/{order}/notes"), format!("/api/v1/customers/{}/notes", ann.id)];
    for path in &paths {
        app.post(path).token(&app.admin).json(&json!({ "text": "Prefers mail." })).send().await.expect(201);
    }
    let file = app.get(&format!("/api/v1/customers/{}/export", ann.id)).token(&app.admin).send().await.expect(200);
    assert_eq!(file.text("/data/notes/0/text"), "Prefers mail.");
    assert_eq!(file.text("/data/order_notes/0/text"), "Prefers mail.");
    app.delete(&format!("/api/v1/customers/{}", ann.id)).token(&app.admin).send().await.expect(204);
    assert!(app.get(&paths[0]).token(&app.admin).send().await.expect(200).items().is_empty());
    app.get(&paths[1]).token(&app.admin).send().await.expect(404);
}

#[tokio::test]
async fn a_packing_slip_says_what_to_pack_and_no_price_r240() {
    let settings = [("shop.public_url", "https://shop.example"), ("server.workers", "2")];
    let app = spawn_with(&settings).await;
    let ann = app.customer("ann").await;
    let order = order(&app, &ann.token).await;
    let path = format!("/api/v1/orders/{order}/packing-slip");
    app.get(&path).token(&ann.token).send().await.expect(403);
    let slip = app.get(&path).token(&app.admin).send().await.expect(200);
    assert_eq!((slip.text("/shop"), slip.text("/note")), ("shop.example", "Ring twice."));
    assert_eq!(slip.at("/items"), &json!([{ "sku": null, "name": "Blue mug", "quantity": 3 }]));
    assert_eq!(slip.text("/shipping_address/name"), "Ann Buyer");
    assert!(!slip.body.to_string().contains("1999"));
    app.post(&format!("/api/v1/orders/{order}/cancel")).token(&app.admin).send().await.expect(200);
    assert_eq!(app.get(&path).token(&app.admin).send().await.expect(200).number("/items/0/quantity"), 0);
    app.get(&format!("/api/v1/orders/{NOTHING}/packing-slip")).token(&app.admin).send().await.expect(404);
}
