//! Home and reports: what was sold, and what waits.

use serde_json::json;
use testkit::spawn;

use super::browser::Browser;

#[tokio::test]
async fn home_shows_what_sold_today_and_what_waits_r238_r244() {
    let app = spawn().await;
    let product = app.product("Blue mug", 1999, 5).await;
    let policy = json!({ "restock_threshold": 10, "restock_target": 20 });
    app.office().send("PUT", &format!("/products/{product}/stock/policy"), &policy).await.expect(200);
    let ann = app.customer("ann").await;
    app.put_in_cart(&ann, &product, 2).await;
    app.post("/api/v1/orders").token(&ann.token).send().await.expect(201);
    let admin = Browser::admin(&app).await;
    let home = admin.open("").await.expect(200);
    let figures: Vec<_> =
        home.texts(".figures dd:not(.change)").iter().map(|text| text.replace('\u{a0}', " ")).collect();
    assert_eq!(figures, ["39.98 USD", "1", "39.98 USD", "2"]);
    assert!(home.texts(".change")[0].contains("last "), "the same weekday a week ago");
    let to_do = home.texts(".to-do li");
    assert!(
        to_do.contains(&"1 order to ship".to_owned()) && to_do.contains(&"1 product is low".to_owned()),
        "{to_do:?}"
    );
    assert_eq!(home.texts("svg.bars rect title").len(), 30);
    assert_eq!(home.texts(".best li a"), ["Blue mug"]);
}

#[tokio::test]
async fn sales_are_shown_by_time_and_group_with_their_sums_and_as_a_table_r244() {
    let app = spawn().await;
    let product = app.product("=Blue, \"mug\"", 1999, 5).await;
    let ann = app.customer("ann").await;
    app.put_in_cart(&ann, &product, 2).await;
    app.post("/api/v1/orders").token(&ann.token).send().await.expect(201);
    let admin = Browser::admin(&app).await;
    let days = admin.open("reports").await.expect(200);
    assert_eq!(days.texts("tbody tr").len(), 30);
    assert!(days.texts("tfoot td").last().unwrap().starts_with("39.98"));
    let products = admin.open("reports?by=product").await.expect(200);
    assert_eq!(products.texts("tbody td:first-child"), ["=Blue, \"mug\""]);
    let table = admin.open("reports/sales.csv?by=product").await.expect(200);
    assert!(table.header("content-disposition").starts_with("attachment; filename=\"sales-"));
    let line = table.text.lines().nth(1).unwrap();
    assert!(table.text.starts_with("key,name,orders,units,gross_minor_units,"), "{}", table.text);
    assert!(line.contains(",\"'=Blue, \"\"mug\"\"\",1,2,3998,0,0,3998,3998,USD"), "{line}");
    assert!(table.text.lines().next().unwrap().ends_with(",net_minor_units,average_minor_units,currency"));
    for (query, fault) in [
        ("from=2026-02-01&to=2026-01-01", "To must not be before"),
        ("from=2020-01-01&to=2026-01-01", "To must be"),
        ("from=x", "From must be a day"),
        ("by=colour", "By must be one of"),
    ] {
        let refused = admin.open(&format!("reports?{query}")).await.expect(200);
        assert!(
            refused.texts(".fault").iter().any(|text| text.starts_with(fault)),
            "{query}: {:?}",
            refused.texts(".fault")
        );
    }
    let stock = admin.open("reports/stock").await.expect(200);
    assert!(stock.texts(".figures dd")[0].starts_with("59.97"), "{:?}", stock.texts(".figures dd"));
    let file = stock.values("main .download a", "href").remove(0);
    let table = admin.open(file.trim_start_matches("../")).await.expect(200);
    assert!(table.text.starts_with("product_id,sku,name,on_hand,price_minor_units,value_minor_units,currency"));
    assert!(table.text.contains(",,\"'=Blue, \"\"mug\"\"\",3,1999,5997,USD"), "{}", table.text);
}

#[tokio::test]
async fn a_report_of_many_products_shows_the_first_and_the_file_has_all_r244() {
    let app = spawn().await;
    let ann = app.customer("ann").await;
    for part in 0..3 {
        let mut products = Vec::new();
        for number in 0..34 {
            products.push(app.product(&format!("Mug {part} {number}"), 100 + number, 5).await);
        }
        let order = testkit::order_of(&products.iter().map(String::as_str).collect::<Vec<_>>());
        app.post("/api/v1/orders").token(&ann.token).json(&order).send().await.expect(201);
    }
    let admin = Browser::admin(&app).await;
    let page = admin.open("reports?by=product").await.expect(200).shows("The file has 2 more");
    assert_eq!(page.texts("tbody tr").len(), 100);
    assert_eq!(admin.open("reports/sales.csv?by=product").await.expect(200).text.lines().count(), 103);
    assert_eq!(admin.open("reports?by=day").await.expect(200).hides("more, and").texts("tbody tr").len(), 30);
}
