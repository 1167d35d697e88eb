//! One search for everything.

use serde_json::json;
use testkit::spawn;

use super::browser::Browser;

#[tokio::test]
async fn what_is_typed_exactly_leads_straight_there_and_words_to_a_list_r246() {
    let app = spawn().await;
    let product = json!({ "name": "Blue mug", "sku": "MUG-B", "price": { "amount": 1999, "currency": "USD" }, "initial_stock": 9 });
    let product = app.office().send("POST", "/products", &product).await.expect(201).id();
    let ann = app.customer("ann").await;
    app.put_in_cart(&ann, &product, 1).await;
    let order = app.post("/api/v1/orders").token(&ann.token).send().await.expect(201);
    let admin = Browser::admin(&app).await;
    let number = order.text("/number").to_lowercase().replace('-', "");
    assert_eq!(
        admin.open(&format!("search?q={number}")).await.expect(303).location(),
        format!("orders/{}", order.id())
    );
    assert_eq!(admin.open("search?q=MUG-B").await.expect(303).location(), format!("products/{product}"));
    let page = admin.open("search?q=mug").await.expect(200);
    assert_eq!(page.values("main a.name", "href"), [format!("products/{product}")]);
    let page = admin.open("search?q=ann").await.expect(200);
    let places = page.values("main a.name", "href");
    assert_eq!(places.len(), 2, "the customer and the order: {places:?}");
    assert!(admin.open("search?q=zebra").await.expect(200).text.contains("Nothing is found"));
}
