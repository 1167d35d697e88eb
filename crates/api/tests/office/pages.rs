//! What holds for every page.

use std::io::Read as _;

use flate2::read::GzDecoder;
use reqwest::Method;
use serde_json::json;
use testkit::shop::make;
use testkit::{App, spawn, usd};

use super::browser::{Browser, Page};

/// A shop with one of everything, and every page of it that can be opened.
pub async fn filled(app: &App) -> Vec<String> {
    let product = app.product("Blue mug <b>&amp;", 1999, 3).await;
    let ann = app.customer("ann").await;
    app.put_in_cart(&ann, &product, 2).await;
    let order = app.post("/api/v1/orders").token(&ann.token).send().await.expect(201).id();
    let mut ids = vec![("orders", order), ("products", product.clone()), ("stock", product), ("customers", ann.id)];
    ids.extend(of_the_back_office(app, &ids[1].1).await);
    let mut places = Vec::new();
    for page in office::pages().iter().filter(|page| page.method == "GET") {
        let path = page.path.strip_prefix(office::ROOT).unwrap();
        let is_of = |noun: &str| path.strip_prefix(noun).is_some_and(|rest| rest.starts_with("/{"));
        let id = ids.iter().find(|(noun, _)| is_of(noun)).map_or("", |(_, id)| id);
        let path = path.replace("{id}", id).replace("{name}", id);
        // They need a payment, a shipped order, a member of a group, or a tax rate, with which each order needs an address:
        // other tests have them.
        let is_of_more = ["payments/", "refunds/", "settings/tax-rates//"].iter().any(|begin| path.starts_with(begin))
            || ["/tracking", "/refund", "/remove"].iter().any(|end| path.ends_with(end));
        if path != "login" && !path.contains(".csv") && !path.contains(".json") && !is_of_more {
            places.push(path);
        }
    }
    assert!(places.len() > 80 && places.iter().all(|path| !path.contains("//")), "{places:?}");
    places
}

/// What the office makes, named by the addresses of its pages. No order costs more or less for it.
async fn of_the_back_office(app: &App, product: &str) -> Vec<(&'static str, String)> {
    let admin = app.office();
    let name = "Mugs <b>&amp;";
    let zone = json!({ "name": name, "members": [{ "country": "IM" }] });
    let zone = make(&admin, "zones", &zone).await.id();
    let flat = json!([{ "from": 0, "amount": usd(490) }]);
    let method =
        json!({ "code": "dhl", "name": name, "zone_id": zone, "basis": "flat", "tiers": flat, "status": "inactive" });
    let promotion = json!({
        "name": name, "class": "order", "action": { "amount": usd(1000) }, "starts_at": "2020-01-01T00:00:00Z",
        "code_needed": true,
    });
    let hook = json!({ "url": "https://erp.example.com/hooks", "types": "refund.*", "description": name });
    let mut ids = vec![("settings/zones", zone)];
    for (pages, path, body) in [
        ("settings/shipping-methods", "shipping-methods", method),
        ("settings/tax-classes", "tax-classes", json!({ "code": "food", "name": name })),
        ("settings/keys", "keys", json!({ "name": name, "scopes": ["stock:read"] })),
        ("settings/webhooks", "webhook-endpoints", hook),
        ("promotions", "promotions", promotion),
        ("groups", "product-groups", json!({ "name": name, "options": [] })),
    ] {
        ids.push((pages, make(&admin, path, &body).await.id()));
    }
    make(&admin, "roles", &json!({ "name": "packing", "scopes": ["orders:read"] })).await;
    ids.push(("settings/roles", "packing".to_owned()));
    let account = json!({ "username": "cleo", "password": testkit::PASSWORD, "role": "packing" });
    ids.push(("settings/accounts", make(&admin, "accounts", &account).await.id()));
    let policy = json!({ "restock_threshold": 5, "restock_target": 20 });
    admin.send("PUT", &format!("/products/{product}/stock/policy"), &policy).await.expect(200);
    admin.ask("POST", "/restocks/run").await.expect(200);
    ids.push(("restocks", admin.all("/restocks").await[0]["id"].as_str().unwrap().to_owned()));
    let file = app.post("/api/v1/imports").token(&app.admin).header("content-type", "text/csv");
    ids.push(("imports", testkit::Call(file.0.body("sku,name\nA-1,Mug\n")).send().await.expect(202).id()));
    ids
}

async fn each(app: &App, check: impl Fn(&str, &Page)) {
    let admin = Browser::admin(app).await;
    for place in filled(app).await {
        let page = admin.open(&place).await.expect(200);
        check(&place, &page);
    }
}

#[tokio::test]
async fn every_page_is_kept_by_nobody_and_loads_only_what_is_its_own_r237() {
    let app = spawn().await;
    each(&app, |place, page| {
        assert_eq!(page.header("cache-control"), "private, no-store", "{place}");
        assert_eq!(page.header("referrer-policy"), "same-origin", "{place}");
        assert!(page.header("vary").contains("HX-Request"), "{place}");
        let policy = page.header("content-security-policy");
        for rule in ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"] {
            assert!(policy.contains(rule), "{place}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{place}");
        assert!(page.values("[style], [onclick], [onsubmit]", "class").is_empty(), "{place}");
        assert!(page.texts("style, script:not([src])").is_empty(), "{place}");
    })
    .await;
}

#[tokio::test]
async fn every_address_is_relative_so_that_the_office_works_behind_a_path_r235() {
    let app = spawn().await;
    each(&app, |place, page| {
        for attribute in ["href", "src", "action", "hx-get"] {
            for address in page.values(&format!("[{attribute}]"), attribute) {
                assert!(!address.starts_with('/') && !address.contains("//"), "{place}: {attribute}={address}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn every_page_has_a_heading_landmarks_and_a_label_for_each_field_r247() {
    let app = spawn().await;
    each(&app, |place, page| {
        assert_eq!(page.texts("h1").len(), 1, "{place}");
        assert_eq!(page.texts("main").len(), 1, "{place}");
        assert_eq!(page.texts("nav.side [aria-current=page]").len(), usize::from(place != "search"), "{place}");
        let labelled = page.values("main label[for]", "for");
        for id in page.values("main form :is(input, select, textarea)[id]", "id") {
            assert!(labelled.contains(&id) || id == "search", "{place}: {id}");
        }
        let visible = "main :is(input:not([type=hidden]), select, textarea):not([id]):not([aria-label]):not(label *)";
        assert!(page.values(visible, "name").is_empty(), "{place}");
        let ids = page.values("[id]", "id");
        let distinct: std::collections::BTreeSet<_> = ids.iter().collect();
        assert_eq!(distinct.len(), ids.len(), "{place}: {ids:?}");
    })
    .await;
}

/// A link that htmx opens in the place of the page is to a page of the office. Files and the documentation are none.
#[tokio::test]
async fn links_to_what_is_no_page_of_the_office_are_left_to_the_browser_r235_r239() {
    let app = spawn().await;
    each(&app, |place, page| {
        let left = page.values("a[href][hx-boost=false], a[href][download]", "href");
        for link in page.values("a[href]", "href") {
            let path = link.split(['?', '#']).next().unwrap();
            let is_file =
                path.rsplit('/').next().unwrap().contains('.') && !path.ends_with("./") && !path.ends_with("..");
            if !link.starts_with("mailto:") && (is_file || path.ends_with("/docs")) {
                assert!(left.contains(&link), "{place}: {link}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn user_input_is_shown_as_text_r237() {
    let app = spawn().await;
    each(&app, |place, page| {
        assert!(!page.text.contains("<b>&amp;") && !page.text.contains("Blue mug <b>"), "{place}");
    })
    .await;
    let admin = Browser::admin(&app).await;
    let page = admin.open("search?q=%3Cscript%3Ealert(1)%3C/script%3E").await.expect(200);
    assert!(!page.text.contains("<script>alert"), "{}", page.text);
}

#[tokio::test]
async fn every_page_shows_the_requests_behind_it_r248() {
    let app = spawn().await;
    let admin = Browser::admin(&app).await;
    let places = filled(&app).await;
    let order = places.iter().find(|place| place.starts_with("orders/0") && place.matches('/').count() == 1).unwrap();
    let page = admin.open(order).await.expect(200);
    let calls = page.texts("details.api code");
    assert!(calls[0].starts_with(&format!("curl \"$URL/api/v1/{order}\"")), "{calls:?}");
    assert_eq!(page.values("details.api a", "href")[0], "../../docs#/showOrder");
}

#[tokio::test]
async fn files_are_kept_for_a_year_and_renamed_with_their_contents_r235() {
    let app = spawn().await;
    let page = Browser::new(&app).open("login").await.expect(200);
    let files = [page.values("link[rel=stylesheet]", "href"), page.values("script", "src")].concat();
    assert_eq!(files.len(), 3, "{files:?}");
    for file in files {
        let file = Browser::new(&app).open(&file).await.expect(200);
        assert_eq!(file.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(file.header("content-encoding"), "gzip");
    }
    Browser::new(&app).open("assets/other-0000000000.css").await.expect(404);
}

#[tokio::test]
async fn the_page_of_a_server_of_another_version_still_has_its_style_and_scripts_r235() {
    let app = spawn().await;
    let browser = Browser::new(&app);
    for name in ["office-0000000000.css", "office-0000000000.js", "htmx-0000000000.js"] {
        let file = browser.open(&format!("assets/{name}")).await.expect(200);
        assert_eq!(file.header("cache-control"), "no-store", "{name}");
    }
}

#[tokio::test]
async fn a_page_is_compressed_for_who_reads_gzip_r235() {
    let app = spawn().await;
    let admin = Browser::admin(&app).await;
    for (accepted, encoding) in [("gzip, deflate, br", Some("gzip")), ("br", None), ("gzip;q=0", None)] {
        let request = admin.request(Method::GET, "orders").header("accept-encoding", accepted);
        let response = request.send().await.unwrap();
        assert_eq!(response.headers().get("content-encoding").map(|value| value.to_str().unwrap()), encoding);
        let varies: Vec<_> = response.headers().get_all("vary").iter().map(|value| value.to_str().unwrap()).collect();
        assert!(varies.join(", ").contains("Accept-Encoding"), "{varies:?}");
        let body = response.bytes().await.unwrap();
        let mut page = String::new();
        match encoding {
            Some(_) => GzDecoder::new(&*body).read_to_string(&mut page).map(|_| ()).unwrap(),
            None => page = String::from_utf8(body.to_vec()).unwrap(),
        }
        assert!(page.contains("<h1>Orders</h1>"), "{accepted}: {page}");
    }
}

#[tokio::test]
async fn a_page_that_is_not_there_says_so_and_names_the_request_r235() {
    let app = spawn().await;
    let admin = Browser::admin(&app).await;
    let page = admin.open(&format!("orders/{}", testkit::NOTHING)).await.expect(404);
    assert_eq!(page.texts("h1").len(), 1);
    assert!(page.text.contains("There is no such order.") && page.text.contains(page.header("x-request-id")));
    admin.open("orders/not-an-id").await.expect(404);
}

/// What stands in the browser's list of pages, with `{id}` for each value that is put in.
fn looked_at() -> Vec<String> {
    let script = include_str!("../browser/office.mjs");
    let list = script.split("const pages = [").nth(1).unwrap().split("\n];").next().unwrap();
    let path = |line: &str| {
        let quoted = line.trim().trim_end_matches(',').trim_matches(['\'', '`']);
        let path = quoted.split('?').next().unwrap_or_default();
        path.split('/').map(|part| if part.starts_with("${") { "{id}" } else { part }).collect::<Vec<_>>().join("/")
    };
    list.lines().map(path).collect()
}

#[test]
fn every_page_is_looked_at_in_a_browser_r247() {
    let looked_at = looked_at();
    let pages = office::pages();
    let pages = pages.iter().filter(|page| page.method == "GET").map(|page| &page.path[office::ROOT.len()..]);
    let missing: Vec<_> = pages
        .map(|path| path.replace("{name}", "{id}").replace("{payment}", "{id}"))
        .filter(|path| !path.contains(".csv") && !path.contains(".json") && !looked_at.contains(path))
        .collect();
    assert!(missing.is_empty(), "not in office.mjs: {missing:?}");
}
