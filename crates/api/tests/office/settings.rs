use std::collections::BTreeMap;

use serde_json::json;
use testkit::{App, PASSWORD, spawn, spawn_with};

use super::browser::{Browser, expect_guarded};
use super::customers::staff;

/// The id of an account.
async fn account(app: &App, username: &str) -> String {
    let all = app.get("/api/v1/accounts?limit=100").token(&app.admin).send().await.expect(200);
    let found = all.items().iter().find(|account| account["username"] == username);
    found.unwrap_or_else(|| panic!("no {username}"))["id"].as_str().unwrap().to_owned()
}

async fn role(app: &App, name: &str, scopes: &[&str]) {
    let body = json!({ "name": name, "scopes": scopes });
    app.post("/api/v1/roles").token(&app.admin).json(&body).send().await.expect(201);
}

#[tokio::test]
async fn pages_of_settings_are_for_those_who_may_r237_r245() {
    let app = spawn().await;
    role(&app, "packing", &["orders:read"]).await;
    let key = json!({ "name": "ERP", "scopes": ["stock:read"] });
    let key = app.post("/api/v1/keys").token(&app.admin).json(&key).send().await.expect(201).id();
    let clerk = staff(&app, "cleo", "clerk").await;
    let id = account(&app, "cleo").await;
    let mut pages: Vec<String> = ["accounts", "accounts/new", "roles", "roles/new", "keys", "keys/new", "audit"]
        .into_iter()
        .chain(["shipping", "taxes", "webhooks", "system", "roles/packing/edit", "roles/packing/delete"])
        .map(ToOwned::to_owned)
        .collect();
    pages.extend(["edit", "password", "delete"].map(|verb| format!("accounts/{id}/{verb}")));
    pages.extend(["rename", "rotate", "delete"].map(|verb| format!("keys/{key}/{verb}")));
    let hook = json!({ "url": "https://erp.example.com/hooks", "types": "order.*" });
    let hook = app.post("/api/v1/webhook-endpoints").token(&app.admin).json(&hook).send().await.expect(201).id();
    pages.push("webhooks/new".to_owned());
    pages.extend(["", "/edit", "/replay", "/rotate", "/delete"].map(|verb| format!("webhooks/{hook}{verb}")));
    let pages: Vec<_> = pages.iter().map(|page| format!("settings/{page}")).collect();
    expect_guarded(&app, &clerk, &pages).await;

    clerk.open("settings").await.expect(200).shows("My password").hides("settings/accounts").hides("settings/keys");
    let viewer = staff(&app, "vera", "viewer").await;
    viewer.open("settings").await.expect(200).shows("settings/webhooks").hides("settings/accounts");
    let system = viewer.open("settings/system").await.expect(200).shows("shop.time_zone");
    system.shows("Ready").shows("SQLite 3.").shows("Housekeeping");
    for page in ["settings/accounts/new", "settings/roles/new", "settings/keys/new"] {
        viewer.send(page, &[("", ""); 0]).await.expect(403);
    }
    let admin = Browser::admin(&app).await;
    for fixed in ["admin", "clerk", "nothing-such"] {
        admin.open(&format!("settings/roles/{fixed}/edit")).await.expect(404);
    }
}

#[tokio::test]
async fn the_system_shows_every_setting_with_its_source_and_no_secret_r245() {
    let secret = "a-secret-of-the-tests-that-is-long-enough";
    let secrets = [("secrets.key", secret), ("payments.stripe.secret_key", "sk_test_of_the_tests")];
    let others = [("payments.stripe.publishable_key", "pk_test_of_the_tests"), ("shop.name", "Mugs <b>&amp;")];
    let app = spawn_with(&[secrets, others].concat()).await;
    let viewer = staff(&app, "vera", "viewer").await;
    let system = viewer.open("settings/system").await.expect(200).hides(secret).hides("sk_test_of").hides("<b>&amp;");
    let keys = system.texts("td[data-label=Key] > code:first-child");
    let described = include_str!("../../../../docs/configuration.md");
    let described: Vec<_> = described.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    let missing: Vec<_> =
        described.iter().filter(|key| key.contains('.') && !keys.contains(&(**key).to_owned())).collect();
    assert!(keys.len() > 80 && missing.is_empty(), "{} {missing:?}", keys.len());
    let values = system.texts("td[data-label=Value]").into_iter().zip(system.texts("td[data-label=Source]"));
    let shown: BTreeMap<_, _> = keys.into_iter().zip(values).collect();
    let of = |key: &str| (shown[key].0.as_str(), shown[key].1.as_str());
    assert_eq!(of("shop.lead_time_days"), ("5", "default"));
    assert_eq!(of("media.s3.secret_key"), ("not set", "default"));
    assert_eq!(of("shop.name").0, "Mugs <b>&amp;");
    for (key, _) in secrets {
        assert!(of(key).0 == "set, and a secret" && of(key).1 != "default", "{key}: {:?}", of(key));
    }
    system.shows("name of the shop, 1 to 100 characters");
}

#[tokio::test]
async fn an_account_is_made_once_changed_and_deleted_r249_r256() {
    let app = spawn().await;
    let admin = Browser::admin(&app).await;
    let form =
        admin.open("settings/accounts/new").await.expect(200).shows("value=\"clerk\"").hides("value=\"customer\"");
    let bad = [("username", "b b"), ("password", "short"), ("role", "clerk")];
    let refused = form.send_by(&admin, "settings/accounts/new", &bad).await.expect(422);
    let refused = refused.shows("value=\"b b\"").shows("Password must have 12 to 72 bytes").hides("short\"");
    let good = [("username", "bea"), ("password", PASSWORD), ("role", "clerk")];
    for _ in 0..2 {
        refused.send_by(&admin, "settings/accounts/new", &good).await.expect_to("settings/accounts?done=created");
    }
    admin.fill("settings/accounts/new", &good).await.expect(409).shows("belongs to another account");
    let bea = Browser::of(&app, "bea", PASSWORD).await;
    bea.open("orders").await.expect(200);

    let id = account(&app, "bea").await;
    let page = format!("settings/accounts/{id}/edit");
    let (form, other_form) = (admin.open(&page).await.expect(200), admin.open(&page).await.expect(200));
    let change = [("username", "bea"), ("role", "viewer"), ("active", "true")];
    form.send_by(&admin, &page, &change).await.expect_to("settings/accounts?done=saved");
    bea.open("orders").await.expect(303);
    let other = [("username", "beate"), ("role", "clerk"), ("active", "true")];
    let second = form.send_by(&admin, &page, &other).await.expect(409).shows("This form was sent before");
    assert_ne!(second.hidden()[0], form.hidden()[0], "it has another key");
    let stale = other_form.send_by(&admin, &page, &other).await.expect(412);
    stale.shows("Before it was: clerk.").shows("value=\"viewer\" selected").shows("value=\"beate\"");

    let page = format!("settings/accounts/{id}/password");
    admin.fill(&page, &[("password", "short")]).await.expect(422);
    admin.fill(&page, &[("password", "another-long-one")]).await.expect_to("settings/accounts?done=saved");
    Browser::of(&app, "bea", "another-long-one").await.open("stock").await.expect(200);
    let page = format!("settings/accounts/{id}/delete");
    admin.fill(&page, &[("", ""); 0]).await.expect_to("settings/accounts?done=deleted");
    admin.open("settings/accounts?done=deleted").await.expect(200).shows("It is deleted.").hides(">bea<");
}

#[tokio::test]
async fn a_role_is_chosen_knowing_what_it_may_do_r256_r257() {
    let app = spawn().await;
    role(&app, "packing", &["orders:read"]).await;
    let admin = Browser::admin(&app).await;
    let form = admin.open("settings/accounts/new").await.expect(200);
    assert_eq!(form.form().iter().find(|(name, _)| name == "role").unwrap().1, "", "nobody is made admin by default");
    let explained: Vec<_> = form.texts("dl.facts dt").into_iter().zip(form.texts("dl.facts dd")).collect();
    assert!(explained.contains(&("packing".to_owned(), "Orders".to_owned())), "{explained:?}");
    let typed = [("username", "bea"), ("password", PASSWORD)];
    admin.act("settings/accounts/new", &typed).await.expect(422).shows("Role must be filled in");
}

#[tokio::test]
async fn the_last_administrator_stays_r23_r257() {
    let app = spawn().await;
    let admin = Browser::admin(&app).await;
    let id = account(&app, "admin").await;
    let edit = [("username", "admin"), ("role", "viewer"), ("active", "true")];
    let refused = admin.fill(&format!("settings/accounts/{id}/edit"), &edit).await.expect(409);
    refused.shows("role=\"alert\"").shows("value=\"viewer\" selected");
    admin.fill(&format!("settings/accounts/{id}/delete"), &[("", ""); 0]).await.expect(409).shows("role=\"alert\"");
}

#[tokio::test]
async fn nobody_gives_what_they_have_not_and_attempts_are_recorded_r257_r261_r262() {
    let app = spawn().await;
    role(&app, "hiring", &["accounts:write", "keys:write", "orders:read"]).await;
    role(&app, "reading", &["orders:read"]).await;
    let hiring = staff(&app, "hugo", "hiring").await;
    let form = hiring.open("settings/accounts/new").await.expect(200);
    let form = form.shows("value=\"reading\"").hides("value=\"admin\"").hides("value=\"clerk\"");
    let more = [("username", "boss"), ("password", PASSWORD), ("role", "admin")];
    form.send_by(&hiring, "settings/accounts/new", &more).await.expect(403).shows("You cannot give").shows("boss");
    let page = "settings/roles/new";
    let form = hiring.open(page).await.expect(200).shows("value=\"stock:write\" disabled");
    form.send_by(&hiring, page, &[("name", "boss"), ("scopes", "stock:write")]).await.expect(403).shows("stock:write");
    let page = "settings/keys/new";
    hiring.fill(page, &[("name", "boss"), ("scopes", "stock:read")]).await.expect(403).hides("stk_");
    let admin = account(&app, "admin").await;
    let page = format!("settings/accounts/{admin}/password");
    hiring.fill(&page, &[("password", PASSWORD)]).await.expect(403).shows("You cannot give");
    // Nor is there a button for it.
    let links = hiring.open("settings/accounts").await.expect(200).values("main td a.button", "href");
    let own = account(&app, "hugo").await;
    assert!(!links.is_empty() && links.iter().all(|link| link.contains(&own)), "{links:?}");
    role(&app, "stocking", &["stock:write"]).await;
    let links = hiring.open("settings/roles").await.expect(200).values("main td a.button", "href");
    assert!(links.iter().any(|link| link.contains("reading")) && !links.iter().any(|link| link.contains("stocking")));
    for (name, scope) in [("Of orders", "orders:read"), ("Of stock", "stock:read")] {
        let key = json!({ "name": name, "scopes": [scope] });
        app.post("/api/v1/keys").token(&app.admin).json(&key).send().await.expect(201);
    }
    let rows = hiring.open("settings/keys").await.expect(200).texts("tbody tr .actions");
    let rows: Vec<_> = rows.iter().map(|row| row.split_whitespace().collect::<String>()).collect();
    assert_eq!(rows, ["RenameRotateDelete", "Delete"]);
    let office = Browser::admin(&app).await;
    let audit = office.open("settings/audit?who=hugo").await.expect(200);
    for action in
        ["accounts: create refused", "roles: create refused", "keys: create refused", "accounts: update refused"]
    {
        assert!(audit.text.contains(action), "{action}: {}", audit.text);
    }
    audit.shows("<dt>missing</dt>").shows("<ins>stock:write</ins>");
}

#[tokio::test]
async fn a_role_is_made_of_ticked_boxes_r249_r255() {
    let app = spawn().await;
    let admin = Browser::admin(&app).await;
    let page = "settings/roles/new";
    let form = admin.open(page).await.expect(200);
    let none = form.send_by(&admin, page, &[("name", "packing")]).await.expect(422);
    none.shows("must have at least one scope").shows("value=\"packing\"");
    let good = [("name", "packing"), ("scopes", "orders:read"), ("scopes", "orders:write"), ("scopes", "stock:read")];
    for _ in 0..2 {
        form.send_by(&admin, page, &good).await.expect_to("settings/roles?done=created");
    }
    admin.fill(page, &[("name", "clerk"), ("scopes", "stock:read")]).await.expect(409).shows("checked");
    admin.open("settings/roles").await.expect(200).shows("Stock, Orders (change)");

    let page = "settings/roles/packing/edit";
    let form = admin.open(page).await.expect(200).shows("value=\"orders:write\" checked");
    admin.fill(page, &[("scopes", "orders:read")]).await.expect_to("settings/roles?done=saved");
    let stale = form.send_by(&admin, page, &[("scopes", "stock:read")]).await.expect(412);
    let stale = stale.shows("Somebody has changed it meanwhile").shows("now ticked").shows("now not");
    stale.send_by(&admin, page, &[("scopes", "stock:read")]).await.expect_to("settings/roles?done=saved");
    let role = app.get("/api/v1/roles/packing").token(&app.admin).send().await.expect(200);
    assert_eq!(role.at("/scopes"), &json!(["stock:read"]));

    let page = "settings/roles/packing/delete";
    staff(&app, "paula", "packing").await;
    admin.fill(page, &[("", ""); 0]).await.expect(409).shows("role=\"alert\"");
    let paula = account(&app, "paula").await;
    admin.fill(&format!("settings/accounts/{paula}/delete"), &[("", ""); 0]).await.expect(303);
    admin.fill(page, &[("", ""); 0]).await.expect_to("settings/roles?done=deleted");
}

/// The secret in a page.
fn secret(html: &str) -> &str {
    let from = html.find("stk_").unwrap_or_else(|| panic!("no secret: {html}"));
    html[from..].split('<').next().unwrap()
}

#[tokio::test]
async fn a_key_shows_its_secret_once_also_if_the_form_is_sent_twice_r249_r258() {
    let app = spawn().await;
    let admin = Browser::admin(&app).await;
    let page = "settings/keys/new";
    let form = admin.open(page).await.expect(200);
    let refused = form.send_by(&admin, page, &[("name", "ERP"), ("expires_at", "2020-01-01")]).await.expect(422);
    refused.shows("must have at least one scope").shows("value=\"ERP\"");
    let past = [("name", "ERP"), ("scopes", "stock:read"), ("expires_at", "2020-01-01")];
    form.send_by(&admin, page, &past).await.expect(422).shows("must be in the future").shows("checked");
    let good = [("name", "ERP"), ("scopes", "stock:read"), ("never", "true")];
    let made = form.send_by(&admin, page, &good).await.expect(200).shows("data-dialog");
    let first = secret(&made.text).to_owned();
    assert_eq!(first.len(), 51);
    app.get("/api/v1/stock").token(&first).send().await.expect(200);
    form.send_by(&admin, page, &good).await.expect(200).hides("stk_").shows("It was shown already");
    let listed = app.get("/api/v1/keys").token(&app.admin).send().await.expect(200);
    assert_eq!(listed.items().len(), 1);
    let shown =
        admin.open("settings/keys").await.expect(200).shows("ERP").shows("<td data-label=\"Made by\">admin</td>");
    shown.shows(&first[..12]).hides(&first[13..]);

    let id = listed.items()[0]["id"].as_str().unwrap();
    let page = format!("settings/keys/{id}/rotate");
    let form = admin.open(&page).await.expect(200);
    form.send_by(&admin, &page, &[("overlap", "a while")]).await.expect(422).shows("such as 24h");
    let rotated = form.send_by(&admin, &page, &[("overlap", "0h")]).await.expect(200);
    let second = secret(&rotated.text);
    form.send_by(&admin, &page, &[("overlap", "0h")]).await.expect(200).hides("stk_");
    app.get("/api/v1/stock").token(&first).send().await.expect(401);
    app.get("/api/v1/stock").token(second).send().await.expect(200);

    let page = format!("settings/keys/{id}/rename");
    let form = admin.open(&page).await.expect(200);
    admin.fill(&page, &[("name", "Warehouse")]).await.expect_to("settings/keys?done=saved");
    form.send_by(&admin, &page, &[("name", "Other")]).await.expect(412).shows("<strong>Warehouse</strong>");
    let page = format!("settings/keys/{id}/delete");
    admin.fill(&page, &[("", ""); 0]).await.expect_to("settings/keys?done=deleted");
    app.get("/api/v1/stock").token(second).send().await.expect(401);
}

#[tokio::test]
async fn changing_the_own_password_ends_all_other_sessions_r236_r1() {
    let app = spawn().await;
    let (here, elsewhere) = (staff(&app, "cleo", "clerk").await, Browser::of(&app, "cleo", PASSWORD).await);
    let page = "settings/password";
    let wrong = [("current_password", "not-the-password"), ("new_password", "another-long-one")];
    let refused = here.fill(page, &wrong).await.expect(422).shows("is not the current password");
    refused.hides("another-long-one");
    let right = [("current_password", PASSWORD), ("new_password", "another-long-one")];
    let changed = here.fill(page, &right).await.expect_to("settings?done=password");
    here.open("orders").await.expect(303);
    elsewhere.open("orders").await.expect(303);
    here.with_cookie_of(&changed).open("settings?done=password").await.expect(200).shows("The password is changed");
    let old = Browser::new(&app).send("login", &[("username", "cleo"), ("password", PASSWORD)]).await;
    old.expect(401);
}

#[tokio::test]
async fn the_audit_log_shows_before_and_after_and_is_filtered_r262() {
    let app = spawn().await;
    let customer =
        app.post("/api/v1/customers").token(&app.admin).json(&testkit::details("ann")).send().await.expect(201);
    let place = format!("/api/v1/customers/{}", customer.text("/id"));
    app.patch(&place).token(&app.admin).json(&json!({ "name": "Ann Other" })).send().await.expect(200);
    let admin = Browser::admin(&app).await;
    let all = admin.open("settings/audit").await.expect(200);
    let all = all.shows("<dt>name</dt><dd><del>ann Someone</del> <ins>Ann Other</ins></dd>").shows("customers: update");
    all.shows("<td data-label=\"Who\">admin</td>").shows(&format!("customers/{}", customer.text("/id")));
    admin.open("settings/audit?what=customer&who=admin").await.expect(200).shows("Ann Other");
    for other in ["what=product", "to=2020-01-01", "from=2120-01-01"] {
        admin
            .open(&format!("settings/audit?{other}"))
            .await
            .expect(200)
            .shows("Nothing was changed")
            .hides("Ann Other");
    }
    let bad = admin.open("settings/audit?who=nobody&from=soon").await.expect(200).hides("Ann Other");
    bad.shows("must be a user name").shows("must be a day such as").shows("value=\"nobody\"");
    role(&app, "auditing", &["audit:read"]).await;
    let auditor = staff(&app, "aud", "auditing").await;
    auditor.open("settings/audit").await.expect(200).shows("account …").hides("<td data-label=\"Who\">admin</td>");
}

#[tokio::test]
async fn zones_methods_taxes_and_webhooks_are_listed_r245() {
    let app = spawn().await;
    let post = |path: &str, body: serde_json::Value| app.post(path).token(&app.admin).json(&body).send();
    let zone = json!({ "name": "Alps", "members": [{ "country": "AT" }, { "country": "CH" }] });
    let zone = post("/api/v1/zones", zone).await.expect(201).id();
    let method = json!({
        "code": "parcel", "name": "Parcel", "zone_id": zone, "basis": "flat",
        "tiers": [{ "from": 0, "amount": testkit::usd(490) }], "min_days": 2, "max_days": 4,
    });
    post("/api/v1/shipping-methods", method).await.expect(201);
    let rate = json!({
        "zone_id": zone, "code": "AT20", "name": "USt. 20 %", "rate_ppm": 200_000, "starts_on": "2026-01-01",
        "tax_class": "standard",
    });
    post("/api/v1/tax-rates", rate).await.expect(201);
    let hook = json!({ "url": "https://erp.example.com/hooks", "types": "order.*", "description": "Books orders" });
    let hook = post("/api/v1/webhook-endpoints", hook).await.expect(201).id();
    let admin = Browser::admin(&app).await;
    let shipping = admin.open("settings/shipping").await.expect(200).shows("AT, CH").shows("Parcel");
    shipping.shows("4.90\u{a0}USD").shows("2 to 4").shows("Alps");
    admin
        .open("settings/taxes")
        .await
        .expect(200)
        .shows("20\u{a0}%")
        .shows("AT20")
        .shows("of products that were given none");
    let page = "settings/webhooks";
    let listed = admin.open(page).await.expect(200).shows("Books orders").shows("order.*");
    let pause = format!("{page}/{hook}/pause");
    for _ in 0..2 {
        listed.send_by(&admin, &pause, &[("", ""); 0]).await.expect_to("settings/webhooks?done=saved");
    }
    let listed = admin.open(page).await.expect(200).shows("data-is=\"paused\"").shows("/resume");
    listed
        .send_by(&admin, &format!("{page}/{hook}/resume"), &[("", ""); 0])
        .await
        .expect_to("settings/webhooks?done=saved");
    admin.open(page).await.expect(200).shows("data-is=\"active\"");
    let viewer = staff(&app, "vera", "viewer").await;
    viewer.open(page).await.expect(200).shows("Books orders").hides("Pause");
    viewer.send(&pause, &[("", ""); 0]).await.expect(403);
}

#[tokio::test]
async fn accounts_of_staff_do_not_drown_in_those_of_customers_r245() {
    let app = spawn().await;
    app.customer("ann").await;
    let admin = Browser::admin(&app).await;
    admin.open("settings/accounts").await.expect(200).shows("(you)").hides(">ann<");
    admin.open("settings/accounts?of=customers").await.expect(200).shows(">ann<").hides("(you)");
}
