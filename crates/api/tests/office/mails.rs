//! Mails: their list, and those of an order.

use testkit::{App, spawn};

use super::browser::Browser;
use super::customers::staff;

/// An order, and a mail about it that a mail server has refused.
async fn refused(app: &App) -> String {
    let product = app.product("Blue mug", 1999, 50).await;
    let buyer = app.customer("ann").await;
    app.put_in_cart(&buyer, &product, 1).await;
    let order = app.post("/api/v1/orders").token(&buyer.token).send().await.expect(201).id();
    let insert = format!(
        "INSERT INTO messages (id, template, subject_id, recipient, recipient_key, status, attempts, reply, created_at)
         VALUES (X'019AC000000070008000000000000001', 'order_confirmed', X'{}', 'ann@example.com', 'ann@example.com', 'dead',
             7, '550 <no> such mailbox', 1764000000000000)",
        order.replace('-', "")
    );
    testkit::damage(app.database(), &[insert.as_str()]).await;
    order
}

#[tokio::test]
async fn mails_are_listed_with_what_became_of_them_r245() {
    let app = spawn().await;
    let order = refused(&app).await;
    let admin = Browser::admin(&app).await;
    let list = admin.open("mails").await.expect(200);
    assert_eq!(list.texts("tbody td .name"), ["order confirmed"]);
    assert_eq!(list.values("tbody td a.name", "href"), [format!("orders/{order}")]);
    assert_eq!(list.values(".badge", "data-is"), ["dead"]);
    list.shows("550 &lt;no&gt; such mailbox").shows("ann@example.com");
    assert_eq!(admin.open("mails?status=dead").await.expect(200).texts("tbody tr").len(), 1);
    for query in ["status=sent", &format!("order={}", testkit::NOTHING)] {
        assert!(admin.open(&format!("mails?{query}")).await.expect(200).texts("tbody tr").is_empty(), "{query}");
    }
    admin.open("settings").await.expect(200).shows("href=\"mails\"");
}

#[tokio::test]
async fn without_the_scope_of_customers_mails_show_no_address_r245_r255() {
    let app = spawn().await;
    refused(&app).await;
    let role = serde_json::json!({ "name": "packing", "scopes": ["orders:read"] });
    app.post("/api/v1/roles").token(&app.admin).json(&role).send().await.expect(201);
    let packer = staff(&app, "paul", "packing").await;
    packer.open("mails").await.expect(200).shows("order confirmed").hides("ann@example.com");
    staff(&app, "cat", "catalogue").await.open("mails").await.expect(403);
}

#[tokio::test]
async fn the_timeline_of_an_order_has_its_mails_r240() {
    let app = spawn().await;
    let order = refused(&app).await;
    let page = Browser::admin(&app).await.open(&format!("orders/{order}")).await.expect(200);
    let mails: Vec<_> = page.texts(".timeline li").into_iter().filter(|entry| entry.starts_with("Mail")).collect();
    assert_eq!(mails.len(), 1, "{mails:?}");
    assert!(
        mails[0].starts_with("Mail “order confirmed” was not delivered") && mails[0].contains("550 <no> such mailbox"),
        "{mails:?}"
    );
}
