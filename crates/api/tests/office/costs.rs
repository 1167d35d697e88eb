//! What it costs to ship and what is taxed: zones, shipping methods and tax rates.

use serde_json::{Value, json};
use testkit::{App, spawn};

use super::browser::{Browser, changed, expect_guarded};
use super::customers::staff;

async fn zone(app: &App, name: &str, country: &str) -> String {
    let body = json!({ "name": name, "members": [{ "country": country }] });
    app.office().send("POST", "/zones", &body).await.expect(201).id()
}

async fn method(app: &App, zone: &str) -> String {
    let usd = |amount: i64| json!({ "amount": amount, "currency": "USD" });
    let tiers = json!([
        { "from": 0, "amount": usd(490) },
        { "from": 2000, "amount": usd(690), "per": 1000, "per_amount": usd(100) },
    ]);
    let body = json!({ "code": "dhl", "name": "DHL", "zone_id": zone, "basis": "weight", "tiers": tiers });
    app.office().send("POST", "/shipping-methods", &body).await.expect(201).id()
}

async fn one(app: &App, list: &str) -> Value {
    let mut all = app.office().all(list).await;
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

#[tokio::test]
async fn shipping_and_taxes_are_changed_by_those_who_may_r237_r245() {
    let app = spawn().await;
    let zone = zone(&app, "Germany", "DE").await;
    let method = method(&app, &zone).await;
    let mut pages = vec!["settings/zones/new".to_owned(), "settings/shipping-methods/new".to_owned()];
    pages.push("settings/tax-rates/new".to_owned());
    pages.extend(["edit", "delete"].map(|verb| format!("settings/zones/{zone}/{verb}")));
    pages.extend(["edit", "delete"].map(|verb| format!("settings/shipping-methods/{method}/{verb}")));
    let clerk = staff(&app, "cleo", "clerk").await;
    expect_guarded(&app, &clerk, &pages).await;
    let viewer = staff(&app, "vera", "viewer").await;
    for page in ["settings/shipping", "settings/taxes"] {
        assert!(viewer.open(page).await.expect(200).values("main a.button", "href").is_empty(), "{page}");
    }
}

#[tokio::test]
async fn a_zone_is_drawn_changed_field_by_field_and_deleted_r245_r249() {
    let app = spawn().await;
    let admin = Browser::admin(&app).await;
    let page = "settings/zones/new";
    let refused = admin.act(page, &[("name", "West"), ("members", "US CA 902*\nXX")]).await.expect(422);
    assert!(
        refused.texts(".fault")[0].starts_with("Areas XX: must be an assigned ISO 3166-1"),
        "{:?}",
        refused.texts(".fault")
    );
    let typed = changed(refused.form(), &[("members", "US CA 902*\nMX\n"), ("shipping_tax", "class:standard")]);
    for _ in 0..2 {
        admin.send(page, &typed).await.expect_to("settings/shipping?done=created");
    }
    let made = one(&app, "/zones").await;
    let areas = json!([
        { "country": "MX", "region": null, "postal_prefix": null },
        { "country": "US", "region": "CA", "postal_prefix": "902" },
    ]);
    assert_eq!(
        (&made["name"], &made["members"], &made["shipping_tax"]),
        (&json!("West"), &areas, &json!("class:standard"))
    );

    let place = format!("settings/zones/{}/edit", made["id"].as_str().unwrap());
    let (hers, his) = (admin.open(&place).await.expect(200).form(), admin.open(&place).await.expect(200).form());
    admin.send(&place, &changed(hers, &[("name", "Far west"), ("members", "US CA")])).await.expect(303);
    let stale = admin.send(&place, &changed(his, &[("name", "Wild west")])).await.expect(412);
    assert!(
        stale.texts(".meanwhile")[0].contains("Somebody has changed it to: Far west"),
        "{:?}",
        stale.texts(".meanwhile")
    );
    assert!(stale.texts(".meanwhile")[1].contains("Before it was: MX"), "{:?}", stale.texts(".meanwhile"));
    admin.send(&place, &stale.form()).await.expect(303);
    let now = one(&app, "/zones").await;
    assert_eq!((&now["name"], now["members"].as_array().unwrap().len()), (&json!("Wild west"), 1));

    // A zone that something names stays.
    let id = now["id"].as_str().unwrap();
    let method = method(&app, id).await;
    let place = format!("settings/zones/{id}/delete");
    let refused = admin.act(&place, &[]).await.expect(409);
    assert!(refused.texts(".problems")[0].contains("dhl"), "{:?}", refused.texts(".problems"));
    admin.act(&format!("settings/shipping-methods/{method}/delete"), &[]).await.expect(303);
    admin.act(&place, &[]).await.expect_to("settings/shipping?done=deleted");
    assert!(app.office().all("/zones").await.is_empty() && app.office().all("/shipping-methods").await.is_empty());
}

#[tokio::test]
async fn a_shipping_method_is_made_and_retired_with_its_costs_line_by_line_r245_r249() {
    let app = spawn().await;
    let admin = Browser::admin(&app).await;
    let page = "settings/shipping-methods/new";
    admin.open(page).await.expect(200).shows("Make a zone first");
    let zone = zone(&app, "Germany", "DE").await;
    let typed = [
        ("name", "Parcel"),
        ("code", "parcel"),
        ("basis", "subtotal"),
        ("tiers", "0: 4.90\n50: 3,90\n200: not offered"),
        ("free_from", "100"),
        ("min_days", "4"),
        ("max_days", "2"),
    ];
    let refused = admin.act(page, &typed).await.expect(422);
    assert_eq!(refused.values("[aria-invalid]", "name"), ["max_days"], "{:?}", refused.texts(".fault"));
    admin.send(page, &changed(refused.form(), &[("max_days", "5")])).await.expect_to("settings/shipping?done=created");
    let made = one(&app, "/shipping-methods").await;
    let usd = |amount: i64| json!({ "amount": amount, "currency": "USD" });
    assert_eq!((&made["zone_id"], &made["free_from"]), (&json!(zone), &usd(10_000)));
    let tiers = made["tiers"].as_array().unwrap();
    assert_eq!(tiers.iter().map(|tier| tier["from"].as_i64().unwrap()).collect::<Vec<_>>(), [0, 5000, 20_000]);
    assert_eq!((&tiers[1]["amount"], &tiers[2]["amount"]), (&usd(390), &Value::Null));

    let place = format!("settings/shipping-methods/{}/edit", made["id"].as_str().unwrap());
    let form = admin.open(&place).await.expect(200);
    assert_eq!(form.texts("textarea"), ["0.00: 4.90\n50.00: 3.90\n200.00: not offered"]);
    let refused = admin.send(&place, &changed(form.form(), &[("tiers", "5: 1")])).await.expect(422);
    assert_eq!(refused.texts(".fault"), ["Cost 5: 1: where it begins must be 0 in the first tier."]);
    let other = admin.open(&place).await.expect(200).form();
    admin.send(&place, &changed(other, &[("name", "Post")])).await.expect(303);
    let stale = admin.send(&place, &changed(form.form(), &[("status", "inactive")])).await.expect(412);
    assert!(stale.texts(".meanwhile")[0].contains("Before it was: Parcel."), "{:?}", stale.texts(".meanwhile"));
    admin.send(&place, &stale.form()).await.expect_to("settings/shipping?done=saved");
    let now = one(&app, "/shipping-methods").await;
    assert_eq!((&now["name"], &now["status"], &now["tiers"]), (&json!("Post"), &json!("inactive"), &made["tiers"]));
    admin
        .act(page, &[("name", "Other"), ("code", "parcel"), ("tiers", "5")])
        .await
        .expect(409)
        .shows("belongs to another shipping method");
}

#[tokio::test]
async fn a_tax_rate_is_never_edited_but_ended_and_followed_by_another_r245_r249() {
    let app = spawn().await;
    let admin = Browser::admin(&app).await;
    zone(&app, "Germany", "DE").await;
    let page = "settings/tax-rates/new";
    let typed =
        [("name", "VAT"), ("code", "DE19"), ("rate_ppm", "19"), ("treatment", "exempt"), ("starts_on", "2020-01-01")];
    let refused = admin.act(page, &typed).await.expect(422);
    assert_eq!(refused.values("[aria-invalid]", "name"), ["treatment"]);
    let good = changed(refused.form(), &[("treatment", ""), ("rate_ppm", "8.25")]);
    admin.send(page, &good).await.expect_to("settings/taxes?done=created");
    let made = one(&app, "/tax-rates").await;
    assert_eq!(
        (&made["rate_ppm"], &made["starts_on"], &made["ends_on"]),
        (&json!(82_500), &json!("2020-01-01"), &Value::Null)
    );
    let id = made["id"].as_str().unwrap();
    let list = admin.open("settings/taxes").await.expect(200);
    assert_eq!(list.texts("td .actions a[href*=tax-rates]"), ["End"], "it holds already, so that it is not deleted");
    admin.act(&format!("settings/tax-rates/{id}/delete"), &[]).await.expect(409);

    let end = format!("settings/tax-rates/{id}/end");
    let refused = admin.act(&end, &[("ends_on", "2020-02-01")]).await.expect(422);
    assert!(refused.texts(".fault")[0].starts_with("Last day must be after today"), "{:?}", refused.texts(".fault"));
    let old = admin.open(&end).await.expect(200).form();
    admin.act(&end, &[("ends_on", "2098-12-31")]).await.expect_to("settings/taxes?done=saved");
    let stale = admin.send(&end, &changed(old, &[("ends_on", "2097-12-31")])).await.expect(412);
    assert!(stale.texts(".meanwhile")[0].contains("2098-12-31"), "{:?}", stale.texts(".meanwhile"));

    // The next one begins with what this one has, from the day after.
    let list = admin.open("settings/taxes").await.expect(200);
    assert_eq!(list.texts("td .actions a[href*=tax-rates]"), ["End", "New from its end"]);
    let next = format!("settings/tax-rates/new?from={id}");
    let form = admin.open(&next).await.expect(200);
    assert_eq!(
        (form.values("[name=starts_on]", "value"), form.values("[name=code]", "value")),
        (vec!["2099-01-01".into()], vec!["DE19".into()])
    );
    let early = admin.send(page, &changed(form.form(), &[("starts_on", "2098-12-31")])).await.expect(422);
    assert!(
        early.texts(".fault")[0].contains("must leave another rate with this code its days"),
        "{:?}",
        early.texts(".fault")
    );
    admin.send(page, &changed(form.form(), &[("rate_ppm", "9")])).await.expect(303);
    let later = app.office().all("/tax-rates").await;
    let later = later.iter().find(|rate| rate["rate_ppm"] == 90_000).unwrap()["id"].as_str().unwrap();
    admin.act(&format!("settings/tax-rates/{later}/delete"), &[]).await.expect_to("settings/taxes?done=deleted");
    assert_eq!(app.office().all("/tax-rates").await.len(), 1);
}

#[tokio::test]
async fn a_tax_class_is_made_renamed_and_deleted_unless_something_has_it_r103_r245_r249() {
    let app = spawn().await;
    let admin = Browser::admin(&app).await;
    let clerk = staff(&app, "cleo", "clerk").await;
    let page = "settings/tax-classes/new";
    let refused = admin.act(page, &[("code", "of food"), ("name", "")]).await.expect(422);
    assert_eq!(refused.values("[aria-invalid]", "name"), ["code", "name"]);
    let typed = changed(refused.form(), &[("code", "food"), ("name", "Food")]);
    for _ in 0..2 {
        admin.send(page, &typed).await.expect_to("settings/taxes?done=created");
    }
    let taken = admin.act(page, &[("code", "food"), ("name", "Again")]).await.expect(409);
    assert_eq!(taken.texts(".fault"), ["Code belongs to another tax class."]);
    let class = async || {
        let all = app.office().all("/tax-classes").await;
        all.into_iter().find(|class| class["code"] == "food")
    };
    let id = class().await.unwrap()["id"].as_str().unwrap().to_owned();
    let (rename, delete) = (format!("settings/tax-classes/{id}/edit"), format!("settings/tax-classes/{id}/delete"));
    expect_guarded(&app, &clerk, &[page.to_owned(), rename.clone(), delete.clone()]).await;
    let (hers, his) = (admin.open(&rename).await.expect(200).form(), admin.open(&rename).await.expect(200).form());
    admin.send(&rename, &changed(hers, &[("name", "Groceries")])).await.expect_to("settings/taxes?done=saved");
    let stale = admin.send(&rename, &changed(his, &[("name", "Fare")])).await.expect(412);
    assert!(stale.texts(".meanwhile")[0].contains("Groceries"), "{}", stale.text);
    let zone = zone(&app, "Germany", "DE").await;
    testkit::shop::rate(&app.office(), &zone, "food", "DE7", 70_000).await;
    let used = admin.act(&delete, &[]).await.expect(409);
    assert!(used.texts("[role=alert]")[0].contains("in use by tax rates: DE7"), "{}", used.text);
    let other = admin.act(page, &[("code", "books"), ("name", "Books")]).await;
    other.expect_to("settings/taxes?done=created");
    let list = admin.open("settings/taxes").await.expect(200);
    let deletes = list.values("main a.button", "href");
    let deletes: Vec<_> = deletes.iter().filter(|to| to.contains("tax-classes") && to.ends_with("/delete")).collect();
    assert_eq!(deletes.len(), 2, "the standard class stays");
    let books = app.office().all("/tax-classes").await.into_iter().find(|class| class["code"] == "books").unwrap();
    let place = format!("settings/tax-classes/{}/delete", books["id"].as_str().unwrap());
    admin.act(&place, &[]).await.expect_to("settings/taxes?done=deleted");
}
