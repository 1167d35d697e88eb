//! Products: new ones, and many at once.

use serde_json::json;
use testkit::{App, spawn};

use super::browser::{Browser, changed};

async fn sku(app: &App, sku: &str, amount: i64) -> String {
    let product = json!({ "name": sku, "sku": sku, "price": { "amount": amount, "currency": "USD" } });
    app.office().send("POST", "/products", &product).await.expect(201).id()
}

#[tokio::test]
async fn a_product_is_made_with_its_stock_r241() {
    let app = spawn().await;
    let admin = Browser::admin(&app).await;
    let typed = [
        ("name", "Blue mug"),
        ("price", "1.999,50"),
        ("compare_at_price", "2500"),
        ("sku", "MUG-B"),
        ("weight_grams", "350"),
        ("initial_stock", "7"),
        ("status", "draft"),
    ];
    admin.act("products/new", &typed).await.expect(303);
    let made = &app.office().all("/products").await[0];
    assert_eq!((made["price"]["amount"].as_i64(), made["status"].as_str()), (Some(199_950), Some("draft")));
    let id = made["id"].as_str().unwrap();
    assert_eq!(app.on_hand(id).await, 7);
    let page = admin.open(&format!("products/{id}")).await.expect(200);
    assert_eq!(page.values("[name=price]", "value"), ["1999.50"]);
    assert_eq!(page.values("[name=weight_grams]", "value"), ["350"]);
    assert!(page.text.contains("7 on hand"));
}

#[tokio::test]
async fn a_viewer_sees_a_product_and_cannot_change_it_r241() {
    let app = spawn().await;
    let id = sku(&app, "MUG", 100).await;
    let account = json!({ "username": "vic", "password": "correct horse battery", "role": "viewer" });
    app.office().send("POST", "/accounts", &account).await.expect(201);
    let viewer = Browser::of(&app, "vic", "correct horse battery").await;
    let page = viewer.open(&format!("products/{id}")).await.expect(200);
    assert_eq!(page.values("fieldset[disabled]", "disabled").len(), 1);
    assert!(page.texts("main form button").is_empty());
}

#[tokio::test]
async fn many_products_are_changed_in_a_grid_all_of_them_or_none_r239_r241() {
    let app = spawn().await;
    let (first, second) = (sku(&app, "A", 100).await, sku(&app, "B", 200).await);
    let admin = Browser::admin(&app).await;
    let list = admin.open("products").await.expect(200);
    assert_eq!(list.values("[type=checkbox][name=id]", "value").len(), 2);
    let grid = admin.open(&format!("products/edit?id={first}&id={second}")).await.expect(200);
    let (price, other) = (format!("price-{first}"), format!("price-{second}"));
    let sku_of_second = format!("sku-{second}");
    let refused = admin
        .send("products/edit", &changed(grid.form(), &[(&price, "1.50"), (&other, "2.50"), (&sku_of_second, "A")]))
        .await
        .expect(422);
    assert_eq!(refused.texts(".fault").len(), 1, "{}", refused.text);
    assert_eq!(app.office().get(&format!("/products/{first}")).await["price"]["amount"], 100);
    admin.send("products/edit", &changed(refused.form(), &[(&sku_of_second, "C")])).await.expect(303);
    assert_eq!(app.office().get(&format!("/products/{first}")).await["price"]["amount"], 150);
    let saved = app.office().get(&format!("/products/{second}")).await;
    assert_eq!((saved["price"]["amount"].as_i64(), saved["sku"].as_str()), (Some(250), Some("C")));
}
