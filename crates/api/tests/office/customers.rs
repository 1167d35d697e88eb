use serde_json::json;
use testkit::{App, PASSWORD, details, spawn};

use super::browser::{Browser, expect_guarded};

/// Somebody who works here in this role.
pub async fn staff(app: &App, username: &str, role: &str) -> Browser {
    let body = json!({ "username": username, "password": PASSWORD, "role": role });
    app.post("/api/v1/accounts").token(&app.admin).json(&body).send().await.expect(201);
    Browser::of(app, username, PASSWORD).await
}

async fn customer(app: &App, name: &str) -> String {
    app.post("/api/v1/customers").token(&app.admin).json(&details(name)).send().await.expect(201).id()
}

#[tokio::test]
async fn pages_of_customers_are_for_those_who_may_r237_r243() {
    let app = spawn().await;
    let id = customer(&app, "ann").await;
    let catalogue = staff(&app, "carl", "catalogue").await;
    let pages = ["customers", "customers/new"].map(ToOwned::to_owned);
    let of_one = ["", "/edit", "/erase"].map(|verb| format!("customers/{id}{verb}"));
    expect_guarded(&app, &catalogue, &[&pages[..], &of_one[..]].concat()).await;
    let viewer = staff(&app, "vera", "viewer").await;
    viewer.open("customers").await.expect(200).shows("ann Someone").hides("New customer");
    viewer.open(&format!("customers/{id}")).await.expect(200).shows("ann@example.com").hides("Erase");
    for verb in ["edit", "erase"] {
        viewer.send(&format!("customers/{id}/{verb}"), &[("", ""); 0]).await.expect(403);
    }
    let admin = Browser::admin(&app).await;
    admin.open("customers/0197a3b0-0000-7000-8000-000000000000").await.expect(404);
    admin.open("customers/nobody").await.expect(404);
}

#[tokio::test]
async fn customers_are_sorted_and_found_by_the_beginning_of_a_word_r239_r243() {
    let app = spawn().await;
    for name in ["ann", "bea"] {
        customer(&app, name).await;
    }
    let admin = Browser::admin(&app).await;
    admin.open("customers?q=an").await.expect(200).shows("ann@example.com").hides("bea@example.com");
    for (query, expected) in
        [("", ["bea Someone", "ann Someone"]), ("?sort=created_at", ["ann Someone", "bea Someone"])]
    {
        let list = admin.open(&format!("customers{query}")).await.expect(200);
        assert_eq!(list.texts("tbody a.name"), expected, "{query}");
        let file = admin.open(&list.values(".download a", "href")[0]).await.expect(200).text;
        assert!(file.find(expected[0]) < file.find(expected[1]), "{file}");
    }
    admin.open("customers?q=nobody").await.expect(200).shows("No customers found");
    let long = "x".repeat(300);
    admin.open(&format!("customers?q={long}")).await.expect(200);
}

#[tokio::test]
async fn a_customer_is_created_once_by_a_form_that_is_sent_twice_r243_r249() {
    let app = spawn().await;
    let admin = Browser::admin(&app).await;
    let form = admin.open("customers/new").await.expect(200);
    let fields = [("name", "Ann <Buyer>"), ("email", "ann@example.com"), ("phone", "+1 415 555 0100")];
    let bad = [("name", "Ann <Buyer>"), ("email", "nobody"), ("phone", "1")];
    let refused = form.send_by(&admin, "customers/new", &bad).await.expect(422);
    let refused = refused.shows("value=\"Ann &lt;Buyer&gt;\"").shows("must begin with +").shows("aria-invalid");
    let first = refused.send_by(&admin, "customers/new", &fields).await.expect(303);
    let second = refused.send_by(&admin, "customers/new", &fields).await.expect(303);
    assert_eq!(first.location(), second.location());
    let place = first.location().to_owned();
    assert!(place.starts_with("../customers/") && place.ends_with("?done=created"), "{place}");
    admin.open(&place[3..]).await.expect(200).shows("Ann &lt;Buyer&gt;").shows("It is created.");
    let listed = app.get("/api/v1/customers").token(&app.admin).send().await.expect(200);
    assert_eq!(listed.items().len(), 1);
    // Another form with the same address is another attempt.
    admin.fill("customers/new", &fields).await.expect(409).shows("belongs to another customer");
}

#[tokio::test]
async fn a_stale_form_shows_both_values_and_saves_what_is_chosen_r243_r249() {
    let app = spawn().await;
    let id = customer(&app, "ann").await;
    let (admin, page) = (Browser::admin(&app).await, format!("customers/{id}/edit"));
    let form = admin.open(&page).await.expect(200).shows("value=\"ann Someone\"");
    let api = format!("/api/v1/customers/{id}");
    let change = json!({ "name": "Ann Other", "phone": "+14155550199" });
    app.patch(&api).token(&app.admin).json(&change).send().await.expect(200);

    let typed = [("name", "Ann Mine"), ("email", "ann@example.com"), ("phone", "+14155550100"), ("tax_exempt", "")];
    let stale = form.send_by(&admin, &page, &typed).await.expect(412);
    let stale = stale.shows("Somebody has changed it meanwhile").shows("value=\"Ann Mine\"");
    let stale = stale.shows("Somebody has changed it to: <strong>Ann Other</strong>");
    let stale = stale.shows("value=\"+14155550199\"").shows("Before it was: +14155550100");
    let again = [
        ("name", "Ann Mine"),
        ("take-name", "Ann Other"),
        ("email", "bea@example.com"),
        ("phone", "+14155550199"),
        ("tax_exempt", "export"),
    ];
    stale.send_by(&admin, &page, &again).await.expect_to(&format!("customers/{id}?done=saved"));
    let saved = app.get(&api).token(&app.admin).send().await.expect(200);
    assert_eq!((saved.text("/name"), saved.text("/email")), ("Ann Other", "bea@example.com"));
    assert_eq!((saved.text("/phone"), saved.text("/tax_exempt")), ("+14155550199", "export"));
    admin.open(&format!("customers/{id}")).await.expect(200).shows("<dd>Export</dd>");
}

#[tokio::test]
async fn a_customer_is_erased_after_a_page_that_says_what_goes_and_stays_r243() {
    let app = spawn().await;
    let id = customer(&app, "ann").await;
    let admin = Browser::admin(&app).await;
    let page = format!("customers/{id}/erase");
    let form = admin.open(&page).await.expect(200).shows("Deleted:").shows("Kept:").shows("danger");
    let form = form.hides("not shipped yet").shows("notes of staff").shows("mails").shows("codes of promotions");
    form.send_by(&admin, &page, &[("", ""); 0]).await.expect_to("customers?done=erased");
    app.get(&format!("/api/v1/customers/{id}")).token(&app.admin).send().await.expect(404);
    form.send_by(&admin, &page, &[("", ""); 0]).await.expect(404);
    admin.open("customers?done=erased").await.expect(200).shows("The customer is erased.").shows("No customers found");
}

#[tokio::test]
async fn orders_that_are_not_shipped_yet_are_named_before_their_customer_is_erased_r243_r276() {
    let app = spawn().await;
    let (ann, product) = (app.customer("ann").await, app.product("Mug", 1250, 5).await);
    let mut orders = Vec::new();
    for _ in 0..3 {
        let order = testkit::order_of(&[&product]);
        orders.push(app.post("/api/v1/orders").token(&ann.token).json(&order).send().await.expect(201).id());
    }
    let admin = Browser::admin(&app).await;
    admin.act(&format!("orders/{}/ship", orders[0]), &[]).await.expect(303);
    admin.act(&format!("orders/{}/advance", orders[1]), &[]).await.expect(303);
    let form = admin.open(&format!("customers/{}/erase", ann.id)).await.expect(200);
    let said = form.texts(".problems").remove(0);
    assert!(said.starts_with("2 orders are not shipped yet: print their packing slips first"), "{said}");
    let open = form.values(".problems a", "href").remove(0);
    assert_eq!(admin.open(open.trim_start_matches("../")).await.expect(200).texts("tbody tr").len(), 3);
}

#[tokio::test]
async fn a_customer_is_shown_with_orders_and_account_r243() {
    let app = spawn().await;
    let buyer = app.customer("ann").await;
    let product = app.product("Mug", 1250, 5).await;
    let order = testkit::order_of(&[&product]);
    app.post("/api/v1/orders").token(&buyer.token).json(&order).send().await.expect(201);
    let admin = Browser::admin(&app).await;
    let page = format!("customers/{}", buyer.id);
    admin.open(&page).await.expect(200).shows("12.50\u{a0}USD").shows("<dt>User name</dt><dd>ann</dd>");
    let sums = admin.open(&page).await.expect(200).texts(".figures .card");
    assert_eq!(sums, ["Orders1", "Units1", "Net12.50\u{a0}USD"]);
    let file = admin.open(&format!("{page}/data.json")).await.expect(200).shows("\"exported_at\"").shows("order_lines");
    let name = format!("attachment; filename=\"customer-{}.json\"", buyer.id);
    assert_eq!(file.header("content-disposition"), name);
    let clerk = staff(&app, "cleo", "clerk").await;
    clerk.open(&page).await.expect(200).shows("12.50\u{a0}USD").hides("User name");
}
