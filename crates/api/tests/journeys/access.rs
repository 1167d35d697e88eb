//! Who may do what: the whole route table, as it stands in the source.

use serde_json::json;
use testkit::{Client, NOTHING, Server, TestDatabase, http, on_every_database, order};

on_every_database!(
    every_route_refuses_callers_without_the_required_role_r2_r6,
    resources_of_another_customer_are_not_found_r6_r62_r65,
);

/// Every method and path, from the one place where they stand.
fn routes() -> Vec<(String, String)> {
    let table = concat!(
        include_str!("../../src/routes/mod.rs"),
        include_str!("../../src/routes/staff.rs"),
        include_str!("../../src/routes/docs/mod.rs"),
        include_str!("../../src/routes/storefront/mod.rs")
    )
    .replace(".get_undocumented(", ".get(");
    let mut routes = Vec::new();
    for route in table.split("at(\"").skip(1) {
        let (path, methods) = route.split_once('"').unwrap();
        for method in ["get", "post", "put", "patch", "delete"] {
            if methods.contains(&format!(".{method}(")) {
                routes.push((method.to_uppercase(), path.to_owned()));
            }
        }
    }
    assert!(routes.len() > 40, "{routes:?}");
    routes
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum For {
    Everybody,
    Accounts,
    Admins,
}

/// Whoever adds a route and says nothing here has made it one for administrators.
fn who(method: &str, path: &str) -> For {
    let readable = [
        "/api/v1/products",
        "/api/v1/products/{id}",
        "/api/v1/products/by-slug/{slug}",
        "/api/v1/attributes",
        "/api/v1/attributes/{code}",
        "/api/v1/attributes/{code}/terms",
        "/api/v1/attributes/{code}/terms/{term}",
        "/api/v1/categories",
        "/api/v1/categories/{category}",
        "/api/v1/collections",
        "/api/v1/collections/{collection}",
        "/api/v1/product-groups",
        "/api/v1/product-groups/{id}",
        "/api/v1/product-groups/by-slug/{slug}",
        "/api/v1/payment-methods",
        "/api/v1/payments/{id}",
        "/api/v1/refunds/{id}",
    ];
    let own = [
        "/api/v1/me",
        "/api/v1/cart",
        "/api/v1/orders",
        "/api/v1/checkout",
        "/api/v1/auth/logout",
        "/api/v1/payments/{id}/sync",
        "/api/v1/payments/{id}/void",
        "/api/v1/test-provider",
    ];
    match (method, path) {
        (
            _,
            "/api/v1/auth/login"
            | "/api/v1/auth/refresh"
            | "/api/v1/auth/register"
            | "/api/v1/auth/password/forgot"
            | "/api/v1/auth/password/reset"
            | "/api/v1/auth/email/verify"
            | "/api/v1/webhooks/payments/{provider}",
        ) => For::Everybody,
        _ if !path.starts_with("/api/") => For::Everybody,
        (_, "/api/v1/orders/{id}/status")
        | ("PATCH", "/api/v1/orders/{id}/tracking")
        | ("GET", "/api/v1/orders/{id}/ledger" | "/api/v1/orders/{id}/packing-slip" | "/api/v1/orders/export.csv")
        | ("POST", "/api/v1/orders/{id}/refunds") => For::Admins,
        (_, path) if is_below(path, "/api/v1/orders/{id}/notes") => For::Admins,
        ("GET", path) if readable.contains(&path) => For::Accounts,
        _ if own.iter().any(|start| is_below(path, start)) => For::Accounts,
        _ => For::Admins,
    }
}

fn is_below(path: &str, start: &str) -> bool {
    path.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

async fn every_route_refuses_callers_without_the_required_role_r2_r6(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let ann = Client::customer(&server, "ann").await;
    let stranger = http();
    let forged = Client::holding(&server, "nonsense");
    for (method, path) in routes() {
        let who = who(&method, &path);
        let named: String = path.split('/').map(filled).collect::<Vec<_>>().join("/");
        let url = format!("{}{named}", server.address);
        let request = stranger.request(method.parse().unwrap(), url).json(&json!({}));
        let none = testkit::Reply::to(request).await;
        let Some(inner) = named.strip_prefix("/api/v1") else {
            assert!(
                !matches!(none.status, 401 | 403 | 405 | 500..),
                "{method} {path} without a token: {}",
                none.status
            );
            continue;
        };
        assert_eq!(none.status == 401, who != For::Everybody, "{method} {path} without a token: {}", none.status);
        let bad = forged.send(&method, inner, &json!({})).await;
        assert_eq!(bad.status == 401, who != For::Everybody, "{method} {path} with a bad token: {}", bad.status);
        for refused in [none, bad].iter().filter(|reply| reply.status == 401) {
            assert!(refused.header("www-authenticate").unwrap().starts_with("Bearer"), "{method} {path}");
        }
        let customer = ann.send(&method, inner, &json!({})).await;
        assert_eq!(customer.status == 403, who == For::Admins, "{method} {path} as a customer: {}", customer.status);
        let root = admin.send(&method, inner, &json!({})).await;
        assert!(!matches!(root.status, 401 | 403 | 405 | 500..), "{method} {path} as an admin: {}", root.status);
    }
}

/// A part of a path that is variable, with a value that names nothing.
fn filled(part: &str) -> &str {
    match part {
        "{sequence}" => "1",
        _ if part.starts_with('{') => NOTHING,
        _ => part,
    }
}

async fn resources_of_another_customer_are_not_found_r6_r62_r65(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let (ann, bob) = (Client::customer(&server, "ann").await, Client::customer(&server, "bob").await);
    let product = admin.product(5).await;
    ann.send("POST", "/cart/items", &json!({"product_id": product, "quantity": 1})).await.expect(200);
    let order = order(&ann, &product).await;
    for (method, path) in [
        ("GET", format!("/orders/{order}")),
        ("GET", format!("/orders/{order}/tracking")),
        ("POST", format!("/orders/{order}/cancel")),
        ("PATCH", format!("/orders/{order}")),
        ("PATCH", format!("/cart/items/{product}")),
        ("DELETE", format!("/cart/items/{product}")),
    ] {
        let body = if path.starts_with("/cart") { json!({"quantity": 1}) } else { json!({}) };
        bob.send(method, &path, &body).await.expect(404);
    }
    assert!(bob.all("/orders").await.is_empty());
    assert_eq!(ann.get("/cart").await["item_count"], 1);
    assert_eq!(ann.get(&format!("/orders/{order}")).await["status"], "placed");
}
