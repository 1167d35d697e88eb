//! What holds for every page.

use std::io::Read as _;

use flate2::read::GzDecoder;
use reqwest::Method;
use testkit::{App, spawn};

use super::browser::{Browser, Page};

/// A shop with one of everything, and every page of it that can be opened.
pub async fn filled(app: &App) -> Vec<String> {
    let product = app.product("Blue mug <b>&amp;", 1999, 3).await;
    let ann = app.customer("ann").await;
    app.put_in_cart(&ann, &product, 2).await;
    let order = app.post("/api/v1/orders").token(&ann.token).send().await.expect(201).id();
    let put = |path: &str| path.replace("{product}", &product).replace("{order}", &order);
    let mut places = Vec::new();
    for page in office::pages().iter().filter(|page| page.method == "GET") {
        let path = page.path.strip_prefix(office::ROOT).unwrap();
        let path = match path.split('/').next().unwrap() {
            "orders" => path.replace("{id}", "{order}"),
            "products" | "stock" => path.replace("{id}", "{product}"),
            _ => path.to_owned(),
        };
        // A refund needs a payment; others stand for other tests.
        if path != "login"
            && !path.contains("{id}")
            && !path.contains("{name}")
            && !path.ends_with("/tracking")
            && !path.contains(".csv")
        {
            places.push(put(&path));
        }
    }
    assert!(places.len() > 12, "{places:?}");
    places
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

#[tokio::test]
async fn what_people_type_is_shown_as_text_r237() {
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
async fn a_page_is_compressed_for_who_reads_gzip_b9() {
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
