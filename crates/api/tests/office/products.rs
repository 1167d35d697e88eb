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
async fn the_page_of_a_product_leads_to_its_orders_and_to_its_older_prices_r241() {
    let app = spawn().await;
    let id = sku(&app, "MUG", 101).await;
    for amount in 102..=121 {
        let price = json!({ "price": { "amount": amount, "currency": "USD" } });
        app.office().send("PATCH", &format!("/products/{id}"), &price).await.expect(200);
    }
    let admin = Browser::admin(&app).await;
    let page = admin.open(&format!("products/{id}")).await.expect(200);
    let prices = page.texts("td[data-label=Price]");
    assert_eq!((prices.len(), prices[0].as_str(), prices[19].as_str()), (20, "1.21\u{a0}USD", "1.02\u{a0}USD"));
    let next = page.values("a[rel=next]", "href").remove(0);
    let older = admin.open(next.trim_start_matches("../")).await.expect(200);
    assert_eq!(older.texts("td[data-label=Price]"), ["1.01\u{a0}USD"]);
    assert_eq!(older.values(".pager a", "href"), [format!("../products/{id}")], "back to the latest");

    let orders = format!("../orders?product={id}");
    assert!(page.values(".heading a.button", "href").contains(&orders), "{}", page.text);
    let body = json!({ "name": "pricing", "scopes": ["products:write"] });
    app.office().send("POST", "/roles", &body).await.expect(201);
    let pricing = super::customers::staff(&app, "paula", "pricing").await;
    let seen = pricing.open(&format!("products/{id}")).await.expect(200);
    assert!(!seen.values(".heading a.button", "href").contains(&orders), "{}", seen.text);
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

#[tokio::test]
async fn a_stale_row_of_the_grid_shows_both_values_and_is_saved_again_r239_r249() {
    let app = spawn().await;
    let (first, second, third) = (sku(&app, "A", 100).await, sku(&app, "B", 200).await, sku(&app, "C", 300).await);
    let admin = Browser::admin(&app).await;
    let grid = admin.open(&format!("products/edit?id={first}&id={second}&id={third}")).await.expect(200);
    let named = |field: &str, id: &str| format!("{field}-{id}");
    let (price, name) = (named("price", &first), named("name", &first));
    // Somebody else changes two of them meanwhile.
    for (id, change) in [
        (&first, json!({ "name": "Anew", "price": { "amount": 150, "currency": "USD" } })),
        (&third, json!({ "name": "Cup" })),
    ] {
        app.office().send("PATCH", &format!("/products/{id}"), &change).await.expect(200);
    }
    let fields = changed(grid.form(), &[(&price, "1.20"), (&named("price", &second), "2.50")]);
    let refused = admin.send("products/edit", &fields).await.expect(412);
    assert!(refused.texts("[role=alert]")[0].contains("Somebody has changed it"), "{}", refused.text);
    let beside = refused.texts(".meanwhile");
    assert_eq!(beside.len(), 2, "a row that nobody has touched here is not refused: {beside:?}");
    assert!(beside[0].contains("Before it was: A."), "{beside:?}");
    assert!(beside[1].contains("Somebody has changed it to: 1.50"), "{beside:?}");
    assert_eq!(refused.values(&format!("[name='{name}']"), "value"), ["Anew"]);
    assert_eq!(refused.values(&format!("[name='{price}']"), "value"), ["1.20"]);
    assert_eq!(refused.values("td.changed", "data-label"), ["Price", "Price"]);
    let price_of = async |id: &str| app.office().get(&format!("/products/{id}")).await["price"]["amount"].as_i64();
    assert_eq!((price_of(&first).await, price_of(&second).await), (Some(150), Some(200)), "nothing is written");
    admin.send("products/edit", &refused.form()).await.expect(303);
    assert_eq!((price_of(&first).await, price_of(&second).await), (Some(120), Some(250)));
    let places = [&first, &third].map(|id| format!("/products/{id}"));
    assert_eq!(app.office().get(&places[0]).await["name"], "Anew");
    assert_eq!(app.office().get(&places[1]).await["name"], "Cup", "what nobody has touched here stays");
}

/// A choice with terms.
async fn attribute(app: &App, code: &str, multiple: bool, terms: &[&str]) {
    let attribute = json!({ "code": code, "name": code.to_uppercase(), "type": "choice", "multiple": multiple });
    app.office().send("POST", "/attributes", &attribute).await.expect(201);
    for term in terms {
        let path = format!("/attributes/{code}/terms");
        app.office().send("POST", &path, &json!({ "name": term.to_uppercase(), "slug": term })).await.expect(201);
    }
}

#[tokio::test]
async fn a_product_is_given_attributes_of_each_type_in_one_save_r203_r241() {
    let app = spawn().await;
    attribute(&app, "colour", false, &["red", "blue"]).await;
    attribute(&app, "material", true, &["clay", "steel", "wood"]).await;
    for (code, kind) in
        [("capacity", "integer"), ("depth", "decimal"), ("care", "text"), ("safe", "boolean"), ("since", "date")]
    {
        app.office()
            .send("POST", "/attributes", &json!({ "code": code, "name": code, "type": kind }))
            .await
            .expect(201);
    }
    app.office().send("POST", "/categories", &json!({ "name": "Kitchen", "slug": "kitchen" })).await.expect(201);
    let id = sku(&app, "MUG", 100).await;
    let admin = Browser::admin(&app).await;
    let place = format!("products/{id}");
    let form = admin.open(&place).await.expect(200).form();
    let typed = [
        ("price", "2.50"),
        ("attributes.colour", "blue"),
        ("attributes.capacity", "350"),
        ("attributes.depth", "0.5"),
        ("attributes.care", "Wash by hand"),
        ("attributes.safe", "true"),
        ("attributes.since", "2026-01-31"),
        ("attributes.tag", "New in, Gifts"),
    ];
    let mut fields = changed(form, &typed);
    for (name, value) in
        [("attributes.material", "wood"), ("attributes.material", "clay"), ("attributes.category", "kitchen")]
    {
        fields.push((name.to_owned(), value.to_owned()));
    }
    let before = app.office().get(&format!("/products/{id}")).await["version"].as_i64().unwrap();
    admin.send(&place, &fields).await.expect(303);
    let saved = app.office().get(&format!("/products/{id}")).await;
    assert_eq!(saved["price"]["amount"], 250);
    assert!(saved["version"].as_i64().unwrap() > before);
    let shown = app.office().get(&format!("/products/{id}")).await["attributes"].to_string();
    for word in ["blue", "wood", "clay", "350", "0.5", "Wash by hand", "2026-01-31", "new-in", "gifts", "kitchen"] {
        assert!(shown.contains(word), "{word}: {shown}");
    }

    // What nobody touches stays, and one of several is taken away.
    let page = admin.open(&place).await.expect(200);
    assert_eq!(page.values("[name='attributes.material'][checked]", "value").len(), 2);
    assert_eq!(page.values("[name='attributes.tag']", "value"), ["New in, Gifts"]);
    let fields: Vec<_> = page.form().into_iter().filter(|(_, value)| value != "clay").collect();
    let refused = changed(fields.clone(), &[("attributes.capacity", "much")]);
    let refused = admin.send(&place, &refused).await.expect(422);
    assert_eq!(refused.values("[aria-invalid]", "name"), ["attributes.capacity"]);
    admin.send(&place, &fields).await.expect(303);
    let shown = app.office().get(&format!("/products/{id}")).await["attributes"].to_string();
    assert!(shown.contains("wood") && !shown.contains("clay") && shown.contains("350"), "{shown}");
}

#[tokio::test]
async fn a_product_has_times_and_texts_for_its_page_r209_r217_r241() {
    let app = testkit::spawn_with(&[("shop.time_zone", "Europe/Berlin")]).await;
    let admin = Browser::admin(&app).await;
    let id = sku(&app, "MUG", 100).await;
    let place = format!("products/{id}");
    let typed = [
        ("available_from", "2099-07-01T09:00"),
        ("seo_title", "The mug"),
        ("seo_description", "Holds tea"),
        ("description_html", "<p>Of <strong>clay</strong></p><script>x</script>"),
        ("slug", "the-mug"),
    ];
    admin.act(&place, &typed).await.expect(303);
    let saved = app.office().get(&format!("/products/{id}")).await;
    assert_eq!(saved["available_from"].as_str().unwrap().get(..16), Some("2099-07-01T07:00"), "{saved}");
    assert_eq!((saved["status"].as_str(), saved["seo_title"].as_str()), (Some("scheduled"), Some("The mug")));
    assert_eq!(saved["description_html"], "<p>Of <strong>clay</strong></p>");
    let page = admin.open(&place).await.expect(200);
    assert_eq!(page.values("[name=available_from]", "value"), ["2099-07-01T09:00"], "where the shop is");
    assert_eq!(page.texts(".preview p"), ["Storekeeper › the-mug", "The mug", "Holds tea"]);
    let refused = admin.act(&place, &[("available_until", "2099-06-01T00:00")]).await.expect(422);
    assert_eq!(refused.values("[aria-invalid]", "name"), ["available_until"], "{}", refused.text);
    admin.act(&place, &[("available_from", ""), ("seo_title", "")]).await.expect(303);
    let saved = app.office().get(&format!("/products/{id}")).await;
    assert_eq!((saved["status"].as_str(), &saved["seo_title"]), (Some("active"), &serde_json::Value::Null));
}

#[tokio::test]
async fn a_stale_product_shows_both_values_of_its_attributes_r241_r249() {
    let app = spawn().await;
    attribute(&app, "colour", false, &["red", "blue"]).await;
    let id = sku(&app, "MUG", 100).await;
    let (ann, bob) = (Browser::admin(&app).await, Browser::admin(&app).await);
    let place = format!("products/{id}");
    let (hers, his) = (ann.open(&place).await.form(), bob.open(&place).await.form());
    ann.send(&place, &changed(hers, &[("attributes.colour", "red")])).await.expect(303);
    let refused = bob.send(&place, &changed(his, &[("attributes.colour", "blue")])).await.expect(412);
    assert!(
        refused.texts(".meanwhile")[0].contains("Somebody has changed it to: RED"),
        "{:?}",
        refused.texts(".meanwhile")
    );
    let mut fields = refused.form();
    fields.push(("take-attributes.colour".to_owned(), "red".to_owned()));
    bob.send(&place, &fields).await.expect(303);
    let shown = app.office().get(&format!("/products/{id}")).await["attributes"].to_string();
    assert!(shown.contains("red") && !shown.contains("blue"), "{shown}");
}

#[tokio::test]
async fn a_copy_has_what_the_product_has_but_its_own_names_r241() {
    let app = spawn().await;
    attribute(&app, "colour", false, &["red"]).await;
    let id = sku(&app, "MUG", 100).await;
    app.office().send("PUT", &format!("/products/{id}/attributes"), &json!({ "colour": "red" })).await.expect(200);
    app.office().send("POST", "/tax-classes", &json!({ "code": "food", "name": "Food" })).await.expect(201);
    let taxed = json!({ "tax_class": "food", "shippable": false });
    app.office().send("PATCH", &format!("/products/{id}"), &taxed).await.expect(200);
    let admin = Browser::admin(&app).await;
    let page = admin.open(&format!("products/new?from={id}")).await.expect(200);
    assert_eq!(
        (page.values("[name=name]", "value"), page.values("[name=sku]", "value")),
        (vec!["MUG".into()], vec![String::new()])
    );
    let made = admin.send("products/new", &changed(page.form(), &[("name", "Cup"), ("sku", "CUP")])).await.expect(303);
    let place = made.location().split('?').next().unwrap().trim_start_matches("../").to_owned();
    let copy = app.office().get(&format!("/{place}")).await;
    assert_eq!((copy["name"].as_str(), copy["status"].as_str()), (Some("Cup"), Some("draft")), "{copy}");
    assert!(copy["attributes"].to_string().contains("red") && copy["price"]["amount"] == 100);
    assert_eq!((&copy["tax_class"], &copy["shippable"]), (&json!("food"), &json!(false)));
    // Both are fields of a product, and stay as long as nobody changes them.
    let form = admin.open(&place).await.expect(200).form();
    admin.send(&place, &changed(form, &[("price", "2")])).await.expect(303);
    let form = admin.open(&place).await.expect(200).form();
    let kept = app.office().get(&format!("/{place}")).await;
    assert_eq!((&kept["tax_class"], &kept["shippable"]), (&json!("food"), &json!(false)));
    admin.send(&place, &changed(form, &[("tax_class", "standard"), ("shippable", "true")])).await.expect(303);
    let saved = app.office().get(&format!("/{place}")).await;
    assert_eq!((&saved["tax_class"], &saved["shippable"]), (&json!("standard"), &json!(true)));
}

#[tokio::test]
async fn a_search_that_finds_nothing_leads_to_what_may_have_been_meant_r225_r239() {
    let app = spawn().await;
    let product = json!({ "name": "Blue teapot", "price": { "amount": 100, "currency": "USD" } });
    let id = app.office().send("POST", "/products", &product).await.expect(201).id();
    let admin = Browser::admin(&app).await;
    let began = std::time::Instant::now();
    let link = loop {
        let page = admin.open("products?status=active&q=blue+teapto").await.expect(200);
        if let Some(link) = page.values("#list .empty a", "href").first() {
            assert!(page.texts("#list .empty")[0].contains("Did you mean blue teapot?"));
            break link.clone();
        }
        assert!(began.elapsed() < std::time::Duration::from_secs(30), "the index is made by then");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    };
    assert_eq!(link, "products?status=active&q=blue%20teapot");
    let found = admin.open(&link).await.expect(200);
    assert_eq!(found.values("[type=checkbox][name=id]", "value"), [id]);
}

#[tokio::test]
async fn products_are_listed_with_their_units_by_category_and_in_an_order_and_saving_leads_back_r239_r241() {
    let app = spawn().await;
    let office = app.office();
    let kitchen = json!({ "name": "Kitchen", "slug": "kitchen" });
    let kitchen = office.send("POST", "/categories", &kitchen).await.expect(201).id();
    let mugs = json!({ "name": "Mugs", "slug": "mugs", "parent_id": kitchen });
    office.send("POST", "/categories", &mugs).await.expect(201);
    let made = async |name: &str, amount: i64, category: Option<&str>| {
        let price = json!({ "amount": amount, "currency": "USD" });
        let mut product = json!({ "name": name, "sku": name, "price": price, "initial_stock": amount / 100 });
        if let Some(category) = category {
            product["attributes"] = json!({ "category": category });
        }
        office.send("POST", "/products", &product).await.expect(201).id()
    };
    made("Cup", 300, Some("mugs")).await;
    let pan = made("Pan", 200, Some("kitchen")).await;
    made("Hat", 900, None).await;
    let admin = Browser::admin(&app).await;
    let names = |page: &super::browser::Page| page.texts("tbody a.name");
    let list = async |query: &str| names(&admin.open(&format!("products?{query}")).await.expect(200));
    assert_eq!(list("").await, ["Hat", "Pan", "Cup"]);
    assert_eq!(list("sort=name").await, ["Cup", "Hat", "Pan"]);
    assert_eq!(list("sort=-price").await, ["Hat", "Cup", "Pan"]);
    assert_eq!(list("category=kitchen&sort=price").await, ["Pan", "Cup"], "with those below it");
    assert_eq!(list("category=mugs").await, ["Cup"]);
    assert_eq!(list("category=garden").await.len(), 3, "what there is not filters nothing");
    for narrowed in ["category=garden", "status=sold", &format!("q={}", "x".repeat(300))] {
        let parameter = narrowed.split('=').next().unwrap();
        for place in ["products/bulk", "products/export.csv"] {
            admin.open(&format!("{place}?{narrowed}")).await.expect(422).shows(parameter);
        }
    }
    let query = "category=kitchen&sort=price";
    let page = admin.open(&format!("products?{query}")).await.expect(200);
    assert_eq!(page.texts("td[data-label='On hand']"), ["2", "3"]);
    assert_eq!(page.texts("[name=category] option"), ["Any", "Kitchen", "Mugs"]);
    let all = admin.open(&format!("products?{query}&choose=page")).await.expect(200);
    let bulk = all.values(".bulk a", "href").remove(0);
    assert!(bulk.contains("category=kitchen"), "{bulk}");
    admin.open(&bulk).await.expect(200).shows("Change all 2 that match").shows("with Category: Kitchen");
    let grid = format!("products/edit?{query}&id={pan}");
    let form = admin.open(&grid).await.expect(200).form();
    let saved = admin.send(&format!("products/edit?{query}"), &form).await.expect(303);
    assert_eq!(saved.location(), format!("../products?{query}&done=saved"));
    assert_eq!(names(&admin.open(saved.location().trim_start_matches("../")).await.expect(200)), ["Pan", "Cup"]);
    let tabs = page.values("nav.tabs a", "href");
    assert_eq!(tabs[1], "products?status=active&category=kitchen&sort=price", "what narrows the list stays");
    // The place in the list stays, too.
    let action = admin.open(&format!("{grid}&here=abc")).await.expect(200).values("main form[method=post]", "action");
    let saved = admin.send(action[0].trim_start_matches("../"), &form).await.expect(303);
    assert_eq!(saved.location(), format!("../products?{query}&here=abc&done=saved"));
}

#[tokio::test]
async fn a_product_with_the_longest_description_is_saved_r218_r241() {
    let app = spawn().await;
    // Each letter has two bytes, of which a form makes six, and it has the text twice.
    let text = format!("<p>{}</p>", "ж".repeat(24_990));
    let product = json!({ "name": "Кружка", "price": testkit::usd(500), "description_html": text });
    let id = app.office().send("POST", "/products", &product).await.expect(201).id();
    let admin = Browser::admin(&app).await;
    let place = format!("products/{id}");
    admin.act(&place, &[("name", "Чашка")]).await.expect(303);
    let saved = app.office().get(&format!("/products/{id}")).await;
    assert_eq!((saved["name"].as_str(), saved["description_html"].as_str()), (Some("Чашка"), Some(text.as_str())));
    let other = text.replace('ж', "ш");
    admin.act("products/new", &[("name", "Mug"), ("price", "5"), ("description_html", &other)]).await.expect(303);
    admin.act(&place, &[("description_html", &other)]).await.expect(303);
}
