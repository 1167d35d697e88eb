//! Promotions: made, activated, given codes, ended.

use serde_json::json;
use testkit::spawn;

use super::browser::{Browser, Page, changed};

/// The page that a form has led to, without its result.
fn place(page: &Page) -> String {
    page.location().split('?').next().unwrap().trim_start_matches("../").to_owned()
}

/// The fields of the one form of a page that is sent to an address with this end.
fn key_of(page: &Page, end: &str) -> Vec<(&'static str, String)> {
    vec![("key", page.values(&format!("form[action$='{end}'] [name=key]"), "value").remove(0))]
}

#[tokio::test]
async fn a_promotion_is_made_activated_and_ended_r245() {
    let app = spawn().await;
    let product = json!({ "name": "Mug", "sku": "MUG", "price": { "amount": 1999, "currency": "USD" } });
    let product = app.office().send("POST", "/products", &product).await.expect(201).id();
    let admin = Browser::admin(&app).await;
    let typed =
        [("name", "Summer"), ("class", "line"), ("percent", "12,5"), ("products", "MUG\n"), ("countries", "DE, AT")];
    let unknown = [("name", "Summer"), ("percent", "12,5"), ("products", "POT")];
    let refused = admin.act("promotions/new", &unknown).await.expect(422);
    assert_eq!(refused.values("[aria-invalid]", "name"), ["products"], "{}", refused.text);
    let refused = admin.act("promotions/new", &[("name", "Summer"), ("action", "amount")]).await.expect(422);
    assert_eq!(refused.values("[aria-invalid]", "name"), ["amount"]);
    let place = place(&admin.act("promotions/new", &typed).await.expect(303));
    let api = format!("/{place}");
    let made = app.office().get(&api).await;
    assert_eq!(
        (made["action"]["percent_ppm"].as_i64(), made["status"].as_str()),
        (Some(125_000), Some("draft")),
        "{made}"
    );
    assert_eq!(made["targets"]["products"], json!([product]));
    let page = admin.open(&place).await.expect(200).shows("12.5");
    assert_eq!(
        (page.texts("[name=products]"), page.values("[name=countries]", "value")),
        (vec!["MUG".into()], vec!["AT, DE".to_owned()])
    );

    let activate = key_of(&page, "/activate");
    for _ in 0..2 {
        admin.send(&format!("{place}/activate"), &activate).await.expect(303);
    }
    let page = admin.open(&place).await.expect(200);
    assert_eq!(page.values(".heading .badge", "data-is"), ["active"]);
    let refused = admin.send(&place, &changed(page.form_of(&place), &[("percent", "50")])).await.expect(409);
    assert_eq!(refused.texts("[role=alert]").len(), 1, "the rules are fixed");
    admin.send(&place, &changed(page.form_of(&place), &[("name", "Late summer")])).await.expect(303);
    let page = admin.open(&place).await.expect(200).shows("<h1>Late summer</h1>");
    admin.send(&format!("{place}/pause"), &key_of(&page, "/pause")).await.expect(303);
    admin.act(&format!("{place}/archive"), &[]).await.expect(303);
    assert_eq!(app.office().get(&api).await["status"], "archived");
    let page = admin.open(&place).await.expect(200);
    assert_eq!(page.values("fieldset[disabled]", "disabled").len(), 1);
    admin.open("promotions?status=archived").await.expect(200).shows("Late summer");
    admin.open("promotions?status=active").await.expect(200).hides("Late summer");
}

#[tokio::test]
async fn codes_are_added_in_lines_and_removed_r245() {
    let app = spawn().await;
    let admin = Browser::admin(&app).await;
    let typed = [("name", "Welcome"), ("percent", "10"), ("code_needed", "true")];
    let place = place(&admin.act("promotions/new", &typed).await.expect(303));
    admin.open(&place).await.expect(200).shows("It has no code yet");
    let codes = format!("{place}/codes");
    let twice = admin.act(&codes, &[("codes", "HELLO\nhello")]).await.expect(422);
    assert_eq!(twice.values("[aria-invalid]", "name"), ["codes"]);
    admin.act(&codes, &[("codes", "HELLO\nSERVUS"), ("usage_limit", "5")]).await.expect(303);
    let page = admin.open(&place).await.expect(200);
    assert_eq!(page.texts("td[data-label=Code]"), ["HELLO", "SERVUS"]);
    assert_eq!(page.texts("td[data-label=Used]"), ["0 of 5", "0 of 5"]);
    let mut fields: Vec<(&str, String)> = key_of(&page, "/codes/remove");
    fields.push(("code", "HELLO".to_owned()));
    admin.send(&format!("{codes}/remove"), &fields).await.expect(303);
    assert_eq!(admin.open(&place).await.texts("td[data-label=Code]"), ["SERVUS"]);
}

#[tokio::test]
async fn a_stale_promotion_shows_what_somebody_else_has_written_r245_r249() {
    let app = spawn().await;
    let admin = Browser::admin(&app).await;
    let place = place(&admin.act("promotions/new", &[("name", "Summer"), ("percent", "10")]).await.expect(303));
    let (hers, his) = (admin.open(&place).await.form_of(&place), admin.open(&place).await.form_of(&place));
    admin.send(&place, &changed(hers, &[("percent", "20")])).await.expect(303);
    let refused = admin.send(&place, &changed(his, &[("percent", "30")])).await.expect(412);
    assert!(refused.texts(".meanwhile")[0].contains("Somebody has changed it to: 20"), "{}", refused.text);
}
