//! `migrate down` says what it deletes, and wants to be sure.

use testkit::{
    Outcome, Server, TestDatabase, damage, number, on_every_database, storekeeper, storekeeper_reading, until, well,
};

on_every_database!(
    reverting_migrations_says_what_it_deletes_and_wants_a_yes,
    no_migration_is_reverted_while_a_server_runs,
    a_server_on_the_schema_of_another_version_is_not_ready,
);

const ALL: [&str; 4] = ["migrate", "down", "--steps", "1000"];

async fn orders(database: &TestDatabase) -> i64 {
    number(database, "SELECT COUNT(*) FROM orders").await
}

async fn reverting_migrations_says_what_it_deletes_and_wants_a_yes(database: TestDatabase) {
    well(&database, &["seed", "--products", "7", "--customers", "2", "--orders", "3"]).await;
    for answer in ["", "\n", "no\n", "y\n", "yes please\n"] {
        let Outcome { code, error, said, .. } = storekeeper_reading(&database, &ALL, answer.as_bytes()).await;
        assert_eq!((code, said.as_str()), (1, ""), "{answer:?}: {error}");
        for line in ["  products: 7 rows", "  orders: 3 rows", "  customers: 2 rows", "  audit_log: 0 rows"] {
            assert!(error.lines().any(|told| told == line), "{line} in {error}");
        }
        assert!(error.contains("nothing was reverted"), "{error}");
    }
    assert_eq!(orders(&database).await, 3);
    // A column counts by its values, and what was not applied is not deleted.
    let steps = number(&database, "SELECT COUNT(*) FROM seaql_migrations WHERE version >= 'm0049'").await.to_string();
    damage(&database, &["INSERT INTO idempotency_keys (account_id, idempotency_key, fingerprint, created_at, personal_to) SELECT id, 'key', id, 0, id FROM orders"])
        .await;
    let outcome = storekeeper(&database, &["migrate", "down", "--steps", &steps]).await;
    assert!(outcome.error.contains("  idempotency_keys.personal_to: 3 values"), "{outcome:?}");
    assert!(!outcome.error.contains("  orders: "), "{outcome:?}");

    let typed = storekeeper_reading(&database, &["migrate", "down", "--steps", "1"], b"yes\n").await;
    assert_eq!(typed.code, 0, "{typed:?}");
    let down = well(&database, &[&ALL[..], &["--yes"]].concat()).await;
    assert!(down.lines().all(|line| line.starts_with("pending")), "{down}");
    let again = storekeeper(&database, &ALL).await;
    assert!(again.code == 0 && again.error.contains("there is no migration to revert"), "{again:?}");
}

async fn no_migration_is_reverted_while_a_server_runs(database: TestDatabase) {
    let mut server = Server::start(&database).await;
    let address = server.address.strip_prefix("http://").unwrap().to_owned();
    let refused = async || {
        let outcome = storekeeper(&database, &["migrate", "down", "--yes"]).await;
        assert!(outcome.code == 1 && outcome.error.contains("servers run on this database"), "{outcome:?}");
        assert!(outcome.error.contains(&address), "{outcome:?}");
    };
    refused().await;
    server.signal("TERM").await;
    assert_eq!(server.exit_code().await, Some(0));
    assert_eq!(number(&database, "SELECT COUNT(*) FROM leases WHERE task LIKE 'server %'").await, 0);
    // One that is killed counts as running until its heartbeat is too old.
    let killed = Server::start(&database).await;
    let address = killed.address.strip_prefix("http://").unwrap().to_owned();
    killed.kill().await;
    let outcome = storekeeper(&database, &["migrate", "down", "--yes"]).await;
    assert!(outcome.error.contains(&address) && outcome.error.contains("counts as stopped in"), "{outcome:?}");
    damage(&database, &["UPDATE leases SET until_at = 1 WHERE task LIKE 'server %'"]).await;
    well(&database, &["migrate", "down", "--yes"]).await;
}

async fn a_server_on_the_schema_of_another_version_is_not_ready(database: TestDatabase) {
    let server = Server::start(&database).await;
    let status = async || reqwest::get(format!("{}/health/ready", server.address)).await.unwrap();
    let becomes = async |expected: u16| {
        until("readiness follows the schema", async || status().await.status().as_u16() == expected).await;
    };
    for (change, back) in [
        (
            "INSERT INTO seaql_migrations VALUES ('m9999_of_tomorrow', 1)",
            "DELETE FROM seaql_migrations WHERE version LIKE 'm9999%'",
        ),
        (
            "UPDATE seaql_migrations SET version = 'x' WHERE version = 'm0051_idempotency_keys_response'",
            "UPDATE seaql_migrations SET version = 'm0051_idempotency_keys_response' WHERE version = 'x'",
        ),
        ("ALTER TABLE seaql_migrations RENAME TO taken", "ALTER TABLE taken RENAME TO seaql_migrations"),
    ] {
        damage(&database, &[change]).await;
        becomes(503).await;
        let answer = status().await;
        assert!(answer.headers().contains_key("retry-after"));
        assert!(answer.text().await.unwrap().contains("schema"), "{change}");
        damage(&database, &[back]).await;
        becomes(200).await;
    }
}
