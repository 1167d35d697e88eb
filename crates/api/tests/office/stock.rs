//! Stock: adjusted, counted, received.

use serde_json::json;
use testkit::{App, spawn};

use super::browser::{Browser, Page, changed};
use super::customers::staff;

#[tokio::test]
async fn a_stock_count_loses_no_sale_meanwhile_r242() {
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
async fn low_stock_is_ordered_and_received_r242() {
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
    admin.open("restocks").await.expect(200).shows("No restock is due");
    admin.open("restocks?status=cancelled").await.expect(200).shows("No restock was cancelled yet");
    let due = admin.open("restocks").await.expect(200);
    assert_eq!(due.texts("nav[aria-label='Restocks by status'] a"), ["Open", "Received", "Cancelled"]);
    let received = due.values("nav[aria-label='Restocks by status'] a", "href").remove(1);
    let received = admin.open(&received).await.expect(200);
    assert_eq!(received.texts("td[data-label=Units]"), ["12of 18"], "what came, and what was ordered");
    assert_eq!(received.values("td[data-label=Received] time", "datetime").len(), 1);
    assert!(received.values("main a[data-opens]", "href").is_empty(), "it is closed");
}

/// A product with a SKU.
async fn with_sku(app: &testkit::App, name: &str, sku: &str, units: i64) -> String {
    let price = json!({ "amount": 500, "currency": "USD" });
    let product = json!({ "name": name, "sku": sku, "price": price, "initial_stock": units });
    app.office().send("POST", "/products", &product).await.expect(201).id()
}

#[tokio::test]
async fn a_restock_is_cancelled_in_a_dialog_that_says_what_follows_and_twice_is_once_r242_r249() {
    let app = spawn().await;
    let mug = with_sku(&app, "Blue mug", "MUG-B", 2).await;
    let policy = json!({ "restock_threshold": 5, "restock_target": 20 });
    app.office().send("PUT", &format!("/products/{mug}/stock/policy"), &policy).await.expect(200);
    app.office().send("POST", "/restocks/run", &json!({})).await.expect(200);
    let (ann, bob) = (Browser::admin(&app).await, Browser::admin(&app).await);
    let list = ann.open("restocks").await.expect(200);
    assert!(list.values("main form[method=post]", "action").is_empty(), "one click alone cancels nothing");
    let place = list.values("td .actions a[href$=cancel]", "href").remove(0);
    let dialog = ann.open(&place).await.expect(200).shows("18 units that were ordered are not waited for any more");
    assert_eq!(dialog.texts("button.danger"), ["Cancel the restock"]);
    let late = bob.open(&place).await.expect(200).form();
    ann.send(&place, &dialog.form()).await.expect_to("restocks?done=restock-cancelled");
    bob.send(&place, &late).await.expect_to("restocks?done=restock-cancelled");
    ann.open("restocks").await.expect(200).shows("No restock is due");
    let cancelled = ann.open("restocks?status=cancelled").await.expect(200);
    assert_eq!(
        (cancelled.texts("td a.name"), cancelled.texts("td[data-label=Units]")),
        (vec!["Blue mug".into()], vec!["18".into()])
    );
    assert_eq!(cancelled.values("td[data-label=Cancelled] time", "datetime").len(), 1);
    ann.open("restocks?status=received").await.expect(200).shows("No restock was received yet");
}

#[tokio::test]
async fn an_adjustment_that_was_refused_still_counts_from_what_was_seen_r242_r249() {
    let app = spawn().await;
    let product = app.product("Mug", 1999, 12).await;
    let admin = Browser::admin(&app).await;
    let place = format!("stock/{product}/adjust");
    let form = admin.open(&place).await.expect(200).form();
    let buyer = app.customer("ann").await;
    app.put_in_cart(&buyer, &product, 2).await;
    app.post("/api/v1/orders").token(&buyer.token).send().await.expect(201);
    let refused = admin.send(&place, &changed(form, &[("counted", "9")])).await.expect(422);
    let said = refused.texts("[data-dialog] p").remove(0);
    assert!(said.starts_with("12 are on hand. Meanwhile they are 10"), "{said}");
    admin.send(&place, &changed(refused.form(), &[("reason", "Counted")])).await.expect(303);
    assert_eq!(app.on_hand(&product).await, 7, "three were missing, and two are sold");
}

#[tokio::test]
async fn the_stock_of_a_product_is_found_by_its_name_or_sku_and_shows_what_is_on_its_way_r239_r242() {
    let app = spawn().await;
    let mug = with_sku(&app, "Blue mug", "MUG-B", 2).await;
    with_sku(&app, "Blue teapot", "POT-B", 7).await;
    let policy = json!({ "restock_threshold": 5, "restock_target": 20 });
    app.office().send("PUT", &format!("/products/{mug}/stock/policy"), &policy).await.expect(200);
    app.office().send("POST", "/restocks/run", &json!({})).await.expect(200);
    let admin = Browser::admin(&app).await;
    let names = |page: &Page| page.texts("tbody a.name");
    let all = admin.open("stock").await.expect(200);
    assert_eq!(all.values("form.find [name=q]", "name").len(), 1);
    let coming: Vec<_> = all.texts("td[data-label='On the way']");
    assert!(coming[0].starts_with("18 units since ") && coming[1].is_empty(), "{coming:?}");
    assert_eq!(names(&admin.open("stock?q=MUG-B").await.expect(200)), ["Blue mug"]);
    assert_eq!(names(&admin.open("stock?q=teapot").await.expect(200)), ["Blue teapot"]);
    assert_eq!(names(&admin.open("stock?q=blue").await.expect(200)).len(), 2);
    for nothing in ["zebra", "%3F%3F"] {
        admin.open(&format!("stock?q={nothing}")).await.expect(200).shows("No products found");
    }
    let part = admin.request(reqwest::Method::GET, "stock?q=mug").header("hx-request", "true");
    assert!(Page::to(part).await.text.starts_with("<div id=\"list\">"));
    admin.open(&format!("stock/{mug}")).await.expect(200).shows("18 units since");
    let low = admin.open("stock?low=true").await.expect(200);
    let file = admin.open(&low.values("main .download a", "href")[0]).await.expect(200);
    assert!(file.header("content-disposition").contains("low-stock.csv"));
    let line = file.text.lines().nth(1).unwrap();
    assert!(line.starts_with(&format!("{mug},MUG-B,Blue mug,2,5,20,true,18,")), "{line}");
    assert_eq!(file.text.lines().count(), 2);
}

#[tokio::test]
async fn a_reorder_point_is_set_by_clicking_and_a_sale_meanwhile_does_not_refuse_it_r42_r242_r249() {
    let app = spawn().await;
    let product = app.product("Mug", 1999, 4).await;
    let admin = Browser::admin(&app).await;
    admin.open("stock?low=true").await.expect(200).shows("Nothing is below its reorder point");
    let links = admin.open("stock").await.expect(200).values("main a[data-opens]", "href");
    let place = links.iter().find(|place| place.ends_with("/policy?from=list")).unwrap();
    let refused = admin.act(place, &[("restock_threshold", "5"), ("restock_target", "4")]).await.expect(422);
    assert_eq!(refused.values("[aria-invalid]", "name"), ["restock_target"]);
    let form = admin.open(place).await.expect(200).form();
    let sold = json!({ "quantity": -1, "reason": "A sale meanwhile" });
    app.office().send("POST", &format!("/products/{product}/stock/adjustments"), &sold).await.expect(201);
    let typed = changed(form.clone(), &[("restock_threshold", "5"), ("restock_target", "20")]);
    for _ in 0..2 {
        admin.send(place, &typed).await.expect_to("/stock?done=policy");
    }
    let stock = app.office().get(&format!("/products/{product}/stock")).await;
    assert_eq!((&stock["restock_threshold"], &stock["restock_target"]), (&json!(5), &json!(20)));
    // A second clerk, whose page is older.
    let mut other = changed(form, &[("restock_threshold", "2"), ("restock_target", "20")]);
    other.iter_mut().find(|(name, _)| name == "key").unwrap().1 = "another".to_owned();
    let stale = admin.send(place, &other).await.expect(412);
    assert!(stale.texts(".meanwhile")[0].contains("Somebody has changed it to: 5"), "{}", stale.text);
    let low = admin.open("stock?low=true").await.expect(200);
    assert_eq!(low.texts("tbody tr").len(), 1);
    admin.send("restocks/run", &low.form()).await.expect(303);
    assert_eq!(app.office().all("/restocks").await[0]["ordered_quantity"], 17);
}

async fn adjust(app: &App, product: &str, quantity: i64) {
    let body = json!({ "quantity": quantity, "reason": "Meanwhile" });
    app.office().send("POST", &format!("/products/{product}/stock/adjustments"), &body).await.expect(201);
}

#[tokio::test]
async fn a_count_in_the_grid_is_the_difference_to_what_it_showed_r241_r242() {
    let app = spawn().await;
    let (mug, cup) = (app.product("Mug", 100, 7).await, app.product("Cup", 200, 5).await);
    let admin = Browser::admin(&app).await;
    let (mugs, cups, price) = (format!("on_hand-{mug}"), format!("on_hand-{cup}"), format!("price-{mug}"));
    let open = async || admin.open(&format!("products/edit?id={mug}&id={cup}")).await.expect(200);
    let grid = open().await;
    assert_eq!(grid.values(&format!("[name='{mugs}']"), "value"), ["7"]);
    adjust(&app, &mug, -2).await;
    let typed = changed(grid.form(), &[(&mugs, "10"), (&price, "1.50")]);
    for _ in 0..2 {
        admin.send("products/edit", &typed).await.expect(303);
    }
    assert_eq!((app.on_hand(&mug).await, app.on_hand(&cup).await), (8, 5), "three more than it showed, once");
    let movements = app.office().all(&format!("/products/{mug}/stock/movements")).await;
    assert_eq!((&movements[0]["quantity"], &movements[0]["reason"]), (&json!(3), &json!("Counted")));
    admin.send("products/edit", &changed(open().await.form(), &[(&mugs, "many"), (&cups, "")])).await.expect(422);

    // Somebody else changes the product and sells one: what was counted is sent with the second save, as it was meant.
    let grid = open().await;
    adjust(&app, &mug, -1).await;
    app.office().send("PATCH", &format!("/products/{mug}"), &json!({ "name": "Large mug" })).await.expect(200);
    let stale =
        admin.send("products/edit", &changed(grid.form(), &[(&mugs, "10"), (&price, "1.60")])).await.expect(412);
    assert_eq!(app.on_hand(&mug).await, 7);
    admin.send("products/edit", &stale.form()).await.expect(303);
    assert_eq!(app.on_hand(&mug).await, 9, "8 were shown, 10 are there, and one was sold");

    // More were sold meanwhile than are missing: what else is typed is saved.
    let grid = open().await;
    adjust(&app, &cup, -4).await;
    let typed = changed(grid.form(), &[(&mugs, "11"), (&cups, "0"), (&price, "1.75")]);
    let refused = admin.send("products/edit", &typed).await.expect(409);
    assert!(refused.texts("[role=alert]")[0].contains("The rest of the products is saved."), "{}", refused.text);
    assert!(refused.texts(".fault")[0].contains("1 on hand"), "{:?}", refused.texts(".fault"));
    assert_eq!(refused.values(&format!("[name='{cups}']"), "value"), ["0"]);
    assert_eq!((app.on_hand(&mug).await, app.on_hand(&cup).await), (11, 1));
    assert_eq!(app.office().get(&format!("/products/{mug}")).await["price"]["amount"], 175);
    admin.send("products/edit", &refused.form()).await.expect(303);
    assert_eq!((app.on_hand(&mug).await, app.on_hand(&cup).await), (11, 0));
}

#[tokio::test]
async fn whoever_may_not_change_stock_does_not_count_in_the_grid_r241_r255() {
    let app = spawn().await;
    let mug = app.product("Mug", 100, 7).await;
    let role = json!({ "name": "texts", "scopes": ["products:write"] });
    app.office().send("POST", "/roles", &role).await.expect(201);
    let bert = staff(&app, "bert", "texts").await;
    let grid = bert.open(&format!("products/edit?id={mug}")).await.expect(200);
    let field = format!("on_hand-{mug}");
    assert!(grid.values(&format!("[name='{field}']"), "value").is_empty());
    let mut typed = grid.form();
    typed.extend([(format!("was-{field}"), "7".to_owned()), (field, "99".to_owned())]);
    bert.send("products/edit", &typed).await.expect(303);
    assert_eq!(app.on_hand(&mug).await, 7);
}

#[tokio::test]
async fn a_dialog_of_the_list_leads_back_to_its_place_and_one_of_a_product_to_the_product_r239_r242() {
    let app = spawn().await;
    for number in 0..51 {
        app.product(&format!("Mug {number:02}"), 100, 3).await;
    }
    let admin = Browser::admin(&app).await;
    let next = admin.open("stock").await.expect(200).values("a[rel=next]", "href").remove(0);
    let page = admin.open(&next).await.expect(200);
    let links = page.values("main a[data-opens]", "href");
    let adjust = links.iter().find(|link| link.contains("/adjust")).unwrap();
    let typed = [("change", "1"), ("reason", "Found")];
    let adjusted = admin.act(adjust, &typed).await.expect(303);
    let after = admin.open(adjusted.location().trim_start_matches("../")).await.expect(200);
    assert_eq!((page.texts("tbody a.name"), page.texts("tbody tr").len()), (after.texts("tbody a.name"), 1));
    assert_eq!(after.texts("[role=status] .toast"), ["The stock is changed."]);
    let back = admin.open(adjust).await.expect(200).values("a[data-closes]", "href").remove(0);
    assert_eq!(admin.open(back.trim_start_matches("../")).await.expect(200).texts("tbody tr").len(), 1);

    let found = admin.open("stock?q=07").await.expect(200).values("tbody a.name", "href").remove(0);
    let product = admin.open(&found).await.expect(200);
    assert_eq!(product.values("p.back a", "href"), ["../stock?q=07"]);
    let links = product.values("main a[data-opens]", "href");
    let adjust = links.iter().find(|link| link.contains("/adjust")).unwrap().trim_start_matches("../");
    let adjusted = admin.act(adjust, &typed).await.expect(303);
    let id = found.split(['/', '?']).nth(1).unwrap();
    assert!(adjusted.location().ends_with(&format!("stock/{id}?q=07&done=adjusted")), "{}", adjusted.location());
}

#[tokio::test]
async fn a_restock_leads_back_to_the_place_of_its_list_r239_r242() {
    let app = spawn().await;
    for number in 0..51 {
        let product = app.product(&format!("Mug {number:02}"), 100, 1).await;
        let policy = json!({ "restock_threshold": 5, "restock_target": 20 });
        app.office().send("PUT", &format!("/products/{product}/stock/policy"), &policy).await.expect(200);
    }
    app.office().send("POST", "/restocks/run", &json!({})).await.expect(200);
    let admin = Browser::admin(&app).await;
    let next = admin.open("restocks").await.expect(200).values("a[rel=next]", "href").remove(0);
    let place = next.split('=').nth(1).unwrap().to_owned();
    let links = admin.open(&next).await.expect(200).values("main a[data-opens]", "href");
    let received = admin.act(&links[1], &[]).await.expect(303);
    assert!(received.location().ends_with(&format!("restocks?here={place}&done=restocked")), "{}", received.location());
}
