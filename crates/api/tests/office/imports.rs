//! Imports: a file in, looked at, mended, started, and back.

use std::time::Duration;

use reqwest::Method;
use testkit::{App, spawn};

use super::browser::{Browser, Page, changed};

/// Sends a file with the fields of the form, as a browser does.
async fn upload(browser: &Browser, fields: &[(&str, &str)], file: &str) -> Page {
    let key = browser.open("imports/new").await.expect(200).values("[name=key]", "value").remove(0);
    let fields: Vec<_> = fields.iter().copied().chain([("key", key.as_str())]).collect();
    send(browser, &fields, file).await
}

async fn send(browser: &Browser, fields: &[(&str, &str)], file: &str) -> Page {
    let part = |(name, value): &(&str, &str)| {
        format!("--X\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let head =
        "--X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"products.csv\"\r\nContent-Type: text/csv";
    let body = format!("{}{head}\r\n\r\n{file}\r\n--X--\r\n", fields.iter().map(part).collect::<Vec<_>>().concat());
    let request = browser.request(Method::POST, "imports/new").header("sec-fetch-site", "same-origin");
    Page::to(request.header("content-type", "multipart/form-data; boundary=X").body(body)).await
}

/// The page of the import that an upload has led to, without its result.
fn place(uploaded: &Page) -> String {
    let place = uploaded.location().split('?').next().unwrap_or_default();
    place.trim_start_matches("../").to_owned()
}

/// Waits, 30 seconds at most, until the page of an import says that it is in a status.
async fn becomes(browser: &Browser, place: &str, status: &str) -> Page {
    for _ in 0..300 {
        let page = browser.open(place).await.expect(200);
        if page.values(".badge", "data-is") == [status] {
            return page;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("it is never {status}: {}", browser.open(place).await.text)
}

async fn products(app: &App) -> usize {
    app.office().all("/products").await.len()
}

#[tokio::test]
async fn a_file_is_uploaded_looked_at_started_and_undone_r231_r245() {
    let app = spawn().await;
    let admin = Browser::admin(&app).await;
    let uploaded = upload(&admin, &[("decimal", "point")], "sku,name,price\nA,Mug,19.99\nB,Pot,5\n").await.expect(303);
    let place = place(&uploaded);
    let page = becomes(&admin, &place, "checked").await.shows("2 rows make products").shows("0 rows change products");
    assert_eq!(products(&app).await, 0, "nothing is written before it is started");
    let hidden = page.texts("form[action$=start] button");
    assert_eq!(hidden, ["Start"]);
    let start = format!("{place}/start");
    let fields: Vec<_> = ["key", "version"]
        .map(|name| (name, page.values(&format!("form[action$=start] [name={name}]"), "value").remove(0)))
        .into();
    for _ in 0..2 {
        admin.send(&start, &fields).await.expect(303);
    }
    becomes(&admin, &place, "done").await.shows("2 rows of 2 are written");
    assert_eq!(products(&app).await, 2);

    let uploaded = upload(&admin, &[("decimal", "point")], "sku,name,price\nA,Cup,20\n").await.expect(303);
    let second = self::place(&uploaded);
    let page = becomes(&admin, &second, "checked").await.shows("1 row changes a product");
    let fields: Vec<_> = ["key", "version"]
        .map(|name| (name, page.values(&format!("form[action$=start] [name={name}]"), "value").remove(0)))
        .into();
    admin.send(&format!("{second}/start"), &fields).await.expect(303);
    becomes(&admin, &second, "done").await.shows("before.csv");
    let before = admin.open(&format!("{second}/before.csv")).await.expect(200);
    assert!(before.header("content-disposition").contains("before.csv"));
    assert!(before.text.starts_with("id,name,price") && before.text.contains("Mug"), "{}", before.text);
    let list = admin.open("imports").await.expect(200).shows("admin");
    assert_eq!(list.values("tbody .badge", "data-is"), ["done", "done"]);
    admin.open("imports?status=running").await.expect(200).shows("No imports found.");
}

#[tokio::test]
async fn columns_are_mapped_and_refused_rows_are_left_out_r231_r245() {
    let app = spawn().await;
    let admin = Browser::admin(&app).await;
    let uploaded = upload(&admin, &[], "Artikel,name,price\nA,Mug,19.99\nB,,5.00\n").await.expect(303);
    let place = place(&uploaded);
    let page = becomes(&admin, &place, "failed").await.shows("unknown column").shows("unknown");
    assert_eq!(page.texts(".name")[0], "Artikel");
    let fields = changed(page.form(), &[("column-0", "sku"), ("decimal", "point")]);
    let stale = fields.clone();
    admin.send(&place, &fields).await.expect(303);
    let page = becomes(&admin, &place, "checked").await.shows("1 row makes a product").shows("1 row is refused");
    assert_eq!(page.texts("tbody td[data-label=Line]"), ["3"]);
    assert_eq!(page.values("select[name=column-0] option[selected]", "value"), ["sku"]);
    admin.open(&format!("{place}/failed.csv")).await.expect(200).shows("B,,5.00");

    // Who filled the form before it was checked again sees what was chosen meanwhile.
    let fresh =
        stale.into_iter().map(|(name, value)| if name == "key" { (name, format!("{value}x")) } else { (name, value) });
    let refused = admin.send(&place, &changed(fresh.collect(), &[("decimal", "comma")])).await.expect(412);
    assert!(refused.texts(".meanwhile")[0].contains("Somebody has changed it to"), "{}", refused.text);

    let key = page.values("form[action$=start] [name=key]", "value").remove(0);
    let all = admin.send(&format!("{place}/start"), &[("key", key.as_str())]).await.expect(409);
    assert_eq!(all.texts("[role=alert]").len(), 1, "not without a word about the refused row");
    let button = page.texts("form[action$=start] button");
    assert_eq!(button, ["Start without the refused rows"]);
    let key = format!("{key}-again");
    admin.send(&format!("{place}/start"), &[("key", key.as_str()), ("skip_failed", "true")]).await.expect(303);
    becomes(&admin, &place, "done").await.shows("1 row of 2 is written, 1 refused");
    assert_eq!(products(&app).await, 1);
    let again = admin.open(&format!("{place}/cancel")).await.expect(200).form();
    admin.send(&format!("{place}/cancel"), &again).await.expect(409);
}

#[tokio::test]
async fn an_import_is_stopped_and_asks_by_itself_only_while_it_moves_r236_r245() {
    let app = spawn().await;
    let admin = Browser::admin(&app).await;
    let rows = (0..3_000).map(|row| format!("S{row},Mug,5\n")).collect::<Vec<_>>().concat();
    let uploaded = upload(&admin, &[], &format!("sku,name,price\n{rows}")).await.expect(303);
    let place = place(&uploaded);
    let moving = admin.open(&place).await.expect(200);
    if moving.values(".badge", "data-is") == ["checking"] {
        assert!(moving.values("#list", "hx-get")[0].ends_with("?watch=1"), "{}", moving.text);
    }
    let question = admin.open(&format!("{place}/cancel")).await.expect(200).shows("What is written already stays");
    admin.send(&format!("{place}/cancel"), &question.form()).await.expect(303);
    let stopped = becomes(&admin, &place, "cancelled").await;
    assert!(stopped.values("#list", "hx-get").is_empty());
    assert_eq!(products(&app).await, 0);
}

#[tokio::test]
async fn a_form_without_a_file_or_sent_twice_makes_no_second_import_r245_r249() {
    let app = spawn().await;
    let admin = Browser::admin(&app).await;
    let refused = upload(&admin, &[("decimal", "comma")], "").await.expect(422);
    assert_eq!(refused.texts("#about-file"), ["The file must be chosen."]);
    assert_eq!(refused.values("select[name=decimal] option[selected]", "value"), ["comma"]);
    let no_header = upload(&admin, &[], "\n").await.expect(422);
    assert!(no_header.texts("#about-file")[0].contains("is empty"), "{}", no_header.text);
    let key = [("key", "0195f8c0-0000-7000-8000-000000000001")];
    let places = [send(&admin, &key, "sku,name\nA,Mug\n").await, send(&admin, &key, "sku,name\nA,Mug\n").await];
    assert_eq!(place(&places[0]), place(&places[1]));
    assert_eq!(admin.open("imports").await.texts("tbody tr").len(), 1);
    send(&admin, &key, "sku,name\nA,Mug\nB,Pot\n").await.expect(409);
}

#[tokio::test]
async fn without_the_write_scope_no_import_starts_r235_r245() {
    let app = spawn().await;
    let uploaded = upload(&Browser::admin(&app).await, &[], "sku,name,price\nA,Mug,5\n").await.expect(303);
    let account = serde_json::json!({ "username": "vic", "password": "correct horse battery", "role": "viewer" });
    app.office().send("POST", "/accounts", &account).await.expect(201);
    let viewer = Browser::of(&app, "vic", "correct horse battery").await;
    let page = becomes(&viewer, &place(&uploaded), "checked").await.shows("1 row makes a product");
    assert!(page.texts("main form").is_empty(), "{}", page.text);
    assert!(viewer.open("imports").await.expect(200).values("main a.button", "href").is_empty());
}
