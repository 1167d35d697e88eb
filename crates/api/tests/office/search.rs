//! One search for everything.

use serde_json::json;
use testkit::spawn;

use super::browser::Browser;

#[tokio::test]
async fn an_exact_number_or_sku_opens_its_page_and_words_open_a_list_r246() {
    let app = spawn().await;
    let product = json!({ "name": "Blue mug", "sku": "MUG-B", "barcode": "4006381333931", "price": { "amount": 1999, "currency": "USD" }, "initial_stock": 9 });
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
    for scanned in ["4006381333931", "04006381333931"] {
        admin.open(&format!("search?q={scanned}")).await.expect_to(&format!("products/{product}"));
    }
    let page = admin.open("search?q=mug").await.expect(200);
    assert_eq!(page.values("main a.name", "href"), [format!("products/{product}")]);
    let page = admin.open("search?q=ann").await.expect(200);
    let places = page.values("main a.name", "href");
    assert_eq!(places.len(), 2, "the customer and the order: {places:?}");
    assert!(admin.open("search?q=zebra").await.expect(200).text.contains("Nothing is found"));
}

#[tokio::test]
async fn a_tracking_number_and_an_email_address_lead_straight_there_r246() {
    let app = spawn().await;
    let product = app.product("Mug", 1999, 9).await;
    let ann = app.customer("ann").await;
    let office = app.office();
    let mut orders = Vec::new();
    for number in ["1Z 999", "twice", "twice"] {
        app.put_in_cart(&ann, &product, 1).await;
        let order = app.post("/api/v1/orders").token(&ann.token).send().await.expect(201).id();
        for status in [json!({ "status": "processing" }), json!({ "status": "shipped", "tracking_number": number })] {
            office.send("POST", &format!("/orders/{order}/status"), &status).await.expect(200);
        }
        orders.push(order);
    }
    let admin = Browser::admin(&app).await;
    admin.open("search?q=1Z+999").await.expect_to(&format!("orders/{}", orders[0]));
    let places = admin.open("search?q=twice").await.expect(200).values("main a.name", "href");
    assert_eq!(places, [format!("orders/{}", orders[2]), format!("orders/{}", orders[1])], "both, the newest first");
    let listed = admin.open("orders?q=1Z+999").await.expect(200).values("main a.name", "href");
    assert_eq!(listed, [format!("orders/{}?q=1Z%20999", orders[0])]);
    let email = office.get(&format!("/customers/{}", ann.id)).await["email"].as_str().unwrap().to_uppercase();
    admin.open(&format!("search?q={email}")).await.expect_to(&format!("customers/{}", ann.id));

    let stock = admin.open(&format!("stock/{product}")).await.expect(200);
    let link = stock.values("main a[href]", "href").into_iter().find(|place| place.contains("product=")).unwrap();
    let listed = admin.open(link.trim_start_matches("../")).await.expect(200).shows("Orders with Mug");
    assert_eq!(listed.values("main a.name", "href").len(), 3);
}

#[tokio::test]
async fn an_order_that_is_found_by_its_number_and_its_words_is_shown_once_r246() {
    let app = spawn().await;
    let product = app.product("Mug", 1999, 9).await;
    let buyer = app.customer("parcel").await;
    for _ in 0..2 {
        app.put_in_cart(&buyer, &product, 1).await;
        let order = app.post("/api/v1/orders").token(&buyer.token).send().await.expect(201).id();
        for status in [json!({ "status": "processing" }), json!({ "status": "shipped", "tracking_number": "parcel" })] {
            app.office().send("POST", &format!("/orders/{order}/status"), &status).await.expect(200);
        }
    }
    let places = Browser::admin(&app).await.open("search?q=parcel").await.expect(200).values("main a.name", "href");
    assert_eq!(places.iter().filter(|place| place.starts_with("orders/0")).count(), 2, "{places:?}");
}

#[tokio::test]
async fn pages_are_found_by_their_names_by_whoever_may_open_them_r246() {
    let app = spawn().await;
    let admin = Browser::admin(&app).await;
    let page = admin.open("search?q=taxes").await.expect(200);
    assert_eq!(page.values("main a.name", "href"), ["settings/taxes"]);
    admin.open("settings/taxes").await.expect(200);
    assert_eq!(admin.open("search?q=low+stock").await.expect(200).values("main a.name", "href"), ["stock?low=true"]);
    let catalogue = super::customers::staff(&app, "cat", "catalogue").await;
    assert!(catalogue.open("search?q=accounts").await.expect(200).values("main a.name", "href").is_empty());
}
