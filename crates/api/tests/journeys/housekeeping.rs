//! What the server does by itself.

use std::process::Command;
use std::time::Duration;

use serde_json::json;
use testkit::{Client, Server, TestDatabase, binary, on_every_database, until};

on_every_database!(
    a_housekeeping_task_is_done_by_one_server_and_by_another_after_that_one_stops_r45,
    a_server_that_runs_housekeeping_stops_normally_r79,
);

const SOON: [(&str, &str); 2] =
    [("STOREKEEPER__STOCK__AUTO_RECEIVE_AFTER", "1s"), ("STOREKEEPER__HOUSEKEEPING__EVERY", "1s")];

/// A product with a restock open for it.
async fn wanting(admin: &Client) -> String {
    let product = admin.product(1).await;
    let policy = json!({"restock_threshold": 2, "restock_target": 9});
    admin.send("PUT", &format!("/products/{product}/stock/policy"), &policy).await.expect(200);
    admin.ask("POST", "/restocks/run").await.expect(200);
    product
}

async fn until_received(admin: &Client, product: &str) {
    let stock = format!("/products/{product}/stock");
    until("received", async || admin.get(&stock).await["on_hand"] == 9).await;
    assert_eq!(admin.on_hand(product).await, 9);
}

async fn a_housekeeping_task_is_done_by_one_server_and_by_another_after_that_one_stops_r45(database: TestDatabase) {
    let (one, two) = tokio::join!(
        Server::start_with(&database, &database.url, &SOON),
        Server::start_with(&database, &database.url, &SOON)
    );
    let admin = Client::admin(&two).await;
    let product = wanting(&admin).await;
    until_received(&admin, &product).await;
    let done = |server: &Server| {
        let printed = server.printed();
        printed.lines().filter(|line| line.contains("receive_restocks") && line.contains("done")).count()
    };
    until("told", async || done(&one) + done(&two) > 0).await;
    assert_eq!(done(&one) + done(&two), 1, "one of them did it:\n{}\n{}", one.printed(), two.printed());
    one.kill().await;
    let product = wanting(&admin).await;
    until_received(&admin, &product).await;
}

async fn a_server_that_runs_housekeeping_stops_normally_r79(database: TestDatabase) {
    let mut server = Server::start_with(&database, &database.url, &SOON).await;
    tokio::time::sleep(Duration::from_millis(1500)).await;
    server.signal("TERM").await;
    assert_eq!(server.exit_code().await, Some(0), "{}", server.printed());
    assert!(!server.printed().contains("housekeeping failed"), "{}", server.printed());
}

#[test]
fn housekeeping_settings_are_listed_and_checked_r73() {
    let folder = tempfile::tempdir().unwrap();
    let check = |settings: &[(&str, &str)]| {
        let mut command = Command::new(binary());
        let output = command.arg("check-config").current_dir(folder.path()).envs(settings.iter().copied()).output();
        let output = output.unwrap();
        let text = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(text).unwrap())
    };
    let (code, shown) = check(&[("STOREKEEPER__CARTS__KEEP_EMPTY_FOR", "7d")]);
    assert_eq!(code, Some(0), "{shown}");
    for line in ["housekeeping.every", "carts.keep_empty_for", "stock.auto_receive_after"] {
        assert!(shown.contains(line), "{line}:\n{shown}");
    }
    let (code, refused) = check(&[("STOREKEEPER__HOUSEKEEPING__EVERY", "0s")]);
    assert!(code == Some(2) && refused.contains("housekeeping.every must be a duration"), "{refused}");
}
