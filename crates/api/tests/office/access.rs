//! Who may open which page.

use office::Needs;
use reqwest::Method;
use testkit::{App, NOTHING, spawn, until};

use super::browser::{Browser, Page};

const PASSWORD: &str = "correct horse battery";

/// An account with a role, and its browser.
async fn staff(app: &App, role: &str) -> Browser {
    let account = serde_json::json!({ "username": role, "password": PASSWORD, "role": role });
    app.office().send("POST", "/accounts", &account).await.expect(201);
    Browser::of(app, role, PASSWORD).await
}

/// A page, with something that there is not in the place of an id.
fn place(path: &str) -> String {
    path.strip_prefix(office::ROOT).unwrap().replace("{id}", NOTHING)
}

async fn ask(browser: &Browser, page: &office::Page) -> Page {
    let method = Method::from_bytes(page.method.as_str().as_bytes()).unwrap();
    let request = browser.request(method, &place(page.path)).header("sec-fetch-site", "same-origin");
    Page::to(request).await
}

#[tokio::test]
async fn nobody_is_led_to_the_login_and_changes_nothing_r235_r236() {
    let app = spawn().await;
    let nobody = Browser::new(&app);
    for page in office::pages().iter().filter(|page| page.needs != Needs::Anybody) {
        let answer = ask(&nobody, page).await;
        if page.method == Method::GET.as_str() {
            assert_eq!(answer.status, 303, "{} {}", page.method, page.path);
            assert!(answer.location().trim_start_matches("../").starts_with("login"), "{}", answer.location());
        } else {
            assert_eq!(answer.status, 401, "{} {}", page.method, page.path);
            assert!(answer.text.contains("session has ended"), "{}", answer.text);
        }
    }
}

#[tokio::test]
async fn a_role_opens_the_pages_of_its_scopes_and_no_others_r235_r255() {
    let app = spawn().await;
    let roles: Vec<String> = app.office().get("/roles").await["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|role| role["name"].as_str().unwrap().to_owned())
        .collect();
    let mut refused = 0;
    for role in roles.iter().filter(|role| !["customer", "admin"].contains(&role.as_str())) {
        let browser = staff(&app, role).await;
        let scopes = app.office().get(&format!("/roles/{role}")).await["scopes"].to_string();
        for page in &office::pages() {
            let Needs::Scope(scope) = page.needs else { continue };
            let may = scopes.contains(scope.as_str()) || scopes.contains(&scope.as_str().replace(":read", ":write"));
            let answer = ask(&browser, page).await;
            assert_eq!(answer.status != 403, may, "{role}: {} {} is {}", page.method, page.path, answer.status);
            refused += usize::from(!may);
        }
    }
    assert!(refused > 10, "some role lacks something");
}

#[tokio::test]
async fn navigation_and_buttons_are_those_that_one_may_use_r235() {
    let app = spawn().await;
    let (catalogue, admin) = (staff(&app, "catalogue").await, Browser::admin(&app).await);
    let entries = |page: Page| page.texts("nav.side a");
    assert!(entries(admin.open("").await).contains(&"Orders".to_owned()));
    let of_catalogue = entries(catalogue.open("").await);
    assert!(
        of_catalogue.contains(&"Products".to_owned()) && !of_catalogue.contains(&"Orders".to_owned()),
        "{of_catalogue:?}"
    );
    let viewer = staff(&app, "viewer").await;
    assert!(viewer.open("products").await.expect(200).values("main a.button", "href").is_empty());
    assert_eq!(catalogue.open("products").await.texts("main a.button.main"), ["New product"]);
}

#[tokio::test]
async fn a_request_of_another_site_changes_nothing_r237() {
    let app = spawn().await;
    let admin = Browser::admin(&app).await;
    for page in office::pages().iter().filter(|page| page.method == Method::POST.as_str()) {
        let request = admin.request(Method::POST, &place(page.path)).header("sec-fetch-site", "cross-site");
        assert_eq!(Page::to(request).await.status, 403, "{}", page.path);
        let unnamed = admin.request(Method::POST, &place(page.path));
        assert_eq!(Page::to(unnamed).await.status, 403, "the cookie alone is not enough: {}", page.path);
    }
    admin.open("").await.expect(200);
}

#[tokio::test]
async fn the_office_can_be_switched_off_r235() {
    let app = testkit::spawn_with(&[("office.enabled", "false")]).await;
    let nobody = Browser::new(&app);
    for page in ["", "login", "orders"] {
        nobody.open(page).await.expect(404);
    }
}

#[tokio::test]
async fn the_office_can_have_an_address_of_its_own_r235() {
    let app = testkit::spawn_with(&[("office.bind", "127.0.0.1:0")]).await;
    let address =
        || app.printed().split_once("\"office\":\"http://")?.1.split_once("/office/").map(|(at, _)| at.to_owned());
    until("announced", async || address().is_some()).await;
    let address = address().unwrap();
    assert_ne!(address, app.address());
    let mut admin = Browser::at(&address);
    admin.open("orders").await.expect(303);
    assert_eq!(admin.log_in("admin", testkit::ADMIN_PASSWORD).await.status, 303);
    admin.open("orders").await.expect(200);
    let outside = Browser::new(&app);
    for page in ["", "login", "orders"] {
        outside.open(page).await.expect(404);
        outside.with_cookie(Some(admin.cookie())).open(page).await.expect(404);
    }
    let documents = reqwest::get(format!("http://{address}/docs")).await.unwrap();
    assert_eq!(documents.status(), 200, "pages lead to documents and show pictures");
}
