//! The requests of the API that pages show for what was just done.

use reqwest::Method;
use serde_json::{Value, json};
use testkit::{App, spawn};

use super::browser::{Browser, Page};

/// The request that a page shows for the last action: method, path and body.
struct Shown {
    operation: String,
    method: String,
    path: String,
    body: Option<Value>,
}

/// What the page after an action shows. The action is a form of `page`, filled in with these fields.
async fn after(browser: &Browser, page: &str, fields: &[(&str, &str)]) -> Shown {
    let mut all = all_after(browser, page, fields).await;
    assert_eq!(all.len(), 1, "it is one request");
    all.remove(0)
}

/// As [`after`], of an action that is several requests.
async fn all_after(browser: &Browser, page: &str, fields: &[(&str, &str)]) -> Vec<Shown> {
    let acted = browser.act(page, fields).await.expect(303);
    let then = acted.location().trim_start_matches("../").to_owned();
    let page = browser.open(&then).await.expect(200);
    page.texts(".last-call code").iter().map(|curl| shown(&page, curl)).collect()
}

fn shown(page: &Page, curl: &str) -> Shown {
    let (head, rest) = curl.split_once("\" -H").unwrap();
    let (verb, path) = head.split_once(" \"$URL").unwrap();
    let body = rest.split_once("-d '").map(|(_, body)| body.strip_suffix('\'').unwrap().replace("'\\''", "'"));
    Shown {
        operation: page.texts(".last-call a").remove(0),
        method: verb.trim_start_matches("curl").trim().trim_start_matches("-X ").to_owned(),
        path: path.to_owned(),
        body: body.map(|body| serde_json::from_str(&body).unwrap_or_else(|error| panic!("{error}: {body}"))),
    }
}

/// Sends what is shown, as a client would, and expects that it is done.
async fn send(app: &App, shown: &Shown) {
    let method = Method::from_bytes(shown.method.as_bytes()).unwrap();
    let request = testkit::http().request(method, app.url(&shown.path)).bearer_auth(&app.admin);
    let request = match &shown.body {
        Some(body) => request.json(body),
        None => request,
    };
    let answer = request.send().await.unwrap();
    let status = answer.status();
    assert!(status.is_success(), "{} {}: {status} {}", shown.method, shown.path, answer.text().await.unwrap());
}

async fn order(app: &App, buyer: &str) -> String {
    let product = app.product("Blue mug", 1999, 50).await;
    let buyer = app.customer(buyer).await;
    app.put_in_cart(&buyer, &product, 2).await;
    app.post("/api/v1/orders").token(&buyer.token).send().await.expect(201).id()
}

#[tokio::test]
async fn the_page_after_an_action_shows_its_request_which_the_api_takes_r248() {
    let app = spawn().await;
    let admin = Browser::admin(&app).await;
    let typed = [("name", "Ann's mug"), ("price", "1.999,50"), ("weight_grams", "350"), ("initial_stock", "7")];
    let shown = after(&admin, "products/new", &typed).await;
    let price = json!({ "amount": 199_950, "currency": "USD" });
    let body = json!({
        "name": "Ann's mug", "price": price, "weight_grams": 350, "initial_stock": 7, "status": "active",
        "tax_class": "standard", "shippable": true,
    });
    assert_eq!((shown.operation.as_str(), shown.path.as_str()), ("createProduct", "/api/v1/products"));
    assert_eq!(shown.body, Some(body));
    send(&app, &shown).await;
    assert_eq!(app.office().all("/products").await.len(), 2);

    let product = app.office().all("/products").await[0]["id"].as_str().unwrap().to_owned();
    let shown = after(&admin, &format!("stock/{product}/policy"), &[("restock_target", "20")]).await;
    assert_eq!((shown.operation.as_str(), shown.method.as_str()), ("setRestockPolicy", "PUT"));
    assert_eq!(shown.body, Some(json!({ "restock_threshold": 0, "restock_target": 20 })), "as a whole");
    send(&app, &shown).await;

    let order = order(&app, "ann").await;
    let place = format!("orders/{order}/edit");
    let street = [
        ("shipping_address.line1", "1 Ring"),
        ("shipping_address.city", "Wien"),
        ("shipping_address.postal_code", "1010"),
        ("shipping_address.country", "AT"),
    ];
    let shown = after(&admin, &place, &street).await;
    let vienna = json!({ "line1": "1 Ring", "city": "Wien", "postal_code": "1010", "country": "AT" });
    assert_eq!(shown.operation, "updateOrder");
    assert_eq!(shown.body, Some(json!({ "shipping_address": vienna })));
    send(&app, &shown).await;
    let shown = after(&admin, &place, &[("note", "Ring twice.")]).await;
    assert_eq!(shown.body, Some(json!({ "note": "Ring twice." })), "an address that stays is not said");
    send(&app, &shown).await;

    let shown = after(&admin, &format!("orders/{order}/notes"), &[("text", "Call \"first\"\r\nthen ring")]).await;
    assert_eq!(shown.body, Some(json!({ "text": "Call \"first\"\nthen ring" })));
    send(&app, &shown).await;
    assert_eq!(app.office().all(&format!("/orders/{order}/notes")).await.len(), 2);

    // An order that is only placed is prepared and shipped by one form.
    let placed = self::order(&app, "cat").await;
    let both = all_after(&admin, &format!("orders/{placed}/ship"), &[("carrier", "UPS")]).await;
    let bodies: Vec<_> = both.iter().map(|shown| shown.body.clone().unwrap()).collect();
    assert_eq!(bodies, [json!({ "status": "processing" }), json!({ "status": "shipped", "carrier": "UPS" })]);
    let other = self::order(&app, "dan").await;
    for shown in both {
        send(&app, &Shown { path: shown.path.replace(&placed, &other), ..shown }).await;
    }
    let next = after(&admin, &format!("orders/{order}/advance"), &[]).await;
    assert_eq!(next.body, Some(json!({ "status": "processing" })));
    let shipped = after(&admin, &format!("orders/{order}/ship"), &[("carrier", "UPS")]).await;
    assert_eq!(shipped.body, Some(json!({ "status": "shipped", "carrier": "UPS" })));
    let other = self::order(&app, "bob").await;
    for shown in [next, shipped] {
        send(&app, &Shown { path: shown.path.replace(&order, &other), ..shown }).await;
    }
    let corrected =
        after(&admin, &format!("orders/{order}/tracking"), &[("carrier", ""), ("tracking_number", "1Z")]).await;
    assert_eq!(corrected.body, Some(json!({ "carrier": null, "tracking_number": "1Z" })));
    send(&app, &corrected).await;
}

#[tokio::test]
async fn of_a_form_that_changes_something_what_has_changed_is_shown_r248() {
    let app = spawn().await;
    let admin = Browser::admin(&app).await;
    let customer = json!({ "name": "Ann", "email": "ann@example.com", "phone": "+14155550100" });
    let id = app.office().send("POST", "/customers", &customer).await.expect(201).id();
    let page = format!("customers/{id}/edit");
    let exempt = after(&admin, &page, &[("tax_exempt", "reverse_charge")]).await;
    assert_eq!(
        (exempt.method.as_str(), exempt.body.as_ref()),
        ("PATCH", Some(&json!({ "tax_exempt": "reverse_charge" })))
    );
    send(&app, &exempt).await;
    let shown = after(&admin, &page, &[("name", "Anna"), ("tax_exempt", "")]).await;
    assert_eq!(shown.body, Some(json!({ "name": "Anna", "tax_exempt": null })));
    send(&app, &shown).await;
    // It is shown on the page after the action alone, and to nobody else.
    let page = format!("customers/{id}");
    assert!(admin.open(&page).await.expect(200).texts(".last-call").is_empty());
    let again = Browser::admin(&app).await;
    assert!(again.open(&format!("{page}?done=saved")).await.expect(200).texts(".last-call").is_empty());
}

#[tokio::test]
async fn a_form_that_differs_from_the_api_shows_no_body_and_passwords_are_never_shown_r248() {
    let app = spawn().await;
    let admin = Browser::admin(&app).await;
    app.office().send("POST", "/categories", &json!({ "name": "Kitchen", "slug": "kitchen" })).await.expect(201);
    let mut form = admin.open("products/new").await.expect(200).form();
    form.push(("attributes.category".to_owned(), "kitchen".to_owned()));
    let form = super::browser::changed(form, &[("name", "Mug"), ("price", "5")]);
    let made = admin.send("products/new", &form).await.expect(303);
    let page = admin.open(made.location().trim_start_matches("../")).await.expect(200);
    assert!(page.texts(".last-call code")[0].ends_with("-d '{…}'"), "{:?}", page.texts(".last-call code"));
    let account = [("username", "bea"), ("password", testkit::PASSWORD), ("role", "clerk")];
    admin.fill("settings/accounts/new", &account).await.expect(303);
    let page = admin.open("settings/accounts?done=created").await.expect(200);
    assert!(!page.text.contains(testkit::PASSWORD));
}

#[tokio::test]
async fn an_action_never_shows_the_request_of_the_one_before_it_r248() {
    let app = spawn().await;
    let admin = Browser::admin(&app).await;
    let product = app.product("Blue mug", 1999, 50).await;
    let noted = |curls: &[String], method: &str| curls.iter().all(|curl| curl.contains(&format!("-X {method} ")));
    let after = async |page: &str, fields: &[(&str, &str)]| {
        let then = admin.act(page, fields).await.expect(303).location().trim_start_matches("../").to_owned();
        let page = admin.open(&then).await.expect(200);
        (page.texts(".last-call a"), page.texts(".last-call code"))
    };
    after(&format!("stock/{product}/policy"), &[("restock_target", "20")]).await;
    let (operation, curls) = after(&format!("stock/{product}/adjust"), &[("change", "1"), ("reason", "Found")]).await;
    assert_eq!(operation, ["adjustStock"]);
    assert!(noted(&curls, "POST") && curls[0].ends_with("-d '{…}'"), "its body is not known: {curls:?}");
    let grid = format!("products/edit?id={product}");
    let name = format!("name-{product}");
    let (operation, _) = after(&grid, &[(name.as_str(), "Red mug")]).await;
    assert!(operation.is_empty(), "it is several requests: {operation:?}");
}

#[tokio::test]
async fn a_filtered_list_shows_its_filter_as_the_api_says_it_r248() {
    let app = spawn().await;
    let id = order(&app, "ann").await;
    let product = app.office().all("/products").await[0]["id"].as_str().unwrap().to_owned();
    let admin = Browser::admin(&app).await;
    for (page, parameters) in [
        (format!("orders?stage=open&payment=not_required&product={product}&q=ann&sort=placed_at"), 5),
        ("products?q=mug&status=active&sort=name&brand=acme&min_price=5".to_owned(), 6),
        ("products?q=mug&facets=all".to_owned(), 3),
        ("customers?q=ann".to_owned(), 2),
        ("customers?sort=created_at".to_owned(), 1),
        ("payments?refund_to_pay=true".to_owned(), 1),
        ("groups?q=mug".to_owned(), 1),
        ("promotions?status=active&q=mugs".to_owned(), 2),
        ("imports?status=running".to_owned(), 1),
        ("mails?status=sent".to_owned(), 1),
        (format!("mails?order={id}"), 1),
        ("search?q=mug".to_owned(), 3),
        ("reports?from=2026-01-01&to=2026-01-31&by=week".to_owned(), 3),
        ("stock?low=true".to_owned(), 1),
        ("stock?q=mug".to_owned(), 1),
        ("restocks?status=received".to_owned(), 1),
    ] {
        let shown = admin.open(&page).await.expect(200).texts("details.api code");
        let paths: Vec<_> = shown.iter().filter_map(|curl| curl.split("$URL").nth(1)?.split('"').next()).collect();
        let said: usize = paths.iter().map(|path| path.matches('=').count()).sum();
        assert_eq!(said, parameters, "{page}: {paths:?}");
        for path in paths.into_iter().filter(|path| path.contains('=')) {
            app.get(path).token(&app.admin).send().await.expect(200);
        }
    }
    // A page of one thing asks for what is about that.
    for (page, parameters) in [
        (format!("orders/{id}"), [format!("order_id={id}"), format!("resource_id={id}")]),
        (format!("stock/{product}"), [format!("product_id={product}"), "status=open".to_owned()]),
    ] {
        let shown = admin.open(&page).await.expect(200).texts("details.api code").join("\n");
        for parameter in parameters {
            assert!(shown.contains(&parameter), "{parameter}: {shown}");
        }
    }
    let found = admin.open("orders?q=ann").await.expect(200).texts("details.api code").remove(0);
    assert!(found.contains("/api/v1/orders?q=ann\""), "{found}");
    assert_eq!(app.office().all("/orders?q=ann").await[0]["id"], id.as_str(), "the API finds the same");
}
