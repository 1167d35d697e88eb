//! Lists as files.

use testkit::spawn;

use super::browser::Browser;
use super::customers::staff;

#[tokio::test]
async fn a_list_is_downloaded_with_its_filter_as_the_api_writes_it_r233_r239() {
    let app = spawn().await;
    let mug = app.product("Blue mug", 1999, 9).await;
    app.product("Red bowl", 2500, 9).await;
    for name in ["ann", "bob"] {
        let customer = app.customer(name).await;
        app.put_in_cart(&customer, &mug, 2).await;
        app.post("/api/v1/orders").token(&customer.token).send().await.expect(201);
    }
    let admin = Browser::admin(&app).await;
    for (list, query, rows) in [
        ("orders", "", 2),
        ("orders", "?status=shipped", 0),
        ("products", "?q=mug", 1),
        ("products", "?status=active", 2),
        ("customers", "?q=bob", 1),
    ] {
        let page = admin.open(&format!("{list}{query}")).await.expect(200);
        let links = page.values(".download a", "href");
        assert_eq!(links.len(), usize::from(rows > 0), "{list}{query}: {links:?}");
        let file = admin.open(&format!("{list}/export.csv{query}")).await.expect(200);
        assert!(file.header("content-disposition").contains(&format!("{list}.csv")));
        assert_eq!(file.text.lines().count(), rows + 1, "{list}{query}: {}", file.text);
        if let [link] = links.as_slice() {
            assert_eq!(link, &format!("{list}/export.csv{query}"));
            // The API has the oldest first, the page the newest.
            let api = app.get(&format!("/api/v1/{list}/export.csv{query}")).token(&app.admin).send().await.expect(200);
            let sorted = |text: &str| {
                let mut all: Vec<_> = text.lines().map(ToOwned::to_owned).collect();
                all.sort_unstable();
                all
            };
            assert_eq!(sorted(&file.text), sorted(&String::from_utf8(api.bytes).unwrap()), "{list}{query}");
        }
    }
}

#[tokio::test]
async fn a_file_needs_the_right_to_read_its_list_r233_r237() {
    let app = spawn().await;
    let clerk = staff(&app, "cass", "catalogue").await;
    clerk.open("products/export.csv").await.expect(200);
    for file in ["orders/export.csv", "customers/export.csv"] {
        clerk.open(file).await.expect(403);
        Browser::new(&app).open(file).await.expect(303);
    }
}
