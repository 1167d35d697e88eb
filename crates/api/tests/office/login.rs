//! Logins, sessions and their cookie.

use reqwest::Method;
use serde_json::json;
use testkit::{ADMIN_PASSWORD, spawn, spawn_with};

use super::browser::{Browser, Page};

#[tokio::test]
async fn a_login_leads_to_the_page_that_was_asked_for_r236() {
    let app = spawn().await;
    let mut browser = Browser::new(&app);
    let asked = browser.open("orders?status=placed").await.expect(303);
    assert_eq!(asked.location(), "login?to=orders%3Fstatus%3Dplaced");
    let login = browser.open(asked.location()).await.expect(200);
    let fields = super::browser::changed(login.form(), &[("username", "admin"), ("password", ADMIN_PASSWORD)]);
    let entered = browser.send("login", &fields).await.expect(303);
    assert_eq!(entered.location(), "orders?status=placed");
    let cookie = entered.header("set-cookie");
    assert!(cookie.starts_with("storekeeper_office=") && cookie.ends_with("; HttpOnly; SameSite=Lax"), "{cookie}");
    assert!(!cookie.contains("Path"), "a browser takes the folder of the page");
    browser = browser.with_cookie(cookie.split(';').next());
    assert_eq!(browser.open("orders?status=placed").await.expect(200).texts("h1"), ["Orders"]);
}

#[tokio::test]
async fn a_form_sent_after_the_session_ended_is_sent_again_after_the_login_r236_r249() {
    let app = spawn().await;
    let form = Browser::admin(&app).await.open("products/new").await.expect(200).form();
    let typed = super::browser::changed(form, &[("name", "Mug"), ("price", "19.99"), ("description", "Holds <tea>")]);
    let nobody = Browser::new(&app);
    let refused = nobody.send("products/new", &typed).await.expect(401).shows("What you typed is kept");
    assert!(!refused.header("www-authenticate").is_empty(), "scripts ask for the login in a dialog");
    assert_eq!(refused.values("[name=kept-description]", "value"), ["Holds <tea>"]);
    let wrong = super::browser::changed(refused.form(), &[("username", "admin"), ("password", "wrong")]);
    let wrong = nobody.send("login", &wrong).await.expect(401);
    assert!(wrong.header("www-authenticate").is_empty());
    let right = super::browser::changed(wrong.form(), &[("username", "admin"), ("password", ADMIN_PASSWORD)]);
    let entered = nobody.send("login", &right).await.expect(200).shows("not sent yet");
    assert!(app.office().all("/products").await.is_empty(), "nothing is sent before somebody says so");
    assert_eq!(entered.values("main form", "action"), ["products/new"]);
    let browser = nobody.with_cookie_of(&entered);
    browser.send("products/new", &entered.form()).await.expect(303);
    let made = &app.office().all("/products").await[0];
    assert_eq!((made["name"].as_str(), made["description"].as_str()), (Some("Mug"), Some("Holds <tea>")));
}

#[tokio::test]
async fn a_long_grid_sent_after_the_session_ended_is_kept_through_the_login_r236_r249() {
    let app = spawn().await;
    let long: Vec<_> = (0..200).map(|number| (format!("name-{number}"), "x".repeat(2000))).collect();
    let nobody = Browser::new(&app);
    let refused = nobody.send("products/edit", &long).await.expect(401).shows("What you typed is kept");
    let typed = super::browser::changed(refused.form(), &[("username", "admin"), ("password", ADMIN_PASSWORD)]);
    let entered = nobody.send("login", &typed).await.expect(200).shows("not sent yet");
    assert_eq!(entered.form(), long);
}

#[tokio::test]
async fn a_part_of_a_page_is_never_the_page_to_log_in_on_r236_r239() {
    let app = spawn().await;
    let nobody = Browser::new(&app);
    let part = async |place: &str| Page::to(nobody.request(Method::GET, place).header("hx-request", "true")).await;
    let search = part("orders?q=ann").await.expect(401);
    assert_eq!((search.header("hx-redirect"), search.text.as_str()), ("login?to=orders%3Fq%3Dann", ""));
    let import = part("imports/0195f8c0-0000-7000-8000-000000000001?watch=1").await.expect(401);
    let then = "../login?to=imports%2F0195f8c0-0000-7000-8000-000000000001";
    assert_eq!(import.header("hx-redirect"), then, "the page itself is opened after the login");
    let boosted = nobody.request(Method::GET, "orders").header("hx-request", "true").header("hx-boosted", "true");
    Page::to(boosted).await.expect(303);
}

#[tokio::test]
async fn passwords_are_never_sent_back_for_after_the_login_r236_r249() {
    let app = spawn().await;
    let form = Browser::admin(&app).await.open("settings/accounts/new").await.expect(200).form();
    let typed = [("username", "bea"), ("password", "correct horse battery")];
    let refused = Browser::new(&app).send("settings/accounts/new", &super::browser::changed(form, &typed)).await;
    let refused = refused.expect(401).shows("type the passwords again").hides("correct horse");
    assert_eq!(refused.values("[name=kept-username]", "value"), ["bea"]);
    assert!(refused.values("[name=kept-password]", "value").is_empty());
}

#[tokio::test]
async fn wrong_passwords_are_refused_and_throttled_as_everywhere_r1_r236() {
    let app = spawn_with(&[("auth.login_failures_per_account", "3")]).await;
    let mut browser = Browser::new(&app);
    for _ in 0..3 {
        let refused = browser.log_in("admin", "wrong").await.expect(401);
        assert_eq!(refused.texts("[role=alert]"), ["The user name or the password is wrong."]);
        assert_eq!(refused.values("[name=username]", "value"), ["admin"]);
        assert_eq!(refused.values("[name=password]", "value"), [""]);
    }
    let throttled = browser.log_in("admin", ADMIN_PASSWORD).await.expect(429);
    assert!(throttled.texts("[role=alert]")[0].contains("Try again in"), "{}", throttled.text);
}

#[tokio::test]
async fn the_account_of_a_customer_does_not_enter_r236() {
    let app = spawn().await;
    app.customer("ann").await;
    let mut browser = Browser::new(&app);
    let refused = browser.log_in("ann", testkit::PASSWORD).await.expect(403);
    assert!(refused.text.contains("people who work here") && browser.cookie().is_empty());
}

#[tokio::test]
async fn neither_a_cookie_nor_a_token_is_taken_by_the_other_side_r237() {
    let app = spawn().await;
    let browser = Browser::admin(&app).await;
    let api = app.get("/api/v1/orders").header("cookie", browser.cookie()).send().await;
    assert_eq!(api.status, 401);
    let nobody = Browser::new(&app);
    let office = Page::to(nobody.request(Method::GET, "orders").bearer_auth(&app.admin)).await;
    assert_eq!(office.status, 303);
}

#[tokio::test]
async fn a_logout_ends_the_session_r236() {
    let app = spawn().await;
    let browser = Browser::admin(&app).await;
    let fields: [(&str, &str); 0] = [];
    let out = browser.send("logout", &fields).await.expect(303);
    assert_eq!(out.location(), "login");
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    browser.open("").await.expect(303);
}

#[tokio::test]
async fn whatever_ends_tokens_ends_sessions_r2_r236() {
    let app = spawn().await;
    let account = json!({ "username": "clara", "password": "correct horse battery", "role": "clerk" });
    let id = app.office().send("POST", "/accounts", &account).await.expect(201).id();
    for change in
        [json!({ "role": "viewer" }), json!({ "password": "another horse battery" }), json!({ "active": false })]
    {
        let password = if change["active"] == false { "another horse battery" } else { "correct horse battery" };
        let browser = Browser::of(&app, "clara", password).await;
        browser.open("").await.expect(200);
        app.office().send("PATCH", &format!("/accounts/{id}"), &change).await.expect(200);
        browser.open("").await.expect(303);
    }
    assert_eq!(Browser::new(&app).log_in("clara", "another horse battery").await.status, 401);
}

#[tokio::test]
async fn one_sees_where_one_is_logged_in_and_ends_a_session_elsewhere_r236() {
    let app = spawn().await;
    let (here, elsewhere) = (Browser::admin(&app).await, Browser::admin(&app).await);
    let page = here.open("settings/sessions").await.expect(200);
    assert_eq!(page.texts("tbody tr").len(), 2);
    let id = page.values("main form [name=id]", "value");
    assert_eq!(id.len(), 1, "the one here is ended by the logout");
    for _ in 0..2 {
        here.send("settings/sessions", &[("id", &id[0])]).await.expect(303);
    }
    elsewhere.open("").await.expect(303);
    here.open("").await.expect(200);
}

#[tokio::test]
async fn behind_a_proxy_with_https_the_cookie_is_secure_r236() {
    let app = spawn_with(&[("server.trusted_proxies", "127.0.0.1/32")]).await;
    let nobody = Browser::new(&app);
    let request = nobody.request(Method::POST, "login").header("sec-fetch-site", "same-origin");
    let request =
        request.header("x-forwarded-proto", "https").header("content-type", "application/x-www-form-urlencoded");
    let body = format!("username=admin&password={}", ADMIN_PASSWORD.replace(' ', "+"));
    let entered = Page::to(request.body(body)).await.expect(303);
    let cookie = entered.header("set-cookie");
    assert!(cookie.starts_with("__Secure-storekeeper_office=") && cookie.ends_with("; Secure"), "{cookie}");
    let browser = nobody.with_cookie(cookie.split(';').next());
    Page::to(browser.request(Method::GET, "").header("x-forwarded-proto", "https")).await.expect(200);
    browser.open("").await.expect(303);
}
