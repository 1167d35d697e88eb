//! What the server does by itself.

use std::process::Command;
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use testkit::{Client, Server, TestDatabase, binary, damage, number, on_every_database, until};

on_every_database!(
    a_housekeeping_task_is_done_by_one_server_and_by_another_after_that_one_stops_r45,
    a_server_that_runs_housekeeping_stops_normally_r79,
    rows_of_an_old_import_go_and_those_who_ask_for_them_hear_when_r231,
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
    let ran = "SELECT COUNT(*) FROM task_runs WHERE task = 'receive_restocks' AND ended_at > 0 AND failed_at IS NULL";
    until("written down", async || number(&database, ran).await == 1).await;
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

/// The path of an import of a file, which waits to be started.
async fn checked_import(admin: &Client, file: &'static str) -> String {
    let request = admin.request(Method::POST, "/imports").header("content-type", "text/csv").body(file);
    let made: Value = request.send().await.unwrap().json().await.unwrap();
    let path = format!("/imports/{}", made["id"].as_str().unwrap());
    until("checked", async || admin.get(&path).await["status"] == "checked").await;
    path
}

async fn rows_of_an_old_import_go_and_those_who_ask_for_them_hear_when_r231(database: TestDatabase) {
    let server = Server::start_with(&database, &database.url, &SOON).await;
    let admin = Client::admin(&server).await;
    let path = checked_import(&admin, "sku,name,price\na,,1\n").await;
    let not_started = checked_import(&admin, "sku,name,price\nb,Bowl,1\n").await;
    admin.send("POST", &format!("{path}/cancel"), &json!({})).await.expect(200);
    let parts = ["rows", "failed.csv", "before.csv"].map(|part| format!("{path}/{part}"));
    for part in &parts {
        let answer = admin.request(Method::GET, part).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{part}");
    }
    assert_eq!(admin.get(&path).await["rows_removed_at"], Value::Null);
    let month = 31 * 24 * 3600 * 1_000_000_i64;
    damage(&database, &[&format!("UPDATE imports SET updated_at = updated_at - {month}")]).await;
    until("removed", async || admin.get(&path).await["rows_removed_at"].is_string()).await;
    let at = admin.get(&path).await["rows_removed_at"].as_str().unwrap().to_owned();
    let day = at.get(..10).unwrap();
    for part in &parts {
        let refusal = admin.ask("GET", part).await.expect(410);
        assert_eq!(refusal.kind(), "import-rows-gone");
        assert!(refusal.text("/detail").contains(day) && refusal.text("/detail").contains("`imports.keep_rows_for`"));
    }
    assert_eq!(
        (admin.get(&path).await["failed"].as_i64(), admin.get(&path).await["rows"].as_i64()),
        (Some(1), Some(1))
    );
    until("cancelled", async || admin.get(&not_started).await["status"] == "cancelled").await;
    admin.send("POST", &format!("{not_started}/start"), &json!({})).await.expect(409);
    until("removed", async || number(&database, "SELECT COUNT(*) FROM import_rows").await == 0).await;
}
