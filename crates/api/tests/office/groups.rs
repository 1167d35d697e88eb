//! Product groups: made, edited in a grid, dissolved.

use serde_json::{Value, json};
use testkit::{App, spawn};

use super::browser::{Browser, Page, changed};

/// A shop whose products may differ by size.
async fn shop() -> App {
    let app = spawn().await;
    app.office()
        .send("POST", "/attributes", &json!({ "code": "size", "name": "Size", "type": "choice" }))
        .await
        .expect(201);
    for slug in ["s", "m", "l"] {
        let term = json!({ "name": slug.to_uppercase(), "slug": slug });
        app.office().send("POST", "/attributes/size/terms", &term).await.expect(201);
    }
    app
}

/// The fields of a form with more of them.
fn with(page: &Page, more: &[(&str, &str)]) -> Vec<(String, String)> {
    let more = more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let is_replaced = |name: &str| more.clone().any(|(given, _)| given == name);
    page.form().into_iter().filter(|(name, _)| !is_replaced(name)).chain(more.clone()).collect()
}

/// The page that a form has led to, without its result.
fn place(page: &Page) -> String {
    page.location().split('?').next().unwrap().trim_start_matches("../").to_owned()
}

async fn members(app: &App, place: &str) -> Vec<Value> {
    let id = place.rsplit('/').next().unwrap();
    app.office().get(&format!("/product-groups/{id}")).await["products"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_group_is_made_of_terms_and_its_products_are_changed_at_once_r205_r241() {
    let app = shop().await;
    let admin = Browser::admin(&app).await;
    let page = admin.open("groups/new").await.expect(200);
    let typed = [
        ("name", "T-shirt"),
        ("terms.size", "s"),
        ("terms.size", "m"),
        ("price", "19.99"),
        ("sku_pattern", "TEE-{size}"),
    ];
    let without = with(&page, &typed[..3]);
    let refused = admin.send("groups/new", &without).await.expect(422);
    assert_eq!(refused.values("[aria-invalid]", "name"), ["price"], "{}", refused.text);
    let made = admin.send("groups/new", &with(&page, &typed)).await.expect(303);
    let place = place(&made);
    let all = members(&app, &place).await;
    assert_eq!(all.iter().map(|one| one["sku"].as_str().unwrap()).collect::<Vec<_>>(), ["TEE-S", "TEE-M"]);
    let page = admin.open(&place).await.expect(200);
    assert_eq!(page.texts("td[data-label='Differs by']"), ["S", "M"]);

    // The grid saves all of them, or none.
    let ids: Vec<_> = all.iter().map(|one| one["id"].as_str().unwrap()).collect();
    let (price, sku) = (format!("price-{}", ids[0]), format!("sku-{}", ids[1]));
    let fields = page.form_of(&place);
    let refused = changed(fields.clone(), &[(&price, "25"), (&sku, "TEE-S")]);
    let refused = admin.send(&place, &refused).await.expect(422);
    assert_eq!(refused.texts(".fault").len(), 1, "{}", refused.text);
    assert_eq!(members(&app, &place).await[0]["price"]["amount"], 1999);
    admin.send(&place, &changed(refused.form_of(&place), &[(&price, "25"), (&sku, "TEE-2")])).await.expect(303);
    let all = members(&app, &place).await;
    assert_eq!((&all[0]["price"]["amount"], &all[1]["sku"]), (&json!(2500), &json!("TEE-2")));

    // Of a product that somebody else has changed, both values are shown, and it is saved again.
    let fields = admin.open(&place).await.form_of(&place);
    app.office().send("PATCH", &format!("/products/{}", ids[0]), &json!({ "name": "Small" })).await.expect(200);
    let refused = admin.send(&place, &changed(fields, &[(&price, "26")])).await.expect(412);
    assert!(refused.texts(".grid .meanwhile")[0].starts_with("Somebody has changed it."), "{}", refused.text);
    let units = format!("on_hand-{}", ids[1]);
    let counted = changed(refused.form_of(&place), &[(&units, "17"), ("description", "Of cotton")]);
    admin.send(&place, &counted).await.expect(303);
    assert_eq!(app.on_hand(ids[1]).await, 17, "products, counts and shared texts are saved together");
    let saved = members(&app, &place).await[0].clone();
    assert_eq!((&saved["name"], &saved["price"]["amount"]), (&json!("Small"), &json!(2600)));

    // One more, one fewer, and none.
    let question = admin.open(&format!("{place}/add")).await.expect(200);
    let add = format!("{place}/add");
    let taken = [("values.size", "m"), ("price", "21"), ("sku", "X"), ("initial_stock", "4")];
    let refused = admin.send(&add, &with(&question, &taken)).await.expect(409);
    assert_eq!(refused.texts("[role=alert]").len(), 1);
    let free = [("values.size", "l"), ("price", "21"), ("sku", "X"), ("initial_stock", "4")];
    admin.send(&add, &with(&question, &[("key", "0195f8c0-0000-7000-8000-000000000009")])).await.expect(422);
    admin.act(&add, &free).await.expect(303);
    assert_eq!(members(&app, &place).await.len(), 3);
    let remove = format!("{place}/remove");
    let question = admin.open(&format!("{remove}?product={}", ids[0])).await.expect(200);
    for _ in 0..2 {
        admin.send(&remove, &question.form()).await.expect(303);
    }
    assert_eq!(members(&app, &place).await.len(), 2);
    admin.act(&format!("{place}/delete"), &[]).await.expect(303);
    admin.open(&place).await.expect(404);
    assert_eq!(app.office().all("/products").await.len(), 3, "all of them stand alone");
}

#[tokio::test]
async fn a_product_becomes_the_first_of_a_group_and_keeps_its_stock_r205_r241() {
    let app = shop().await;
    let product = app.product("Mug", 1999, 7).await;
    let admin = Browser::admin(&app).await;
    let shown = admin.open(&format!("products/{product}")).await.expect(200).shows("Make a group of it");
    assert!(shown.values("a", "href").iter().any(|to| to.ends_with(&format!("groups/new?from={product}"))));
    let page = admin.open(&format!("groups/new?from={product}")).await.expect(200).shows("becomes the first product");
    let made = admin.send("groups/new", &with(&page, &[("values.size", "m")])).await.expect(303);
    let all = members(&app, &place(&made)).await;
    assert_eq!(all.iter().map(|one| one["id"].as_str().unwrap()).collect::<Vec<_>>(), [product.as_str()]);
    assert_eq!(app.on_hand(&product).await, 7);
    let shown = admin.open(&format!("products/{product}")).await.expect(200).hides("Make a group of it");
    assert!(shown.values("[name='attributes.size']", "name").is_empty(), "an option is changed in its group");
    admin.open("groups?q=mug").await.expect(200).shows("Mug");
}

#[tokio::test]
async fn a_stale_group_shows_what_somebody_else_has_written_r241_r249() {
    let app = shop().await;
    let admin = Browser::admin(&app).await;
    let page = admin.open("groups/new").await.expect(200);
    let place = place(&admin.send("groups/new", &with(&page, &[("name", "T-shirt")])).await.expect(303));
    let (hers, his) = (admin.open(&place).await.form_of(&place), admin.open(&place).await.form_of(&place));
    admin.send(&place, &changed(hers, &[("name", "Shirt")])).await.expect(303);
    let refused = admin.send(&place, &changed(his, &[("name", "Tee")])).await.expect(412);
    assert!(refused.texts(".meanwhile")[0].contains("Somebody has changed it to: Shirt"), "{}", refused.text);
    admin.send(&place, &refused.form_of(&place)).await.expect(303);
    admin.open(&place).await.expect(200).shows("<h1>Tee</h1>");
}

#[tokio::test]
async fn a_group_and_its_products_are_saved_by_one_form_and_what_is_refused_is_not_lost_r241_r249() {
    let app = shop().await;
    let admin = Browser::admin(&app).await;
    let page = admin.open("groups/new").await.expect(200);
    let typed = [("name", "T-shirt"), ("terms.size", "s"), ("terms.size", "m"), ("price", "19.99")];
    let place = place(&admin.send("groups/new", &with(&page, &typed)).await.expect(303));
    let price = format!("price-{}", members(&app, &place).await[0]["id"].as_str().unwrap());
    let both = changed(admin.open(&place).await.form_of(&place), &[("name", "Shirt"), (&price, "25")]);
    for _ in 0..2 {
        admin.send(&place, &both).await.expect_to("?done=saved");
    }
    assert_eq!(members(&app, &place).await[0]["price"]["amount"], 2500);
    admin.open(&place).await.expect(200).shows("<h1>Shirt</h1>");

    // A refused row keeps what was typed for all of them, and a page that is loaded again is there.
    let wrong = changed(admin.open(&place).await.form_of(&place), &[("description", "Of cotton"), (&price, "many")]);
    let refused = admin.send(&place, &wrong).await.expect(422);
    assert_eq!(refused.texts("textarea[name=description]"), ["Of cotton"], "{}", refused.text);
    let described = refused.values("[aria-invalid]", "aria-describedby");
    assert_eq!(refused.texts(&format!("[id='{}']", described[0])).len(), 1, "a fault is tied to its field");

    // What the products share may be refused alone.
    let other =
        admin.send("groups/new", &with(&admin.open("groups/new").await, &[("name", "Other")])).await.expect(303);
    let slug = admin.open(&self::place(&other)).await.values("[name=slug]", "value").remove(0);
    let taken = changed(admin.open(&place).await.form_of(&place), &[("slug", &slug), (&price, "26")]);
    let refused = admin.send(&place, &taken).await;
    assert!(matches!(refused.status, 409 | 422), "{}", refused.text);
    assert!(refused.texts("[role=alert]")[0].starts_with("The products are saved."), "{}", refused.text);
    assert_eq!(members(&app, &place).await[0]["price"]["amount"], 2600);
    let mended = changed(refused.form_of(&place), &[("slug", "shirt-2"), (&price, "27")]);
    admin.send(&place, &mended).await.expect(303);
    assert_eq!(members(&app, &place).await[0]["price"]["amount"], 2700);
}

#[tokio::test]
async fn a_stale_group_whose_products_are_saved_does_not_say_that_nothing_was_r241_r249() {
    let app = shop().await;
    let admin = Browser::admin(&app).await;
    let page = admin.open("groups/new").await.expect(200);
    let typed = [("name", "T-shirt"), ("terms.size", "s"), ("price", "19.99")];
    let place = place(&admin.send("groups/new", &with(&page, &typed)).await.expect(303));
    let price = format!("price-{}", members(&app, &place).await[0]["id"].as_str().unwrap());
    let mut his = changed(admin.open(&place).await.form_of(&place), &[("name", "Tee"), (&price, "25")]);
    // As if somebody else had changed the group, and not its products, since he opened it.
    his = changed(his, &[("version", "0"), ("was-name", "Shirt")]);
    let stale = admin.send(&place, &his).await.expect(412).hides("nothing was saved");
    let why = "The products are saved. What they share is not: Somebody has changed it meanwhile. Look at the fields that say so, \
               then save again.";
    assert_eq!(stale.texts("[role=alert]"), [why]);
    assert_eq!(members(&app, &place).await[0]["price"]["amount"], 2500);
    admin.send(&place, &stale.form_of(&place)).await.expect(303);
    admin.open(&place).await.expect(200).shows("<h1>Tee</h1>");
}

#[tokio::test]
async fn a_product_that_is_there_joins_a_group_by_its_sku_and_leaves_it_r205_r241() {
    let app = shop().await;
    let admin = Browser::admin(&app).await;
    let group = json!({
        "name": "T-shirt",
        "options": [{ "attribute": "size", "terms": ["s"] }],
        "generate": { "price": testkit::usd(1999) },
    });
    let group = app.office().send("POST", "/product-groups", &group).await.expect(201).id();
    let place = format!("groups/{group}");
    let product = json!({ "name": "Old shirt", "sku": "OLD", "price": testkit::usd(900) });
    let product = app.office().send("POST", "/products", &product).await.expect(201).id();
    let join = format!("{place}/join");
    admin.open(&place).await.expect(200).shows("Add an existing product");
    let refused = admin.act(&join, &[("product_id", "NEW"), ("values.size", "m")]).await.expect(422);
    assert_eq!(refused.texts(".fault"), ["Product must be the SKU or the id of a product, and there is no NEW."]);
    admin.send(&join, &changed(refused.form(), &[("product_id", " OLD ")])).await.expect_to("?done=saved");
    let all = members(&app, &place).await;
    assert_eq!(
        all.iter().map(|one| one["name"].as_str().unwrap()).filter(|name| *name == "Old shirt").count(),
        1,
        "{all:?}"
    );
    admin.act(&join, &[("product_id", &product), ("values.size", "l")]).await.expect(409);
    admin.act(&format!("{place}/remove?product={product}"), &[]).await.expect(303);
    assert_eq!(members(&app, &place).await.len(), 1);
    // Of the terms that are taken, none is taken twice.
    let taken = admin.act(&join, &[("product_id", &product), ("values.size", "s")]).await;
    assert!(matches!(taken.status, 409 | 422), "{}", taken.text);
}

#[tokio::test]
async fn terms_beyond_the_first_hundred_are_chosen_r205_r241() {
    let app = shop().await;
    let office = app.office();
    office
        .send(
            "POST",
            "/attributes",
            &json!({ "code": "material", "name": "Material", "type": "choice", "multiple": true }),
        )
        .await
        .expect(201);
    for number in 0..100 {
        for code in ["size", "material"] {
            let term = json!({ "name": format!("No. {number}"), "slug": format!("no-{number}") });
            office.send("POST", &format!("/attributes/{code}/terms"), &term).await.expect(201);
        }
    }
    office.send("POST", "/attributes/material/terms", &json!({ "name": "Last", "slug": "last" })).await.expect(201);
    let admin = Browser::admin(&app).await;
    let page = admin.open("groups/new").await.expect(200);
    let typed = [("name", "T-shirt"), ("terms.size", "no-99"), ("price", "19.99")];
    assert!(page.values("[name='terms.size']", "value").contains(&"no-99".to_owned()));
    let made = admin.send("groups/new", &with(&page, &typed)).await.expect(303);
    let product = members(&app, &place(&made)).await.remove(0)["id"].as_str().unwrap().to_owned();
    let boxes = admin.open(&format!("products/{product}")).await.expect(200);
    assert!(boxes.values("[type=checkbox][name='attributes.material']", "value").contains(&"last".to_owned()));
}
