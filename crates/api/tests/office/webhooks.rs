//! Endpoints of webhooks, made and looked after without the API.

use serde_json::{Value, json};
use testkit::{App, dump, spawn, spawn_with, until};

use super::browser::{Browser, Page};
use super::customers::staff;
use crate::support::receiver::{Manner, Receiver};

const LIST: &str = "settings/webhooks";
const NEW: &str = "settings/webhooks/new";
const NOTHING: [(&str, &str); 0] = [];

/// The endpoints, as the API lists them.
async fn endpoints(app: &App) -> Vec<Value> {
    app.get("/api/v1/webhook-endpoints").token(&app.admin).send().await.expect(200).items().to_vec()
}

/// The secret in a page.
fn secret(page: &Page) -> String {
    let shown = page.texts("pre#secret");
    assert!(shown.len() == 1 && shown[0].starts_with("whsec_") && shown[0].len() == 50, "{}", page.text);
    shown[0].clone()
}

/// A shop whose receivers may be on this machine.
async fn shop() -> App {
    spawn_with(&[("webhooks.allow_networks", "127.0.0.0/8"), ("webhooks.timeout", "1s")]).await
}

/// Makes an endpoint at a receiver. Returns its page and its secret.
async fn endpoint(app: &App, admin: &Browser, receiver: &Receiver, types: &str) -> (String, String) {
    let made = admin.fill(NEW, &[("url", &receiver.url), ("types", types), ("description", "ERP")]).await.expect(200);
    let id = endpoints(app).await[0]["id"].as_str().unwrap().to_owned();
    (format!("{LIST}/{id}"), secret(&made))
}

#[tokio::test]
async fn an_endpoint_is_made_once_and_shows_its_secret_once_r168_r245_r249() {
    let app = spawn().await;
    let admin = Browser::admin(&app).await;
    admin.open(LIST).await.expect(200).shows("No webhook endpoints yet.").shows("settings/webhooks/new");
    let form = admin.open(NEW).await.expect(200).shows("refund.succeeded");
    let bad = [("url", "http://erp.example.com/"), ("types", "orders.*"), ("description", "ERP")];
    let refused = form.send_by(&admin, NEW, &bad).await.expect(422).shows("value=\"orders.*\"");
    let refused = refused.shows("Events has `orders.*`, which is no type of event").shows("value=\"ERP\"");
    let inside = [("url", "https://127.0.0.1/"), ("types", "order.*"), ("description", "ERP")];
    refused.send_by(&admin, NEW, &inside).await.expect(422).shows("Address must be a public address");
    assert!(endpoints(&app).await.is_empty());

    let good = [("url", "https://erp.example.com/hooks"), ("types", "order.*"), ("description", "Books orders")];
    let made = form.send_by(&admin, NEW, &good).await.expect(200).shows("Books orders").shows("it is shown this once");
    let first = secret(&made);
    form.send_by(&admin, NEW, &good).await.expect(200).hides("whsec_").shows("It was shown already");
    let made = endpoints(&app).await;
    assert_eq!((made.len(), &made[0]["url"], &made[0]["types"]), (1, &json!(good[0].1), &json!("order.*")));
    let place = format!("{LIST}/{}", made[0]["id"].as_str().unwrap());
    admin.open(LIST).await.expect(200).shows("Books orders").hides("whsec_");

    let rotate = format!("{place}/rotate");
    let form = admin.open(&rotate).await.expect(200).shows("For a day the secret of now signs too");
    let second = secret(&form.send_by(&admin, &rotate, &NOTHING).await.expect(200));
    assert_ne!(first, second);
    form.send_by(&admin, &rotate, &NOTHING).await.expect(200).hides("whsec_");
    assert_eq!(endpoints(&app).await[0]["version"], 2, "rotated once");
    admin.open(&place).await.expect(200).shows("The one before signs too until").hides("whsec_");
    let dumped = dump(app.database()).await;
    assert!(!dumped.contains(&first) && !dumped.contains(&second));
}

#[tokio::test]
async fn an_endpoint_is_changed_and_deleted_r168_r245_r249() {
    let app = spawn().await;
    let body = json!({ "url": "https://erp.example.com/hooks", "types": "order.*", "description": "Books orders" });
    let made = app.post("/api/v1/webhook-endpoints").token(&app.admin).json(&body).send().await.expect(201);
    let place = format!("{LIST}/{}", made.id());
    let admin = Browser::admin(&app).await;
    let edit = format!("{place}/edit");
    let form = admin.open(&edit).await.expect(200).shows("value=\"https://erp.example.com/hooks\"");
    let changed = [("url", "https://erp.example.com/other"), ("types", "*"), ("description", "")];
    admin.act(&edit, &changed).await.expect_to(&format!("{place}?done=saved"));
    let after = endpoints(&app).await.remove(0);
    assert_eq!(
        (&after["url"], &after["types"], &after["description"]),
        (&json!(changed[0].1), &json!("*"), &json!(null))
    );
    let done = admin.open(&format!("{place}?done=saved")).await.expect(200).shows("https://erp.example.com/other");
    assert!(done.texts(".last-call pre")[0].contains("\"description\": null"), "{:?}", done.texts(".last-call pre"));
    let other = [("url", "https://erp.example.com/hooks"), ("types", "refund.*"), ("description", "Books orders")];
    let stale = form.send_by(&admin, &edit, &other).await.expect(412).shows("Somebody has changed it meanwhile");
    stale.shows("<strong>*</strong>").shows("value=\"https://erp.example.com/other\"");
    admin.act(&edit, &[("url", "https://10.0.0.1/")]).await.expect(422).shows("Address must be a public address");

    let delete = format!("{place}/delete");
    let asked = admin.open(&delete).await.expect(200).shows("what waits for it is not sent either");
    assert_eq!(asked.texts("button.danger"), ["Delete the endpoint"]);
    let viewer = staff(&app, "vera", "viewer").await;
    let seen = viewer.open(&place).await.expect(200).shows("https://erp.example.com/other");
    assert!(seen.values("main a.button, main form", "class").is_empty(), "{}", seen.text);
    viewer.open(&delete).await.expect(403);
    viewer.send(&delete, &NOTHING).await.expect(403);
    asked.send_by(&admin, &delete, &NOTHING).await.expect_to("settings/webhooks?done=deleted");
    assert!(endpoints(&app).await.is_empty());
    admin.open(&place).await.expect(404);
}

#[tokio::test]
async fn deliveries_are_shown_with_their_tries_and_sent_again_r170_r171_r245() {
    let app = shop().await;
    let admin = Browser::admin(&app).await;
    let receiver = Receiver::new(Manner::Answers(302)).await;
    let (place, _) = endpoint(&app, &admin, &receiver, "product.created").await;
    app.product("Mug", 100, 1).await;
    until("tried", async || admin.open(&place).await.expect(200).text.contains("HTTP 302")).await;
    let shown = admin.open(&place).await.expect(200).shows("product.created").shows("data-is=\"pending\"");
    assert!(shown.texts("pre.note").contains(&"hmm.".to_owned()), "what the receiver said: {}", shown.text);
    admin.open(&format!("{place}?status=succeeded")).await.expect(200).shows("No deliveries found");

    receiver.changes_to(Manner::Answers(204));
    let waiting = admin.open(&format!("{place}?status=pending")).await.expect(200);
    let again = waiting.values("main td form", "action").remove(0);
    let (_, again) = again.split_once("webhooks/").unwrap();
    assert!(again.ends_with("/again?status=pending"), "{again}");
    let hidden = waiting.form_of(again);
    let sent = admin.send(&format!("{LIST}/{again}"), &hidden).await;
    sent.expect_to(&format!("{place}?status=pending&done=resent"));
    until("delivered", async || admin.open(&place).await.expect(200).text.contains("HTTP 204")).await;
    let shown = admin.open(&format!("{place}?status=succeeded")).await.expect(200).shows("product.created");
    let summaries = shown.texts("td details summary");
    assert!(summaries.len() == 1 && summaries[0].contains("before"), "{summaries:?}");
    let viewer = staff(&app, "vera", "viewer").await;
    viewer.open(&place).await.expect(200).shows("HTTP 204").hides("Send again");
    viewer.send(&format!("{LIST}/{again}"), &hidden).await.expect(403);
    admin.send(&format!("{place}/deliveries/{}/again", testkit::NOTHING), &NOTHING).await.expect(404);
}

#[tokio::test]
async fn a_test_is_sent_from_the_page_of_an_endpoint_unless_it_is_paused_r168_r245() {
    let app = shop().await;
    let admin = Browser::admin(&app).await;
    let receiver = Receiver::new(Manner::Answers(200)).await;
    let (place, secret) = endpoint(&app, &admin, &receiver, "refund.*").await;
    let shown = admin.open(&place).await.expect(200);
    let test = format!("{place}/test");
    let (form, done) = (shown.form_of("/test"), format!("{place}?done=tested"));
    for _ in 0..2 {
        admin.send(&test, &form).await.expect_to(&done);
    }
    until("delivered", async || admin.open(&place).await.expect(200).text.contains("HTTP 200")).await;
    let came = receiver.came();
    assert!(came.len() == 1 && came[0].is_signed_with(&secret), "{came:?}");
    admin.open(&place).await.expect(200).shows("webhook.test");

    let pause = format!("{place}/pause?from=endpoint");
    let paused = admin.send(&pause, &shown.form_of("/pause?from=endpoint")).await;
    paused.expect_to(&format!("{place}?done=saved"));
    let paused = admin.open(&place).await.expect(200).shows("data-is=\"paused\"").hides("Send a test");
    let refused = admin.send(&test, &NOTHING).await.expect(409).shows("role=\"alert\"");
    assert_eq!(refused.texts("h1"), ["ERP"]);
    let resume = format!("{place}/resume?from=endpoint");
    admin.send(&resume, &paused.form_of("/resume?from=endpoint")).await.expect_to(&format!("{place}?done=saved"));
    admin.open(&place).await.expect(200).shows("data-is=\"active\"").shows("Send a test");
}

#[tokio::test]
async fn what_happened_is_sent_again_from_a_position_on_r171_r245() {
    let app = shop().await;
    let admin = Browser::admin(&app).await;
    let receiver = Receiver::new(Manner::Answers(204)).await;
    let (place, _) = endpoint(&app, &admin, &receiver, "product.created").await;
    app.product("Mug", 100, 1).await;
    until("delivered", async || receiver.ids("product.created").len() == 1).await;
    let replay = format!("{place}/replay");
    let form = admin.open(&replay).await.expect(200).shows("Each event keeps its id");
    for (first, end, said) in [
        ("", "", "After position must be filled in"),
        ("-1", "", "After position must be a whole number from 0 on"),
        ("0", "x", "Before position must be a whole number"),
    ] {
        let refused = form.send_by(&admin, &replay, &[("after", first), ("before", end)]).await.expect(422);
        refused.shows(said).shows(&format!("value=\"{end}\""));
    }
    for _ in 0..2 {
        let sent = form.send_by(&admin, &replay, &[("after", "0"), ("before", "")]).await;
        sent.expect_to(&format!("{place}?done=replayed"));
    }
    until("delivered again", async || receiver.ids("product.created").len() == 2).await;
    let ids = receiver.ids("product.created");
    assert_eq!(ids[0], ids[1], "the receiver knows that it has it");
    admin.open(&format!("{place}?done=replayed")).await.expect(200).shows("Those events are sent again");
    let viewer = staff(&app, "vera", "viewer").await;
    viewer.open(&place).await.expect(200).hides("Send events again");
    viewer.send(&replay, &NOTHING).await.expect(403);
}
