//! A lost password is set on the command line.

use serde_json::json;
use testkit::{
    ADMIN_PASSWORD, Client, PASSWORD, Server, TestDatabase, on_every_database, pair, refresh, storekeeper,
    storekeeper_reading, until,
};

on_every_database!(a_lost_password_is_set_while_the_server_runs_and_ends_logins_and_lockout);

async fn a_lost_password_is_set_while_the_server_runs_and_ends_logins_and_lockout(database: TestDatabase) {
    let server = Server::start(&database).await;
    let admin = Client::admin(&server).await;
    let tokens = pair(&server, "admin", ADMIN_PASSWORD).await;
    let nobody = Client::holding(&server, "none");
    let log_in = async |password: &str| {
        nobody.send("POST", "/auth/login", &json!({"username": "admin", "password": password})).await
    };
    for _ in 0..10 {
        log_in("forgotten").await.expect(401);
    }
    log_in(ADMIN_PASSWORD).await.expect(429);

    let made = storekeeper(&database, &["set-password", "--username", "Admin"]).await;
    assert_eq!(made.code, 0, "{made:?}");
    let generated = made.said.lines().find_map(|line| line.strip_prefix("password: ")).unwrap().to_owned();
    log_in(&generated).await.expect(200);
    log_in(ADMIN_PASSWORD).await.expect(401);
    until("ended", async || admin.ask("GET", "/me").await.status == 401).await;
    refresh(&server, &tokens["refresh_token"]).await.expect(401);

    let arguments = ["set-password", "--username", "admin", "--password-stdin"];
    let given = storekeeper_reading(&database, &arguments, format!("{PASSWORD}\n").as_bytes()).await;
    assert!(given.code == 0 && !given.said.contains("password: "), "{given:?}");
    log_in(PASSWORD).await.expect(200);

    let refused = storekeeper_reading(&database, &arguments, b"short\n").await;
    assert!(refused.code == 2 && refused.error.contains("12 to 72 bytes"), "{refused:?}");
    let unknown = storekeeper(&database, &["set-password", "--username", "nobody"]).await;
    assert!(unknown.code == 2 && unknown.error.contains("no account named nobody"), "{unknown:?}");
    log_in(PASSWORD).await.expect(200);
}

#[tokio::test]
async fn no_shop_is_made_to_set_a_password_in() {
    let database = TestDatabase::empty_sqlite();
    let refused = storekeeper(&database, &["set-password", "--username", "admin"]).await;
    assert!(refused.code == 1 && refused.error.contains("migrate up"), "{refused:?}");
}
