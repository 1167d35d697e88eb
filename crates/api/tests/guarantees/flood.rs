//! Many logins at once.

use reqwest::{Method, StatusCode};
use serde_json::json;
use testkit::{ADMIN_PASSWORD, Client, Server, TestDatabase, on_every_database};

on_every_database!(a_flood_of_logins_is_bounded_and_does_not_delay_other_requests_r1);

/// Passwords at their real cost: each login keeps a core busy for a while.
const COST: (&str, &str) = ("STOREKEEPER__AUTH__BCRYPT_COST", "12");

async fn a_flood_of_logins_is_bounded_and_does_not_delay_other_requests_r1(database: TestDatabase) {
    let server = Server::start_with(&database, &database.url, &[COST]).await;
    let admin = Client::admin(&server).await;
    let product = admin.product(1).await;
    let flood: Vec<_> = (0..200)
        .map(|_| {
            let client = admin.clone();
            let login = json!({"username": "admin", "password": ADMIN_PASSWORD});
            tokio::spawn(async move {
                let answer = client.request(Method::POST, "/auth/login").json(&login).send().await.unwrap();
                let retry_after = answer.headers().contains_key("retry-after");
                (answer.status(), retry_after)
            })
        })
        .collect();
    while !flood.iter().any(tokio::task::JoinHandle::is_finished) {
        tokio::task::yield_now().await;
    }
    for _ in 0..20 {
        admin.get(&format!("/products/{product}")).await;
    }
    assert!(flood.iter().any(|login| !login.is_finished()), "twenty reads took longer than two hundred logins");
    let (mut welcome, mut refused) = (0, 0);
    for login in flood {
        match login.await.unwrap() {
            (StatusCode::OK, _) => welcome += 1,
            (StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS, true) => refused += 1,
            other => panic!("{other:?}"),
        }
    }
    assert!(welcome > 0 && refused > 0, "{welcome} logins and {refused} refusals");
}
