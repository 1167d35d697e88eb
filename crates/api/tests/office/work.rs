//! What is to be done: tabs of orders, counts beside the navigation, and what an order says of its goods and its money.

use reqwest::Method;
use serde_json::json;
use testkit::{App, spawn, spawn_with};

use super::browser::{Browser, Page};
use super::customers::staff;

const PAID_BEFORE: [(&str, &str); 2] = [("payments.test.enabled", "true"), ("payments.required", "true")];

/// An order of two units.
async fn order(app: &App, buyer: &str) -> String {
    let product = app.product("Blue mug", 1999, 50).await;
    let buyer = app.customer(buyer).await;
    app.put_in_cart(&buyer, &product, 2).await;
    app.post("/api/v1/orders").token(&buyer.token).send().await.expect(201).id()
}

/// An order that its buyer has begun to pay with the test provider.
async fn paid(app: &App, buyer: &str) -> String {
    let product = app.product("Blue mug", 1999, 50).await;
    let buyer = app.customer(buyer).await;
    app.put_in_cart(&buyer, &product, 2).await;
    let id = app.post("/api/v1/orders").token(&buyer.token).send().await.expect(201).id();
    let payment = app.post(&format!("/api/v1/orders/{id}/payments")).token(&buyer.token).key("k");
    payment.json(&json!({ "provider": "test" })).send().await.expect(201);
    id
}

/// The ids of the orders of a list, in its order.
fn listed(page: &Page) -> Vec<String> {
    let id = |place: String| place.trim_start_matches("orders/").split('?').next().unwrap().to_owned();
    page.values("tbody a.name", "href").into_iter().map(id).collect()
}

#[tokio::test]
async fn one_tab_lists_all_orders_that_may_ship_r80_r239() {
    let app = spawn_with(&PAID_BEFORE).await;
    let (prepared, placed) = (paid(&app, "ann").await, paid(&app, "bob").await);
    let (unpaid, sent) = (order(&app, "cat").await, paid(&app, "dan").await);
    let step = async |order: &str, status: &str| {
        let path = format!("/orders/{order}/status");
        app.office().send("POST", &path, &json!({ "status": status })).await.expect(200);
    };
    step(&prepared, "processing").await;
    step(&sent, "processing").await;
    step(&sent, "shipped").await;
    let admin = Browser::admin(&app).await;
    let list = async |query: &str| listed(&admin.open(&format!("orders?{query}")).await.expect(200));
    let page = admin.open("orders?stage=to_ship").await.expect(200);
    assert_eq!(page.texts(".tabs a"), ["To ship", "Unpaid", "Open", "All"]);
    assert_eq!(page.texts(".tabs [aria-current]"), ["To ship"]);
    assert_eq!(listed(&page), [placed.clone(), prepared.clone()]);
    assert_eq!(list("payment=unpaid").await, std::slice::from_ref(&unpaid));
    assert_eq!(list("stage=open").await, [&sent, &unpaid, &placed, &prepared].map(Clone::clone));
    assert_eq!(list("").await.len(), 4);
    // Older addresses go on to work.
    let before = admin.open("orders?status=placed").await.expect(200);
    assert_eq!(listed(&before), [unpaid, placed]);
    assert_eq!(before.values("[name=status] [selected]", "value"), ["placed"]);
    assert!(before.texts(".tabs [aria-current]").is_empty());
}

#[tokio::test]
async fn orders_are_listed_by_days_where_the_shop_is_and_the_oldest_first_r235_r239() {
    let app = spawn_with(&[("shop.time_zone", "Pacific/Kiritimati")]).await;
    let (first, second) = (order(&app, "ann").await, order(&app, "bob").await);
    let admin = Browser::admin(&app).await;
    let list = async |query: &str| listed(&admin.open(&format!("orders?{query}")).await.expect(200));
    // 14 hours before UTC. The page shows the day there.
    let report = admin.open("reports").await.expect(200);
    let today = report.values("[name=to]", "value").remove(0);
    let before = report.values("[name=from]", "value").remove(0);
    assert_eq!(list(&format!("from={today}&to={today}")).await, [second.clone(), first.clone()]);
    assert!(list(&format!("from={before}&to={before}")).await.is_empty());
    assert_eq!(list("from=soon&sort=upwards").await.len(), 2, "what makes no sense filters nothing");
    for place in ["orders/export.csv?from=soon", "orders/ship?all=true&status=sent", "orders/slips?all=true&stage=none"]
    {
        admin.open(place).await.expect(422);
    }
    let query = format!("from={before}&sort=placed_at");
    assert_eq!(list(&query).await, [first.clone(), second.clone()]);
    let page = admin.open(&format!("orders/{first}?{query}")).await.expect(200);
    assert_eq!(page.values("a[rel=next]", "href"), [format!("../orders/{second}?from={before}&sort=placed_at")]);
    assert!(page.values("a[rel=prev]", "href").is_empty(), "the oldest is the first");
}

#[tokio::test]
async fn the_lines_of_an_order_lead_to_their_products_as_long_as_there_are_any_r240() {
    let app = spawn().await;
    let id = order(&app, "ann").await;
    let product = app.office().all("/products").await[0]["id"].as_str().unwrap().to_owned();
    let admin = Browser::admin(&app).await;
    let place = format!("orders/{id}");
    let page = admin.open(&place).await.expect(200);
    let links = |page: &Page| page.values("td[data-label=Product] a", "href");
    assert_eq!(links(&page), [format!("../products/{product}")]);
    assert_eq!(page.texts("td.picture"), ["B"], "the first letter, as long as there is no picture");
    let role = json!({ "name": "packing", "scopes": ["orders:read"] });
    app.post("/api/v1/roles").token(&app.admin).json(&role).send().await.expect(201);
    let packer = staff(&app, "paul", "packing").await.open(&place).await.expect(200).shows("Blue mug");
    assert!(links(&packer).is_empty());
    app.delete(&format!("/api/v1/products/{product}")).token(&app.admin).send().await.expect(204);
    assert!(links(&admin.open(&place).await.expect(200).shows("Blue mug")).is_empty());
}

#[tokio::test]
async fn a_dialog_says_what_becomes_of_the_money_and_whether_a_mail_is_sent_r153_r240() {
    let folder = tempfile::tempdir().unwrap();
    let mails = [
        ("mail.transport", "file"),
        ("mail.folder", folder.path().to_str().unwrap()),
        ("mail.from", "shop@example.com"),
        ("shop.public_url", "https://shop.example.com"),
        ("mail.disabled", "refund_made"),
    ];
    let held = [PAID_BEFORE.as_slice(), &[("payments.capture", "manual")], &mails].concat();
    let app = spawn_with(&held).await;
    let id = paid(&app, "ann").await;
    let admin = Browser::admin(&app).await;
    let cancel = admin.open(&format!("orders/{id}/cancel")).await.expect(200);
    cancel.shows("39.98\u{a0}USD that the customer’s bank holds is released").shows("and gets a mail about it");
    let app = spawn_with(&PAID_BEFORE).await;
    let id = paid(&app, "ann").await;
    let admin = Browser::admin(&app).await;
    let cancel = admin.open(&format!("orders/{id}/cancel")).await.expect(200);
    cancel.shows("39.98\u{a0}USD goes back to the customer").shows("No mail is sent about it");
    admin.open(&format!("orders/{id}/refund")).await.expect(200).shows("No mail is sent about it");
}

#[tokio::test]
async fn the_navigation_counts_open_work_for_those_who_may_see_it_r238() {
    let app = spawn().await;
    let (first, _) = (order(&app, "ann").await, order(&app, "bob").await);
    let product = app.product("Teapot", 500, 1).await;
    let policy = json!({ "restock_threshold": 2, "restock_target": 9 });
    app.office().send("PUT", &format!("/products/{product}/stock/policy"), &policy).await.expect(200);
    let admin = Browser::admin(&app).await;
    let counts = |page: &Page| page.texts("nav.side .count");
    let page = admin.open("customers").await.expect(200);
    assert_eq!(counts(&page), ["2 to ship", "1 low"]);
    assert_eq!(page.texts("nav.side a")[1], "Orders 2 to ship");
    let to_do = admin.open("").await.expect(200).texts(".to-do li");
    assert!(to_do.contains(&"2 orders to ship".to_owned()) && to_do.contains(&"1 product is low".to_owned()));
    // What somebody does here counts at once.
    admin.act(&format!("orders/{first}/ship"), &[]).await.expect(303);
    assert_eq!(counts(&admin.open("customers").await), ["1 to ship", "1 low"]);
    let catalogue = staff(&app, "cat", "catalogue").await.open("products").await.expect(200);
    assert!(!counts(&catalogue).contains(&"1 to ship".to_owned()), "{:?}", counts(&catalogue));
    let part = admin.request(Method::GET, "orders").header("hx-request", "true");
    assert!(counts(&Page::to(part).await).is_empty());
}
