//! Stock: adjusted, counted, received.

use serde_json::json;
use testkit::spawn;

use super::browser::{Browser, changed};

#[tokio::test]
async fn what_was_counted_loses_no_sale_meanwhile_r242() {
    let app = spawn().await;
    let product = app.product("Mug", 1999, 12).await;
    let admin = Browser::admin(&app).await;
    let place = format!("stock/{product}/adjust");
    let form = admin.open(&place).await.expect(200).form();
    let sold = json!({ "quantity": -1, "reason": "A sale meanwhile" });
    app.office().send("POST", &format!("/products/{product}/stock/adjustments"), &sold).await.expect(201);
    admin.send(&place, &changed(form, &[("counted", "10"), ("reason", "Counted")])).await.expect(303);
    assert_eq!(app.on_hand(&product).await, 9, "two were missing, and one was sold");
    let page = admin.open(&format!("stock/{product}")).await.expect(200);
    assert!(page.texts("tbody tr").len() >= 2 && page.text.contains("Counted"));
}

#[tokio::test]
async fn stock_is_never_below_nothing_r242() {
    let app = spawn().await;
    let product = app.product("Mug", 1999, 2).await;
    let admin = Browser::admin(&app).await;
    let refused = admin.act(&format!("stock/{product}/adjust"), &[("change", "-3"), ("reason", "x")]).await.expect(409);
    assert!(refused.texts("[role=alert]")[0].contains("2 on hand"), "{}", refused.text);
    assert_eq!(app.on_hand(&product).await, 2);
}

#[tokio::test]
async fn what_is_low_is_ordered_and_received_r242() {
    let app = spawn().await;
    let product = app.product("Mug", 1999, 2).await;
    let policy = json!({ "restock_threshold": 5, "restock_target": 20 });
    app.office().send("PUT", &format!("/products/{product}/stock/policy"), &policy).await.expect(200);
    let admin = Browser::admin(&app).await;
    let low = admin.open("stock?low=true").await.expect(200);
    assert_eq!(low.texts("tbody tr").len(), 1);
    admin.send("restocks/run", &low.form()).await.expect(303);
    let due = admin.open("restocks").await.expect(200);
    let links = due.values("main a[data-opens]", "href");
    let receive = links.iter().find(|place| place.ends_with("/receive")).unwrap();
    let asked = admin.open(receive).await.expect(200).shows("18 units were ordered");
    assert!(asked.form().contains(&("quantity".to_owned(), "18".to_owned())), "all of them, unless it is changed");
    for bad in ["0", "", "many"] {
        admin.act(receive, &[("quantity", bad)]).await.expect(422).shows("Units that came");
    }
    admin.act(receive, &[("quantity", "12")]).await.expect_to("restocks?done=restocked");
    assert_eq!(app.on_hand(&product).await, 14);
    admin.act(receive, &[("quantity", "12")]).await.expect(409);
    assert_eq!(app.on_hand(&product).await, 14);
    assert!(admin.open("restocks").await.expect(200).text.contains("No delivery is due"));
}
