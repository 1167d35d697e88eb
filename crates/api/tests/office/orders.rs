//! Orders: lists, steps, money.

use serde_json::json;
use testkit::{App, shop, spawn, spawn_with};

use super::browser::Browser;

/// An order of two units.
async fn order(app: &App, buyer: &str) -> String {
    let product = app.product("Blue mug", 1999, 50).await;
    let buyer = app.customer(buyer).await;
    app.put_in_cart(&buyer, &product, 2).await;
    app.post("/api/v1/orders").token(&buyer.token).send().await.expect(201).id()
}

async fn status(app: &App, order: &str) -> String {
    app.office().get(&format!("/orders/{order}")).await["status"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn orders_are_listed_by_what_is_to_be_done_and_found_by_name_r239() {
    let app = spawn().await;
    let (first, second) = (order(&app, "ann").await, order(&app, "bob").await);
    app.office()
        .send("POST", &format!("/orders/{second}/status"), &json!({ "status": "processing" }))
        .await
        .expect(200);
    let admin = Browser::admin(&app).await;
    let rows = async |page: &str| admin.open(page).await.expect(200).values("tbody a.name", "href");
    let at = |id: &str| format!("orders/{id}");
    assert_eq!(rows("orders").await, [at(&second), at(&first)]);
    assert_eq!(rows("orders?status=placed").await, [at(&first) + "?status=placed"]);
    assert_eq!(rows("orders?q=bob").await, [at(&second) + "?q=bob"]);
    assert!(rows("orders?q=nobody").await.is_empty());
    let home = admin.open("").await.expect(200);
    assert!(home.texts(".to-do li").contains(&"2 orders to ship".to_owned()), "prepared or not");
}

#[tokio::test]
async fn htmx_gets_the_rows_alone_and_a_boosted_link_the_whole_page_r239() {
    let app = spawn().await;
    order(&app, "ann").await;
    let admin = Browser::admin(&app).await;
    let asked = |boosted: bool| {
        let request = admin.request(reqwest::Method::GET, "orders?q=ann").header("hx-request", "true");
        super::browser::Page::to(if boosted { request.header("hx-boosted", "true") } else { request })
    };
    let part = asked(false).await.expect(200);
    assert!(part.text.starts_with("<div id=\"list\">") && !part.text.contains("<html"), "{}", part.text);
    assert!(asked(true).await.text.contains("<html"));
}

#[tokio::test]
async fn a_list_goes_on_page_by_page_and_keeps_its_filter_r239() {
    let app = spawn().await;
    for number in 0..51 {
        app.product(&format!("Mug {number:02}"), 100, 0).await;
    }
    let admin = Browser::admin(&app).await;
    let first = admin.open("products?status=active").await.expect(200);
    assert_eq!(first.texts("tbody tr").len(), 50);
    assert_eq!(first.values("#list form input[name=status]", "value"), ["active"]);
    let after = first.values("button[name=after]", "value").remove(0);
    let second = admin.open(&format!("products?status=active&after={after}")).await.expect(200);
    assert_eq!((second.texts("tbody tr").len(), second.texts(".pager button")), (1, vec!["First page".to_owned()]));
    // A place of another list is the beginning.
    admin.open(&format!("orders?after={after}")).await.expect(200);
}

#[tokio::test]
async fn an_order_is_shipped_with_its_tracking_in_one_form_r240() {
    let app = spawn().await;
    let id = order(&app, "ann").await;
    let admin = Browser::admin(&app).await;
    let page = admin.open(&format!("orders/{id}")).await.expect(200);
    assert!(page.texts("main .heading a.button").contains(&"Ship".to_owned()), "{}", page.text);
    let typed = [("carrier", "UPS"), ("tracking_number", "1Z999"), ("note", "By the door")];
    let shipped = admin.act(&format!("orders/{id}/ship"), &typed).await.expect(303);
    assert_eq!(shipped.location(), format!("../../orders/{id}?done=shipped"));
    assert_eq!(status(&app, &id).await, "shipped");
    let page = admin.open(&format!("orders/{id}?done=shipped")).await.expect(200);
    assert_eq!(page.texts("[role=status] .toast").len(), 1);
    assert!(page.text.contains("1Z999") && page.text.contains("By the door"));
    // A second clerk, whose page is older.
    let late = admin.act(&format!("orders/{id}/ship"), &typed).await.expect(409);
    let said = &late.texts("[role=alert]")[0];
    assert!(said.starts_with("Already shipped by admin, "), "{said}");
    assert!(said.ends_with(", with UPS 1Z999. Nothing was changed."), "{said}");
    assert_eq!(late.values("main [autofocus]", "role"), ["alert"], "no field is at fault");
    let cancelled = admin.act(&format!("orders/{id}/cancel"), &[]).await.expect(409);
    assert!(cancelled.texts("[role=alert]")[0].starts_with("Already shipped by admin, "), "{}", cancelled.text);
    let number = app.office().get(&format!("/orders/{id}")).await["number"].as_str().unwrap().to_owned();
    let many = admin.act("orders/ship", &[("lines", &number)]).await.expect(422);
    assert!(many.texts("[role=alert]")[0].contains(": Already shipped by admin, "), "{}", many.text);
    assert_eq!(late.values("[name=tracking_number]", "value"), ["1Z999"]);
    admin.act(&format!("orders/{id}/tracking"), &[("tracking_number", "1Z000")]).await.expect(303);
    let tracking = app.office().get(&format!("/orders/{id}/tracking")).await;
    assert_eq!((tracking["tracking_number"].as_str(), tracking["carrier"].as_str()), (Some("1Z000"), Some("UPS")));
    admin.act(&format!("orders/{id}/advance"), &[]).await.expect(303);
    assert_eq!(status(&app, &id).await, "delivered");
}

#[tokio::test]
async fn two_clerks_at_once_ship_an_order_once_r240() {
    let app = spawn().await;
    let id = order(&app, "ann").await;
    let (ann, bob) = (Browser::admin(&app).await, Browser::admin(&app).await);
    let place = format!("orders/{id}/ship");
    let (hers, his) = (ann.act(&place, &[("tracking_number", "A")]), bob.act(&place, &[("tracking_number", "B")]));
    let (hers, his) = tokio::join!(hers, his);
    let mut both = [hers.status, his.status];
    both.sort_unstable();
    assert_eq!(both, [303, 409]);
    let history = app.office().get(&format!("/orders/{id}/tracking")).await["history"].as_array().unwrap().len();
    assert_eq!(history, 3, "placed, processing, shipped");
}

#[tokio::test]
async fn a_cancelled_order_says_before_what_follows_and_gives_its_units_back_r240() {
    let app = spawn().await;
    let id = order(&app, "ann").await;
    let admin = Browser::admin(&app).await;
    let form = admin.open(&format!("orders/{id}/cancel")).await.expect(200);
    assert!(
        form.text.contains("2 units come back into stock") && form.text.contains("cannot be undone"),
        "{}",
        form.text
    );
    assert_eq!(form.values("button.danger", "class"), ["main danger"]);
    admin.act(&format!("orders/{id}/cancel"), &[("reason", "Changed her mind")]).await.expect(303);
    assert_eq!(status(&app, &id).await, "cancelled");
    let page = admin.open(&format!("orders/{id}")).await.expect(200);
    assert!(page.texts("main .heading a.button").is_empty(), "nothing can be done with it");
}

#[tokio::test]
async fn money_of_an_order_goes_back_by_a_form_r240() {
    let app = spawn_with(&[("payments.test.enabled", "true"), ("payments.required", "true")]).await;
    let product = app.product("Blue mug", 1999, 50).await;
    let ann = app.customer("ann").await;
    app.put_in_cart(&ann, &product, 2).await;
    let id = app.post("/api/v1/orders").token(&ann.token).send().await.expect(201).id();
    let begun = app.post(&format!("/api/v1/orders/{id}/payments")).token(&ann.token);
    begun.json(&json!({ "provider": "test" })).key("k").send().await.expect(201);
    let admin = Browser::admin(&app).await;
    let place = format!("orders/{id}/refund");
    let form = admin.open(&place).await.expect(200);
    assert_eq!(form.values("[name=amount]", "value"), ["39.98"]);
    let refused = admin.act(&place, &[("amount", "50"), ("reason", "damaged")]).await;
    assert!(refused.status == 409 || refused.status == 422, "{}", refused.text);
    assert!(admin.act(&place, &[("amount", "0"), ("reason", "damaged")]).await.status == 422);
    admin.act(&place, &[("amount", "10,00"), ("reason", "damaged")]).await.expect(303);
    let refunds = app.office().get(&format!("/orders/{id}/refunds")).await;
    assert_eq!(refunds["items"][0]["amount"]["amount"], 1000);
    let page = admin.open(&format!("orders/{id}")).await.expect(200);
    assert!(page.text.contains("10.00\u{a0}USD"), "{}", page.text);
}

#[tokio::test]
async fn many_orders_are_shipped_each_on_its_own_and_what_failed_stays_r239_r240() {
    let app = spawn().await;
    let ids = [order(&app, "ann").await, order(&app, "bob").await];
    let mut numbers = Vec::new();
    for id in &ids {
        numbers.push(app.office().get(&format!("/orders/{id}")).await["number"].as_str().unwrap().to_owned());
    }
    let admin = Browser::admin(&app).await;
    let list = admin.open("orders").await.expect(200);
    assert_eq!(list.values("[type=checkbox][name=id]", "value").len(), 2);
    let form = admin.open(&format!("orders/ship?id={}&id={}", ids[0], ids[1])).await.expect(200);
    assert_eq!(form.texts("textarea")[0].lines().count(), 2);
    let lines = format!("{}, 1Z1\n{}\t1Z2\n7777-7777,1Z3\nnonsense", numbers[0].to_lowercase(), numbers[1]);
    let typed = [("carrier", "UPS"), ("lines", lines.as_str())];
    let left = admin.send("orders/ship", &super::browser::changed(form.form(), &typed)).await.expect(422);
    assert!(left.texts("[role=alert]")[0].starts_with("2 shipped, 2 not."), "{}", left.text);
    assert_eq!(left.texts("textarea")[0].lines().count(), 2, "what failed stays");
    for (id, tracking) in ids.iter().zip(["1Z1", "1Z2"]) {
        assert_eq!(app.office().get(&format!("/orders/{id}/tracking")).await["tracking_number"], tracking);
    }
    assert_eq!(admin.act("orders/ship", &[("lines", " ")]).await.status, 422);
    let third = order(&app, "cat").await;
    let form = admin.open(&format!("orders/ship?id={third}")).await.expect(200).form();
    for _ in 0..2 {
        admin.send("orders/ship", &form).await.expect(303);
    }
}

#[tokio::test]
async fn packing_slips_have_what_is_packed_and_no_prices_r240() {
    let app = spawn().await;
    let ids = [order(&app, "ann").await, order(&app, "bob").await];
    let admin = Browser::admin(&app).await;
    let slips = admin.open(&format!("orders/slips?id={}&id={}", ids[0], ids[1])).await.expect(200);
    assert_eq!(slips.texts("section.sheet").len(), 2, "each on a sheet of its own");
    assert!(slips.text.contains("Blue mug") && !slips.text.contains("19.99"), "{}", slips.text);
    assert_eq!(admin.open(&format!("orders/{}/slip", ids[0])).await.expect(200).texts("section.sheet").len(), 1);
}

#[tokio::test]
async fn money_that_came_by_bank_transfer_is_noted_once_r240() {
    let settings = [("payments.manual.enabled", "true"), ("payments.manual.instructions", "IBAN DE00")];
    let app = spawn_with(&settings).await;
    let product = app.product("Blue mug", 1999, 50).await;
    let ann = app.customer("ann").await;
    app.put_in_cart(&ann, &product, 2).await;
    let id = app.post("/api/v1/orders").token(&ann.token).send().await.expect(201).id();
    let begun = app.post(&format!("/api/v1/orders/{id}/payments")).token(&ann.token);
    let payment = begun.json(&json!({ "provider": "manual" })).key("k").send().await.expect(201).id();
    let admin = Browser::admin(&app).await;
    let page = admin.open(&format!("orders/{id}")).await.expect(200);
    assert!(page.texts("main a.button").contains(&"Record payment".to_owned()), "{}", page.text);
    let place = format!("payments/{payment}/receive");
    let form = admin.open(&place).await.expect(200);
    assert_eq!(form.values("[name=amount]", "value"), ["39.98"]);
    let refused = admin.act(&place, &[("received_on", "31.01.2026"), ("reference", "")]).await.expect(422);
    assert_eq!(refused.values("[aria-invalid]", "name"), ["reference", "received_on"]);
    admin.act(&place, &[("reference", "statement 12, line 7")]).await.expect(303);
    let order = app.office().get(&format!("/orders/{id}")).await;
    assert_eq!(order["payment_status"], "paid");
}

#[tokio::test]
async fn money_that_is_held_is_captured_r240() {
    let settings = [("payments.test.enabled", "true"), ("payments.required", "true"), ("payments.capture", "manual")];
    let app = spawn_with(&settings).await;
    let product = app.product("Blue mug", 1999, 50).await;
    let ann = app.customer("ann").await;
    app.put_in_cart(&ann, &product, 1).await;
    let id = app.post("/api/v1/orders").token(&ann.token).send().await.expect(201).id();
    let begun = app.post(&format!("/api/v1/orders/{id}/payments")).token(&ann.token);
    let payment = begun.json(&json!({ "provider": "test" })).key("k").send().await.expect(201).id();
    let admin = Browser::admin(&app).await;
    let place = format!("payments/{payment}/capture");
    let form = admin.open(&place).await.expect(200);
    assert_eq!(form.values("[name=amount]", "value"), ["19.99"]);
    assert!(form.text.contains("are held"));
    admin.act(&place, &[]).await.expect(303);
    assert_eq!(app.office().get(&format!("/payments/{payment}")).await["captured"]["amount"], 1999);
}

#[tokio::test]
async fn notes_are_written_and_deleted_once_by_forms_that_are_sent_twice_r240_r249() {
    let app = spawn().await;
    let id = order(&app, "ann").await;
    let admin = Browser::admin(&app).await;
    let place = format!("orders/{id}/notes");
    let form = admin.open(&place).await.expect(200).form();
    for _ in 0..2 {
        admin.send(&place, &super::browser::changed(form.clone(), &[("text", "Call <first>")])).await.expect(303);
    }
    let page = admin.open(&format!("orders/{id}")).await.expect(200);
    assert_eq!(page.texts(".note"), ["Call <first>"]);
    let delete = page.hidden();
    for _ in 0..2 {
        admin.send(&format!("{place}/delete"), &delete).await.expect(303);
    }
    assert!(admin.open(&format!("orders/{id}")).await.expect(200).texts(".note").is_empty());
    admin.act(&place, &[("text", " ")]).await.expect(422);
}

#[tokio::test]
async fn older_notes_have_a_page_on_a_customer_and_an_order_says_that_there_are_some_r240_r243() {
    let app = spawn().await;
    let id = order(&app, "ann").await;
    let customer = app.office().get(&format!("/orders/{id}")).await["customer_id"].as_str().unwrap().to_owned();
    let owners = [format!("orders/{id}"), format!("customers/{customer}")];
    let admin = Browser::admin(&app).await;
    for at in 0..=50 {
        for owner in &owners {
            let note = json!({ "text": format!("Note {at} of many") });
            app.office().send("POST", &format!("/{owner}/notes"), &note).await.expect(201);
        }
        if at == 49 {
            admin.open(&owners[0]).await.expect(200).hides("the latest 50 are shown");
            assert!(admin.open(&owners[1]).await.expect(200).values("a[rel=next]", "href").is_empty());
        }
    }
    let page = admin.open(&owners[0]).await.expect(200).shows("Of the notes, the latest 50 are shown.");
    page.hides("Note 0 of many").shows("Note 1 of many");
    let page = admin.open(&owners[1]).await.expect(200).hides("Note 0 of many").shows("Note 1 of many");
    let next = page.values("a[rel=next]", "href").remove(0);
    let older = admin.open(next.trim_start_matches("../")).await.expect(200);
    assert_eq!(older.texts("p.note"), ["Note 0 of many"]);
}

#[tokio::test]
async fn the_page_of_an_order_leads_on_in_the_list_that_it_was_opened_from_r240() {
    let app = spawn().await;
    let mut placed = Vec::new();
    for buyer in ["ann", "bob", "cleo"] {
        placed.push(order(&app, buyer).await);
    }
    let next = json!({ "status": "processing" });
    app.office().send("POST", &format!("/orders/{}/status", placed[1]), &next).await.expect(200);
    let admin = Browser::admin(&app).await;
    let opened = admin.open("orders?status=placed").await.expect(200).values("tbody a.name", "href");
    let place = |id: &str| format!("orders/{id}?status=placed");
    assert_eq!(opened, [place(&placed[2]), place(&placed[0])]);
    let newest = admin.open(&opened[0]).await.expect(200);
    assert_eq!(newest.values("a[rel=next]", "href"), [format!("../{}", opened[1])]);
    assert!(newest.values("a[rel=prev]", "href").is_empty());
    assert_eq!(newest.values("p.back a", "href"), ["../orders?status=placed"]);
    let oldest = admin.open(&opened[1]).await.expect(200);
    assert_eq!(oldest.values("a[rel=prev]", "href"), [format!("../{}", opened[0])]);
    assert!(oldest.values("a[rel=next]", "href").is_empty());
    let between = admin.open(&format!("orders/{}", placed[1])).await.expect(200);
    assert_eq!(
        between.values("a[rel=prev]", "href"),
        [format!("../orders/{}", placed[2])],
        "without a filter all follow"
    );
    assert_eq!(between.values("a[rel=next]", "href"), [format!("../orders/{}", placed[0])]);
}

#[tokio::test]
async fn actions_lead_back_to_the_order_in_its_list_r240() {
    let app = spawn().await;
    let (older, newer) = (order(&app, "ann").await, order(&app, "bob").await);
    let admin = Browser::admin(&app).await;
    let list = "status=placed";
    let page = admin.open(&format!("orders/{newer}?{list}")).await.expect(200);
    let ship = format!("../orders/{newer}/ship?{list}");
    assert!(page.values("a[data-opens]", "href").contains(&ship), "{:?}", page.values("a[data-opens]", "href"));
    assert!(page.values("a[data-opens]", "href").iter().all(|link| link.ends_with(list)));
    let dialog = admin.open(ship.trim_start_matches("../")).await.expect(200);
    assert_eq!(dialog.values("main form", "action"), [format!("../../orders/{newer}/ship?{list}")]);
    assert_eq!(dialog.values("a[data-closes]", "href"), [format!("../../orders/{newer}?{list}")]);
    for (verb, fields, done) in [("notes", [("text", "Call")], "noted"), ("ship", [("carrier", "UPS")], "shipped")] {
        let done = format!("orders/{newer}?{list}&done={done}");
        let acted = admin.act(&format!("orders/{newer}/{verb}?{list}"), &fields).await.expect_to(&done);
        let after = admin.open(acted.location().trim_start_matches("../")).await.expect(200);
        assert_eq!(after.values("a[rel=next]", "href"), [format!("../orders/{older}?{list}")]);
    }
}

#[tokio::test]
async fn the_timeline_of_an_order_says_what_happened_who_did_it_and_when_r240() {
    let app = spawn().await;
    let id = order(&app, "ann").await;
    let admin = Browser::admin(&app).await;
    admin.act(&format!("orders/{id}/notes"), &[("text", "Call first")]).await.expect(303);
    admin.act(&format!("orders/{id}/ship"), &[("tracking_number", "1Z")]).await.expect(303);
    let page = admin.open(&format!("orders/{id}")).await.expect(200);
    let moments = page.texts(".timeline > li");
    let has = |place: usize, words: &[&str]| words.iter().all(|word| moments[place].contains(word));
    assert_eq!(moments.len(), 4, "{moments:?}");
    assert!(has(0, &["shipped", "admin"]) && has(1, &["processing", "admin"]), "{moments:?}");
    assert!(has(2, &["Call first", "admin"]) && has(3, &["placed"]), "{moments:?}");
    assert!(!moments[3].contains("admin"), "the customer did that");
    let clerk = super::customers::staff(&app, "cleo", "clerk").await;
    let seen = clerk.open(&format!("orders/{id}")).await.expect(200).texts(".timeline > li");
    assert!(seen[0].contains("shipped") && seen[0].contains("admin"), "without the rest of the audit log: {seen:?}");
    clerk.open("settings/audit").await.expect(403);
}

#[tokio::test]
async fn the_first_page_says_what_unpaid_orders_come_to_and_which_payments_need_attention_r238() {
    let app = spawn_with(&[("payments.test.enabled", "true"), ("payments.required", "true")]).await;
    order(&app, "ann").await;
    order(&app, "bob").await;
    let admin = Browser::admin(&app).await;
    let to_do = admin.open("").await.expect(200).texts(".to-do li");
    assert!(to_do.iter().any(|line| line == "2 orders are not paid yet: 79.96\u{a0}USD"), "{to_do:?}");
    admin.open("payments").await.expect(200).shows("No payments found");
    admin.open("payments?finding=true").await.expect(200).shows("No payments found");
}

/// What a form of an address holds.
fn typed<'a>(line1: &'a str, postal_code: &'a str, country: &'a str) -> [(&'static str, &'a str); 4] {
    [
        ("shipping_address.line1", line1),
        ("shipping_address.city", "Bonn"),
        ("shipping_address.postal_code", postal_code),
        ("shipping_address.country", country),
    ]
}

#[tokio::test]
async fn an_address_is_mended_by_a_form_that_says_before_what_follows_r138_r240_r249() {
    let app = spawn().await;
    let id = order(&app, "ann").await;
    let admin = Browser::admin(&app).await;
    let place = format!("orders/{id}/edit");
    let page = admin.open(&format!("orders/{id}")).await.expect(200);
    assert!(page.values("main a.button", "href").iter().any(|to| to.ends_with("/edit")), "{}", page.text);
    let form = admin.open(&place).await.expect(200);
    assert!(form.text.contains("The order keeps its price"), "{}", form.text);
    let refused = admin.act(&place, &typed("1 Street", "", "de")).await.expect(422);
    assert_eq!(refused.values("[aria-invalid]", "name"), ["shipping_address.postal_code"]);
    assert_eq!(refused.values("[name=\"shipping_address.line1\"]", "value"), ["1 Street"]);
    let late = admin.open(&place).await.expect(200).form();
    let sent = super::browser::changed(late.clone(), &typed("1 Street", "53111", "de"));
    for _ in 0..2 {
        admin.send(&place, &sent).await.expect_to(&format!("orders/{id}?done=edited"));
    }
    let order = app.office().get(&format!("/orders/{id}")).await;
    assert_eq!((&order["shipping_address"]["line1"], &order["version"]), (&json!("1 Street"), &json!(2)));
    let page = admin.open(&format!("orders/{id}")).await.expect(200);
    assert!(page.texts(".timeline li").iter().any(|moment| moment.starts_with("Address changed")), "{}", page.text);
    // A second clerk, whose page is older.
    let mut other = late;
    let key = other.iter_mut().find(|(name, _)| name == "key").unwrap();
    key.1 = "another".to_owned();
    let stale = super::browser::changed(other, &typed("9 Lane", "53111", "DE"));
    let stale = admin.send(&place, &stale).await.expect(412);
    assert!(stale.texts(".meanwhile")[0].contains("1 Street"), "{}", stale.text);
    assert_eq!(stale.values("[name=\"shipping_address.line1\"]", "value"), ["9 Lane"]);

    app.office().send("POST", &format!("/orders/{id}/cancel"), &json!({})).await.expect(200);
    let refused = admin.act(&place, &[("note", "Too late")]).await.expect(409);
    assert!(refused.texts("[role=alert]")[0].contains("this one is cancelled"), "{}", refused.text);
    let page = admin.open(&format!("orders/{id}")).await.expect(200);
    assert!(!page.values("main a.button", "href").iter().any(|to| to.ends_with("/edit")));
}

#[tokio::test]
async fn an_address_where_other_taxes_hold_is_refused_in_words_and_what_was_typed_stays_r138_r240() {
    let app = spawn().await;
    let office = app.office();
    let germany = shop::zone(&office, "Germany", "DE").await;
    shop::rate(&office, &germany, "standard", "DE19", 190_000).await;
    let austria = shop::zone(&office, "Austria", "AT").await;
    shop::rate(&office, &austria, "standard", "AT20", 200_000).await;
    let product = app.product("Blue mug", 1999, 50).await;
    let ann = app.customer("ann").await;
    let mut purchase = json!({
        "items": [{ "product_id": product, "quantity": 1 }],
        "shipping_address": { "line1": "1 Street", "city": "Bonn", "postal_code": "53111", "country": "DE" },
    });
    let quote = app.post("/api/v1/checkout/quote").token(&ann.token).json(&purchase).send().await.expect(200);
    purchase["expected_total"] = quote.at("/totals/total").clone();
    let id = app.post("/api/v1/orders").token(&ann.token).json(&purchase).send().await.expect(201).id();
    let admin = Browser::admin(&app).await;
    let place = format!("orders/{id}/edit");
    let refused = admin.act(&place, &typed("1 Ring", "1010", "AT")).await.expect(409);
    let said = refused.texts("[role=alert]").remove(0);
    assert!(said.contains("AT20 (20 %) instead of DE19 (19 %)"), "{said}");
    assert_eq!(refused.values("[name=\"shipping_address.line1\"]", "value"), ["1 Ring"]);
    admin.act(&place, &typed("2 Street", "53113", "DE")).await.expect(303);
}

/// What the lines of an order's totals say, each with its amount in hundredths.
async fn totals(app: &App, id: &str) -> Vec<(String, i64)> {
    let page = Browser::admin(app).await.open(&format!("orders/{id}")).await.expect(200);
    let first = |selector: &str| page.texts(&format!("table + dl.totals {selector}"));
    let amount = |text: &String| {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        digits.parse::<i64>().unwrap() * if text.starts_with('\u{2212}') { -1 } else { 1 }
    };
    first("dt").into_iter().zip(first("dd").iter().map(amount)).collect()
}

/// Orders a lamp and a book in Bremen, with 10.00 off by a code, and returns the order.
async fn order_with_everything(app: &App, is_exempt: bool) -> String {
    let office = app.office();
    let germany = shop::zone(&office, "Germany", "DE").await;
    shop::rate(&office, &germany, "standard", "DE19", 190_000).await;
    shop::method(&office, "dhl", &germany, 600).await;
    shop::promotion(&office, &json!({}), &[json!("SUMMER")]).await;
    let (lamp, book) = (app.product("Lamp", 2380, 50).await, app.product("Book", 1070, 50).await);
    let ann = app.customer("ann").await;
    if is_exempt {
        let exempt = json!({ "tax_exempt": "reverse_charge" });
        office.send("PATCH", &format!("/customers/{}", ann.id), &exempt).await.expect(200);
    }
    let mut purchase = json!({
        "items": [{ "product_id": lamp, "quantity": 1 }, { "product_id": book, "quantity": 2 }],
        "shipping_address": shop::bremen(), "coupon_codes": ["SUMMER"], "shipping_method": "dhl",
    });
    let quote = app.post("/api/v1/checkout/quote").token(&ann.token).json(&purchase).send().await.expect(200);
    purchase["expected_total"] = quote.at("/totals/total").clone();
    app.post("/api/v1/orders").token(&ann.token).json(&purchase).send().await.expect(201).id()
}

#[tokio::test]
async fn the_lines_of_an_order_add_up_to_its_total_and_say_what_they_are_of_r109_r240() {
    for include in ["true", "false"] {
        for is_exempt in [false, true] {
            let settings = [("shop.prices_include_tax", include), ("shop.address.country", "DE")];
            let app = spawn_with(&settings).await;
            let id = order_with_everything(&app, is_exempt).await;
            let lines = totals(&app, &id).await;
            let at = lines.iter().position(|(label, _)| label == "Total").unwrap();
            let (addends, rest) = lines.split_at(at);
            assert_eq!(addends.iter().map(|(_, amount)| amount).sum::<i64>(), rest[0].1, "{lines:?}");
            let has = |part: &[(String, i64)], label: &str| part.iter().any(|(known, _)| known.starts_with(label));
            for label in ["Subtotal", "Summer (", "Shipping: dhl"] {
                assert!(has(addends, label), "{label}: {lines:?}");
            }
            let tax = if include == "true" { (&rest[1..], "of which DE19") } else { (addends, "DE19") };
            assert!(has(tax.0, tax.1), "{include} {is_exempt}: {lines:?}");
            assert_eq!(rest.len() > 1, include == "true", "{lines:?}");
            assert_eq!(has(addends, "Tax exemption"), is_exempt && include == "true", "{lines:?}");
        }
    }
}

#[tokio::test]
async fn the_shipping_method_stands_where_a_parcel_is_made_r240() {
    let app = spawn().await;
    let id = order_with_everything(&app, false).await;
    let admin = Browser::admin(&app).await;
    for page in ["", "/ship", "/slip"] {
        let shown = admin.open(&format!("orders/{id}{page}")).await.expect(200);
        let all = shown.texts("main :is(dd, p)").join("\n");
        assert!(all.contains("dhl dhl"), "{page}: {all}");
    }
}

#[tokio::test]
async fn a_tracking_that_somebody_else_has_corrected_is_not_overwritten_r134_r249() {
    let app = spawn().await;
    let id = order(&app, "ann").await;
    let admin = Browser::admin(&app).await;
    admin.act(&format!("orders/{id}/ship"), &[("carrier", "UPS"), ("tracking_number", "1Z1")]).await.expect(303);
    let place = format!("orders/{id}/tracking");
    let late = admin.open(&place).await.expect(200).form();
    admin.act(&place, &[("tracking_number", "1Z2")]).await.expect(303);
    let stale = super::browser::changed(late, &[("tracking_number", "1Z3")]);
    let stale = admin.send(&place, &stale).await.expect(412);
    assert!(stale.texts(".meanwhile")[0].contains("1Z2"), "{}", stale.text);
    assert_eq!(app.office().get(&format!("/orders/{id}/tracking")).await["tracking_number"], "1Z2");
    admin.send(&place, &stale.form()).await.expect(303);
    assert_eq!(app.office().get(&format!("/orders/{id}/tracking")).await["tracking_number"], "1Z3");
}

#[tokio::test]
async fn all_orders_and_mails_of_a_customer_are_reached_r239_r243() {
    let app = spawn().await;
    let product = app.product("Blue mug", 1999, 50).await;
    let ann = app.customer("ann").await;
    for _ in 0..10 {
        app.put_in_cart(&ann, &product, 1).await;
        app.post("/api/v1/orders").token(&ann.token).send().await.expect(201);
    }
    order(&app, "bob").await;
    let admin = Browser::admin(&app).await;
    let page = admin.open(&format!("customers/{}", ann.id)).await.expect(200);
    let links = page.values("main p.actions a", "href");
    let query = format!("customer={}", ann.id);
    assert_eq!(links, [format!("../orders?{query}"), format!("../mails?{query}")]);
    let list = admin.open(&format!("orders?{query}")).await.expect(200);
    assert_eq!((list.texts("tbody tr").len(), list.texts("h1")), (10, vec!["Orders of ann".to_owned()]));
    for link in list.values("nav.tabs a", "href") {
        assert!(link.contains(&query), "a tab keeps the customer: {link}");
    }
    assert_eq!(list.values("form.find [name=customer]", "value"), [ann.id.as_str()]);
    assert_eq!(admin.open("orders").await.expect(200).texts("tbody tr").len(), 11);
    let off = list.values("main p a:not(.button)", "href").remove(0);
    assert_eq!((off.as_str(), list.texts("main p a")[0].as_str()), ("orders", "Of all customers"));
    admin.open("orders/export.csv?customer=nobody").await.expect(422);
    let mails = admin.open(&format!("mails?{query}&status=sent")).await.expect(200);
    assert!(mails.values("nav.tabs a", "href").iter().all(|link| link.contains(&query)));
}

#[tokio::test]
async fn many_orders_are_shipped_without_losing_the_list_and_their_slips_are_printed_then_r239_r240() {
    let app = spawn().await;
    let ids = [order(&app, "ann").await, order(&app, "bob").await];
    order(&app, "cat").await;
    let admin = Browser::admin(&app).await;
    let filter = "stage=to_ship&sort=placed_at";
    let place = format!("orders/ship?{filter}&id={}&id={}", ids[0], ids[1]);
    let form = admin.open(&place).await.expect(200);
    assert_eq!(form.values("p.back a", "href")[0], format!("../orders?{filter}"));
    let action = form.values("main form[method=post]", "action").remove(0);
    let shipped = admin.send(action.trim_start_matches("../"), &form.form()).await.expect(303);
    assert!(shipped.location().starts_with(&format!("../orders?{filter}&done=shipped")), "{}", shipped.location());
    let list = admin.open(shipped.location().trim_start_matches("../")).await.expect(200);
    assert_eq!(list.texts("tbody tr").len(), 1, "what is left to ship");
    let slips = list.values("main p a.button", "href").into_iter().find(|link| link.contains("slips")).unwrap();
    let slips = admin.open(&slips).await.expect(200);
    assert_eq!(slips.texts("section.sheet").len(), 2);
    assert_eq!(slips.values("main .actions a", "href")[0], format!("../orders?{filter}"));
    let one = admin.open(&format!("orders/{}/slip?{filter}", ids[0])).await.expect(200);
    assert_eq!(one.values("main .actions a", "href")[0], format!("../../orders/{}?{filter}", ids[0]));
    // If some are left, the slips of the others are one click away as well.
    let third = order(&app, "dan").await;
    let number = app.office().get(&format!("/orders/{third}")).await["number"].as_str().unwrap().to_owned();
    let left = admin.act("orders/ship", &[("lines", &format!("{number}\nnonsense"))]).await.expect(422);
    assert!(left.values("main p a.button", "href")[0].ends_with(&format!("slips?id={third}")), "{}", left.text);
}

#[tokio::test]
async fn whoever_may_read_orders_prints_their_packing_slips_and_ships_none_r240_r255() {
    let app = spawn().await;
    let id = order(&app, "ann").await;
    let viewer = super::customers::staff(&app, "vera", "viewer").await;
    let list = viewer.open("orders?choose=page").await.expect(200);
    assert_eq!(list.texts(".bulk button"), ["Print their packing slips", "Print all 1 that match"]);
    assert_eq!(list.values("#list form", "action"), ["orders/slips"]);
    assert_eq!(viewer.open(&format!("orders/slips?id={id}")).await.expect(200).texts("section.sheet").len(), 1);
}

#[tokio::test]
async fn a_note_is_deleted_by_who_may_still_write_notes_r240_r255() {
    let app = spawn().await;
    let id = order(&app, "ann").await;
    let role = json!({ "name": "packing", "scopes": ["orders:write"] });
    app.office().send("POST", "/roles", &role).await.expect(201);
    let packer = super::customers::staff(&app, "paul", "packing").await;
    packer.act(&format!("orders/{id}/notes"), &[("text", "Fragile")]).await.expect(303);
    let place = format!("orders/{id}");
    let buttons = |page: super::browser::Page| page.texts(".timeline form button");
    assert_eq!(buttons(packer.open(&place).await.expect(200)), ["Delete"]);
    let read = json!({ "scopes": ["orders:read"] });
    app.office().send("PATCH", "/roles/packing", &read).await.expect(200);
    assert!(buttons(packer.open(&place).await.expect(200).shows("Fragile")).is_empty());
}

#[tokio::test]
async fn the_timeline_says_of_a_payment_that_it_began_and_the_list_which_order_it_is_of_r240() {
    let app = spawn_with(&[("payments.manual.enabled", "true"), ("payments.manual.instructions", "IBAN DE00")]).await;
    let id = order(&app, "ann").await;
    let begun = app.post(&format!("/api/v1/orders/{id}/payments")).token(&app.admin);
    let payment = begun.json(&json!({ "provider": "manual" })).key("k").send().await.expect(201).id();
    let admin = Browser::admin(&app).await;
    let moment = async || {
        let page = admin.open(&format!("orders/{id}")).await.expect(200);
        page.texts(".timeline li").into_iter().find(|moment| moment.starts_with("Payment of")).unwrap()
    };
    let before = moment().await;
    admin.act(&format!("payments/{payment}/receive"), &[("reference", "line 7")]).await.expect(303);
    assert_eq!(moment().await, before, "what became of it later is not said at that time");
    let orders = admin.open("orders").await.expect(200);
    assert_eq!(orders.values("main .heading a.button", "href"), ["payments"]);
    let payments = admin.open("payments").await.expect(200);
    let number = app.office().get(&format!("/orders/{id}")).await["number"].as_str().unwrap().to_owned();
    assert_eq!(payments.texts("tbody a.name"), [number]);
    assert_eq!(payments.values("p.back a", "href"), ["orders"]);
}
