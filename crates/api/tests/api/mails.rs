//! Mails that are queued, or were.

use serde_json::{Value, json};
use testkit::{App, Reply, spawn};

const PATH: &str = "/api/v1/mails";

/// The id of the mail that [`queued`] makes of this number.
fn id(number: u8) -> String {
    format!("019ac000-0000-7000-8000-0000000000{number:02x}")
}

/// Puts a mail about an order into the queue, which another server has sent or not.
async fn queued(app: &App, number: u8, order: &str, (status, recipient): (&str, &str)) {
    let (id, order) = (id(number).replace('-', ""), order.replace('-', ""));
    let insert = format!(
        "INSERT INTO messages (id, template, subject_id, recipient, recipient_key, status, attempts, reply, created_at)
         VALUES (X'{id}', 'order_confirmed', X'{order}', {recipient}, {recipient}, '{status}', 1, '250 ok', 1764000000000000)"
    );
    testkit::damage(app.database(), &[insert.as_str()]).await;
}

async fn order(app: &App, buyer: &str) -> String {
    let product = app.product("Blue mug", 1999, 50).await;
    let buyer = app.customer(buyer).await;
    app.put_in_cart(&buyer, &product, 1).await;
    app.post("/api/v1/orders").token(&buyer.token).send().await.expect(201).id()
}

async fn list(app: &App, query: &str) -> Reply {
    app.get(&format!("{PATH}?{query}")).token(&app.admin).send().await.expect(200)
}

fn ids(reply: &Reply) -> Vec<String> {
    reply.items().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn mails_are_listed_by_status_order_and_customer_newest_first_r151_r245() {
    let app = spawn().await;
    let (first, second) = (order(&app, "ann").await, order(&app, "bob").await);
    queued(&app, 1, &first, ("sent", "NULL")).await;
    queued(&app, 2, &second, ("dead", "NULL")).await;
    queued(&app, 3, &first, ("pending", "'ann@example.com'")).await;
    assert_eq!(ids(&list(&app, "").await), [id(3), id(2), id(1)]);
    assert_eq!(ids(&list(&app, "status=dead").await), [id(2)]);
    assert_eq!(ids(&list(&app, &format!("order_id={first}")).await), [id(3), id(1)]);
    assert_eq!(ids(&list(&app, &format!("order_id={first}&status=sent")).await), [id(1)]);
    let customer = app.office().get(&format!("/orders/{second}")).await["customer_id"].as_str().unwrap().to_owned();
    assert_eq!(ids(&list(&app, &format!("customer_id={customer}")).await), [id(2)]);
    assert!(ids(&list(&app, &format!("customer_id={customer}&order_id={first}")).await).is_empty());
    let page = list(&app, &format!("order_id={first}&limit=1")).await;
    let cursor = page.text("/next_cursor");
    assert_eq!(ids(&list(&app, &format!("order_id={first}&limit=1&cursor={cursor}")).await), [id(1)]);
    for query in ["status=lost", "order_id=x", "customer_id=x", "recipient=ann"] {
        app.get(&format!("{PATH}?{query}")).token(&app.admin).send().await.expect(400);
    }
}

#[tokio::test]
async fn a_mail_is_shown_and_its_address_to_those_who_see_customers_r151_r255() {
    let app = spawn().await;
    let order = order(&app, "ann").await;
    queued(&app, 1, &order, ("pending", "'ann@example.com'")).await;
    let path = format!("{PATH}/{}", id(1));
    let mail = app.get(&path).token(&app.admin).send().await.expect(200);
    let shown =
        [mail.at("/template"), mail.at("/status"), mail.at("/reply"), mail.at("/subject_id"), mail.at("/recipient")];
    assert_eq!(
        shown,
        [&json!("order_confirmed"), &json!("pending"), &json!("250 ok"), &json!(order), &json!("ann@example.com")]
    );
    let key = json!({ "name": "Packing", "scopes": ["orders:read"] });
    let key = app.post("/api/v1/keys").token(&app.admin).json(&key).send().await.expect(201).text("/secret").to_owned();
    for path in [path, PATH.to_owned()] {
        let seen = app.get(&path).token(&key).send().await.expect(200);
        let mail = if path == PATH { seen.items()[0].clone() } else { seen.at("").clone() };
        assert_eq!((&mail["status"], &mail["recipient"]), (&json!("pending"), &Value::Null), "{path}");
    }
    app.get(&format!("{PATH}/{}", testkit::NOTHING)).token(&app.admin).send().await.expect(404);
}
