//! Forms: sent twice, stale, refused.

use serde_json::json;
use testkit::spawn;

use super::browser::{Browser, changed};

#[tokio::test]
async fn a_form_that_is_sent_twice_acts_once_r249() {
    let app = spawn().await;
    let product = app.product("Mug", 1999, 10).await;
    let admin = Browser::admin(&app).await;
    let place = format!("stock/{product}/adjust");
    let form = admin.open(&place).await.expect(200).form();
    let fields = changed(form, &[("change", "-2"), ("reason", "Broken")]);
    for _ in 0..2 {
        admin.send(&place, &fields).await.expect(303);
    }
    assert_eq!(app.on_hand(&product).await, 8);
}

#[tokio::test]
async fn a_refused_form_keeps_what_was_typed_and_marks_its_fields_r249() {
    let app = spawn().await;
    let admin = Browser::admin(&app).await;
    let typed = [("name", " "), ("price", "1,999"), ("sku", "MUG"), ("description", "Holds <tea>")];
    let refused = admin.act("products/new", &typed).await.expect(422);
    assert_eq!(refused.values("[aria-invalid]", "name"), ["name", "price"]);
    let faults = refused.texts(".fault");
    assert!(faults[0].starts_with("Name must be filled in"), "{faults:?}");
    assert!(faults[1].contains("could be 1999.00 USD or 2.00 USD"), "{faults:?}");
    assert_eq!(refused.values("[name=sku]", "value"), ["MUG"]);
    assert_eq!(refused.texts("textarea[name=description]"), ["Holds <tea>"]);
    assert_eq!(refused.texts("[role=alert]").len(), 1);
    assert_eq!(refused.values("main [autofocus]", "name"), ["name"], "the first of them has the focus");
    assert!(app.office().all("/products").await.is_empty(), "nothing is written");
}

#[tokio::test]
async fn a_refusal_of_the_rules_stands_beside_its_field_r249() {
    let app = spawn().await;
    app.office()
        .send("POST", "/products", &json!({ "name": "Mug", "price": { "amount": 1, "currency": "USD" }, "sku": "MUG" }))
        .await
        .expect(201);
    let admin = Browser::admin(&app).await;
    let typed = [("name", "Another"), ("price", "2.00"), ("sku", "MUG")];
    let refused = admin.act("products/new", &typed).await.expect(409);
    assert_eq!(refused.values("[aria-invalid]", "name"), ["sku"], "{}", refused.text);
}

#[tokio::test]
async fn a_stale_form_shows_what_somebody_else_has_written_r249() {
    let app = spawn().await;
    let product = app.product("Mug", 1999, 1).await;
    let (ann, bob) = (Browser::admin(&app).await, Browser::admin(&app).await);
    let place = format!("products/{product}");
    let (hers, his) = (ann.open(&place).await.form(), bob.open(&place).await.form());
    ann.send(&place, &changed(hers, &[("name", "Cup"), ("price", "25")])).await.expect(303);
    let refused = bob.send(&place, &changed(his, &[("name", "Beaker")])).await.expect(412);
    assert!(refused.texts("[role=alert]")[0].contains("Somebody has changed it"), "{}", refused.text);
    let beside = refused.texts(".meanwhile");
    assert!(beside[0].starts_with("Somebody has changed it to: Cup"), "both have changed the name: {beside:?}");
    assert!(beside[1].contains("Before it was: 19.99"), "nobody here has changed the price: {beside:?}");
    assert_eq!(
        (refused.values("[name=name]", "value"), refused.values("[name=price]", "value")),
        (vec!["Beaker".to_owned()], vec!["25.00".to_owned()])
    );
    bob.send(&place, &refused.form()).await.expect(303);
    let saved = app.office().get(&format!("/products/{product}")).await;
    assert_eq!((saved["name"].as_str().unwrap(), saved["price"]["amount"].as_i64().unwrap()), ("Beaker", 2500));
}
