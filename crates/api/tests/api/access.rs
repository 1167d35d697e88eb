//! Who may do what: the whole route table, without a token, with a bad one, and with a customer's.

use serde_json::json;
use testkit::{App, Call, spawn};

/// Who a route is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum For {
    Everybody,
    Accounts,
    Admins,
}

const ID: &str = "01890000-0000-7000-8000-000000000000";

const ROUTES: &[(&str, &str, For)] = &[
    ("GET", "/health/live", For::Everybody),
    ("GET", "/health/ready", For::Everybody),
    ("GET", "/metrics", For::Everybody),
    ("GET", "/openapi/swagger.yaml", For::Everybody),
    ("GET", "/openapi/openapi.yaml", For::Everybody),
    ("GET", "/openapi/openapi.json", For::Everybody),
    ("GET", "/", For::Everybody),
    ("GET", "/shop.js", For::Everybody),
    ("GET", "/api.js", For::Everybody),
    ("GET", "/shop.css", For::Everybody),
    ("GET", "/shop.svg", For::Everybody),
    ("GET", "/docs", For::Everybody),
    ("GET", "/docs/", For::Everybody),
    ("GET", "/docs/ID", For::Everybody),
    ("POST", "/api/v1/auth/login", For::Everybody),
    ("POST", "/api/v1/auth/refresh", For::Everybody),
    ("POST", "/api/v1/auth/logout", For::Accounts),
    ("POST", "/api/v1/auth/register", For::Everybody),
    ("POST", "/api/v1/auth/password/forgot", For::Everybody),
    ("POST", "/api/v1/auth/password/reset", For::Everybody),
    ("POST", "/api/v1/auth/email/verify", For::Everybody),
    ("GET", "/api/v1/me", For::Accounts),
    ("PATCH", "/api/v1/me", For::Accounts),
    ("DELETE", "/api/v1/me", For::Accounts),
    ("GET", "/api/v1/me/export", For::Accounts),
    ("POST", "/api/v1/me/password", For::Accounts),
    ("POST", "/api/v1/me/email/verification", For::Accounts),
    ("GET", "/api/v1/customers", For::Admins),
    ("POST", "/api/v1/customers", For::Admins),
    ("GET", "/api/v1/customers/ID", For::Admins),
    ("PATCH", "/api/v1/customers/ID", For::Admins),
    ("DELETE", "/api/v1/customers/ID", For::Admins),
    ("GET", "/api/v1/customers/ID/export", For::Admins),
    ("GET", "/api/v1/customers/ID/sales", For::Admins),
    ("GET", "/api/v1/accounts", For::Admins),
    ("POST", "/api/v1/accounts", For::Admins),
    ("GET", "/api/v1/accounts/ID", For::Admins),
    ("PATCH", "/api/v1/accounts/ID", For::Admins),
    ("DELETE", "/api/v1/accounts/ID", For::Admins),
    ("GET", "/api/v1/products", For::Accounts),
    ("POST", "/api/v1/products", For::Admins),
    ("GET", "/api/v1/products/ID", For::Accounts),
    ("GET", "/api/v1/products/by-slug/ID", For::Accounts),
    ("PATCH", "/api/v1/products/ID", For::Admins),
    ("DELETE", "/api/v1/products/ID", For::Admins),
    ("PUT", "/api/v1/products/ID/attributes", For::Admins),
    ("POST", "/api/v1/products/batch", For::Admins),
    ("GET", "/api/v1/products/export.csv", For::Admins),
    ("GET", "/api/v1/products/export.ndjson", For::Admins),
    ("GET", "/api/v1/orders/export.csv", For::Admins),
    ("GET", "/api/v1/customers/export.csv", For::Admins),
    ("PUT", "/api/v1/products/ID/media", For::Admins),
    ("GET", "/api/v1/products/ID/prices", For::Admins),
    ("GET", "/api/v1/media", For::Admins),
    ("POST", "/api/v1/media", For::Admins),
    ("GET", "/api/v1/media/ID", For::Admins),
    ("DELETE", "/api/v1/media/ID", For::Admins),
    ("GET", "/media/ID/ID", For::Everybody),
    ("GET", "/api/v1/imports", For::Admins),
    ("POST", "/api/v1/imports", For::Admins),
    ("GET", "/api/v1/imports/ID", For::Admins),
    ("PATCH", "/api/v1/imports/ID", For::Admins),
    ("POST", "/api/v1/imports/ID/start", For::Admins),
    ("POST", "/api/v1/imports/ID/cancel", For::Admins),
    ("GET", "/api/v1/imports/ID/rows", For::Admins),
    ("GET", "/api/v1/imports/ID/failed.csv", For::Admins),
    ("GET", "/api/v1/imports/ID/before.csv", For::Admins),
    ("GET", "/api/v1/attributes", For::Accounts),
    ("POST", "/api/v1/attributes", For::Admins),
    ("GET", "/api/v1/attributes/ID", For::Accounts),
    ("PATCH", "/api/v1/attributes/ID", For::Admins),
    ("DELETE", "/api/v1/attributes/ID", For::Admins),
    ("GET", "/api/v1/attributes/ID/terms", For::Accounts),
    ("POST", "/api/v1/attributes/ID/terms", For::Admins),
    ("GET", "/api/v1/attributes/ID/terms/ID", For::Accounts),
    ("PATCH", "/api/v1/attributes/ID/terms/ID", For::Admins),
    ("DELETE", "/api/v1/attributes/ID/terms/ID", For::Admins),
    ("GET", "/api/v1/categories", For::Accounts),
    ("POST", "/api/v1/categories", For::Admins),
    ("GET", "/api/v1/categories/ID", For::Accounts),
    ("PATCH", "/api/v1/categories/ID", For::Admins),
    ("GET", "/api/v1/collections", For::Accounts),
    ("POST", "/api/v1/collections", For::Admins),
    ("GET", "/api/v1/collections/ID", For::Accounts),
    ("PATCH", "/api/v1/collections/ID", For::Admins),
    ("DELETE", "/api/v1/collections/ID", For::Admins),
    ("PUT", "/api/v1/collections/ID/media", For::Admins),
    ("PUT", "/api/v1/product-groups/ID/media", For::Admins),
    ("PUT", "/api/v1/attributes/ID/terms/ID/media", For::Admins),
    ("GET", "/api/v1/product-groups", For::Accounts),
    ("POST", "/api/v1/product-groups", For::Admins),
    ("GET", "/api/v1/product-groups/ID", For::Accounts),
    ("GET", "/api/v1/product-groups/by-slug/ID", For::Accounts),
    ("PATCH", "/api/v1/product-groups/ID", For::Admins),
    ("DELETE", "/api/v1/product-groups/ID", For::Admins),
    ("PUT", "/api/v1/product-groups/ID/attributes", For::Admins),
    ("POST", "/api/v1/product-groups/ID/products", For::Admins),
    ("PATCH", "/api/v1/product-groups/ID/products/ID", For::Admins),
    ("DELETE", "/api/v1/product-groups/ID/products/ID", For::Admins),
    ("GET", "/api/v1/stock", For::Admins),
    ("GET", "/api/v1/products/ID/stock", For::Admins),
    ("PUT", "/api/v1/products/ID/stock/policy", For::Admins),
    ("POST", "/api/v1/products/ID/stock/adjustments", For::Admins),
    ("GET", "/api/v1/products/ID/stock/movements", For::Admins),
    ("GET", "/api/v1/products/ID/stock/movements/1", For::Admins),
    ("GET", "/api/v1/restocks", For::Admins),
    ("POST", "/api/v1/restocks/run", For::Admins),
    ("GET", "/api/v1/restocks/ID", For::Admins),
    ("POST", "/api/v1/restocks/ID/receive", For::Admins),
    ("POST", "/api/v1/restocks/ID/cancel", For::Admins),
    ("GET", "/api/v1/cart", For::Accounts),
    ("DELETE", "/api/v1/cart", For::Accounts),
    ("POST", "/api/v1/cart/items", For::Accounts),
    ("PATCH", "/api/v1/cart/items/ID", For::Accounts),
    ("DELETE", "/api/v1/cart/items/ID", For::Accounts),
    ("GET", "/api/v1/orders", For::Accounts),
    ("POST", "/api/v1/orders", For::Accounts),
    ("GET", "/api/v1/orders/ID", For::Accounts),
    ("PATCH", "/api/v1/orders/ID", For::Accounts),
    ("GET", "/api/v1/orders/ID/tracking", For::Accounts),
    ("PATCH", "/api/v1/orders/ID/tracking", For::Admins),
    ("POST", "/api/v1/orders/ID/cancel", For::Accounts),
    ("POST", "/api/v1/orders/ID/status", For::Admins),
    ("GET", "/api/v1/orders/ID/notes", For::Admins),
    ("POST", "/api/v1/orders/ID/notes", For::Admins),
    ("GET", "/api/v1/orders/ID/notes/ID", For::Admins),
    ("DELETE", "/api/v1/orders/ID/notes/ID", For::Admins),
    ("GET", "/api/v1/customers/ID/notes", For::Admins),
    ("POST", "/api/v1/customers/ID/notes", For::Admins),
    ("GET", "/api/v1/customers/ID/notes/ID", For::Admins),
    ("DELETE", "/api/v1/customers/ID/notes/ID", For::Admins),
    ("GET", "/api/v1/orders/ID/packing-slip", For::Admins),
    ("GET", "/api/v1/reports/sales", For::Admins),
    ("GET", "/api/v1/reports/stock", For::Admins),
    ("GET", "/api/v1/zones", For::Admins),
    ("POST", "/api/v1/zones", For::Admins),
    ("GET", "/api/v1/zones/ID", For::Admins),
    ("PATCH", "/api/v1/zones/ID", For::Admins),
    ("DELETE", "/api/v1/zones/ID", For::Admins),
    ("GET", "/api/v1/shipping-methods", For::Admins),
    ("POST", "/api/v1/shipping-methods", For::Admins),
    ("GET", "/api/v1/shipping-methods/ID", For::Admins),
    ("PATCH", "/api/v1/shipping-methods/ID", For::Admins),
    ("DELETE", "/api/v1/shipping-methods/ID", For::Admins),
    ("GET", "/api/v1/tax-classes", For::Admins),
    ("POST", "/api/v1/tax-classes", For::Admins),
    ("GET", "/api/v1/tax-classes/ID", For::Admins),
    ("PATCH", "/api/v1/tax-classes/ID", For::Admins),
    ("DELETE", "/api/v1/tax-classes/ID", For::Admins),
    ("POST", "/api/v1/checkout/quote", For::Accounts),
    ("GET", "/api/v1/promotions", For::Admins),
    ("POST", "/api/v1/promotions", For::Admins),
    ("GET", "/api/v1/promotions/ID", For::Admins),
    ("PATCH", "/api/v1/promotions/ID", For::Admins),
    ("POST", "/api/v1/promotions/ID/activate", For::Admins),
    ("POST", "/api/v1/promotions/ID/pause", For::Admins),
    ("POST", "/api/v1/promotions/ID/archive", For::Admins),
    ("GET", "/api/v1/promotions/ID/codes", For::Admins),
    ("POST", "/api/v1/promotions/ID/codes", For::Admins),
    ("DELETE", "/api/v1/promotions/ID/codes/1", For::Admins),
    ("GET", "/api/v1/tax-rates", For::Admins),
    ("POST", "/api/v1/tax-rates", For::Admins),
    ("GET", "/api/v1/tax-rates/ID", For::Admins),
    ("PATCH", "/api/v1/tax-rates/ID", For::Admins),
    ("DELETE", "/api/v1/tax-rates/ID", For::Admins),
    ("GET", "/api/v1/roles", For::Admins),
    ("POST", "/api/v1/roles", For::Admins),
    ("GET", "/api/v1/roles/ID", For::Admins),
    ("PATCH", "/api/v1/roles/ID", For::Admins),
    ("DELETE", "/api/v1/roles/ID", For::Admins),
    ("GET", "/api/v1/keys", For::Admins),
    ("POST", "/api/v1/keys", For::Admins),
    ("GET", "/api/v1/keys/ID", For::Admins),
    ("PATCH", "/api/v1/keys/ID", For::Admins),
    ("DELETE", "/api/v1/keys/ID", For::Admins),
    ("POST", "/api/v1/keys/ID/rotate", For::Admins),
    ("GET", "/api/v1/audit", For::Admins),
    ("GET", "/api/v1/payment-methods", For::Accounts),
    ("GET", "/api/v1/payments", For::Admins),
    ("GET", "/api/v1/payments/ID", For::Accounts),
    ("POST", "/api/v1/payments/ID/sync", For::Accounts),
    ("POST", "/api/v1/payments/ID/capture", For::Admins),
    ("POST", "/api/v1/payments/ID/void", For::Accounts),
    ("POST", "/api/v1/payments/ID/receive", For::Admins),
    ("POST", "/api/v1/payments/operations/ID/resolve", For::Admins),
    ("GET", "/api/v1/orders/ID/payments", For::Accounts),
    ("POST", "/api/v1/orders/ID/payments", For::Accounts),
    ("POST", "/api/v1/webhooks/payments/ID", For::Everybody),
    ("POST", "/api/v1/test-provider/ID/act", For::Accounts),
    ("GET", "/api/v1/orders/ID/refunds", For::Accounts),
    ("POST", "/api/v1/orders/ID/refunds", For::Admins),
    ("GET", "/api/v1/refunds/ID", For::Accounts),
    ("POST", "/api/v1/refunds/ID/paid", For::Admins),
    ("GET", "/api/v1/mails", For::Admins),
    ("GET", "/api/v1/mails/ID", For::Admins),
    ("GET", "/api/v1/ledger", For::Admins),
    ("GET", "/api/v1/ledger/balances", For::Admins),
    ("GET", "/api/v1/orders/ID/ledger", For::Admins),
    ("GET", "/api/v1/orders/ID/events", For::Accounts),
    ("POST", "/api/v1/orders/ID/stream-tickets", For::Accounts),
    ("GET", "/api/v1/events", For::Admins),
    ("GET", "/api/v1/webhook-endpoints", For::Admins),
    ("POST", "/api/v1/webhook-endpoints", For::Admins),
    ("GET", "/api/v1/webhook-endpoints/ID", For::Admins),
    ("PATCH", "/api/v1/webhook-endpoints/ID", For::Admins),
    ("DELETE", "/api/v1/webhook-endpoints/ID", For::Admins),
    ("POST", "/api/v1/webhook-endpoints/ID/pause", For::Admins),
    ("POST", "/api/v1/webhook-endpoints/ID/resume", For::Admins),
    ("POST", "/api/v1/webhook-endpoints/ID/rotate-secret", For::Admins),
    ("POST", "/api/v1/webhook-endpoints/ID/test", For::Admins),
    ("POST", "/api/v1/webhook-endpoints/ID/replay", For::Admins),
    ("GET", "/api/v1/webhook-endpoints/ID/deliveries", For::Admins),
    ("POST", "/api/v1/webhook-deliveries/ID/redeliver", For::Admins),
];

async fn status(app: &App, (method, path): (&str, &str), token: Option<&str>) -> u16 {
    let call = app.call(method, &path.replace("ID", ID));
    let call = if method == "GET" { call } else { call.json(&json!({})) };
    let call = token.into_iter().fold(call, Call::token);
    let reply = call.send().await;
    if reply.status == 401 {
        assert!(reply.header("www-authenticate").unwrap().starts_with("Bearer"));
    }
    let status = reply.status;
    reply.expect(status);
    status
}

#[tokio::test]
async fn every_route_refuses_callers_without_the_required_role_r2_r6() {
    let app = spawn().await;
    let ann = app.customer("ann").await;
    for (method, path, who) in ROUTES {
        let route = (*method, *path);
        for stranger in [None, Some("nonsense")] {
            let status = status(&app, route, stranger).await;
            assert_eq!(status == 401, *who != For::Everybody, "{method} {path} without a good token: {status}");
        }
        let customer = status(&app, route, Some(&ann.token)).await;
        assert_eq!(customer == 403, *who == For::Admins, "{method} {path} as a customer: {customer}");
        let admin = status(&app, route, Some(&app.admin)).await;
        assert!(!matches!(admin, 401 | 403), "{method} {path} as an administrator: {admin}");
    }
}

#[tokio::test]
async fn no_route_is_missing_from_the_table_above_r6() {
    let table = concat!(
        include_str!("../../src/routes/mod.rs"),
        include_str!("../../src/routes/staff.rs"),
        include_str!("../../src/routes/docs/mod.rs"),
        include_str!("../../src/routes/storefront/mod.rs")
    )
    .replace(".get_undocumented(", ".get(");
    let handlers: usize =
        [".get(", ".post(", ".put(", ".patch(", ".delete("].iter().map(|verb| table.matches(verb).count()).sum();
    assert_eq!(handlers, ROUTES.len());
    let mut paths: Vec<_> = table.split("at(\"").skip(1).filter_map(|rest| rest.split('"').next()).map(shape).collect();
    let mut here: Vec<_> = ROUTES.iter().map(|(_, path, _)| shape(path)).collect();
    paths.sort_unstable();
    here.sort_unstable();
    here.dedup();
    assert_eq!(here, paths);
}

/// A path with its variable parts blotted out.
fn shape(path: &str) -> String {
    path.split('/')
        .map(|part| if matches!(part, "ID" | "1") || part.starts_with('{') { "*" } else { part })
        .collect::<Vec<_>>()
        .join("/")
}
