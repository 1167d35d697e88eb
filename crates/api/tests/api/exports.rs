//! Files that staff download, and what breaks them off.

use std::time::Duration;

use serde_json::json;
use testkit::{TestDatabase, damage, http, spawn, spawn_on, storekeeper_reading, well};

#[tokio::test]
async fn files_are_saved_under_a_name_and_take_the_filters_of_lists_alone_r233() {
    let app = spawn().await;
    for (path, name, media_type) in [
        ("products/export.csv", "products.csv", "text/csv; charset=utf-8; header=present"),
        ("products/export.ndjson", "products.ndjson", "application/x-ndjson"),
        ("orders/export.csv", "orders.csv", "text/csv; charset=utf-8; header=present"),
        ("customers/export.csv", "customers.csv", "text/csv; charset=utf-8; header=present"),
    ] {
        let answer = app.get(&format!("/api/v1/{path}")).token(&app.admin).send().await.expect(200);
        let disposition = format!("attachment; filename=\"{name}\"");
        assert_eq!(answer.header("content-disposition"), Some(disposition.as_str()));
        assert_eq!(answer.header("content-type"), Some(media_type));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let refused = app.get(&format!("/api/v1/{path}?limit=5&updated_after=now")).token(&app.admin).send().await;
        let refused = refused.expect(400);
        assert_eq!(refused.kind(), "bad-query");
        let fields: Vec<_> = refused.faults().iter().map(|(field, _)| (*field).to_owned()).collect();
        assert_eq!(fields, ["limit", "updated_after"], "{path}");
    }
    let unknown = app.get("/api/v1/products/export.csv?attr.colour=red").token(&app.admin).send().await.expect(400);
    assert_eq!(unknown.kind(), "bad-query");
}

#[tokio::test]
async fn a_client_that_goes_away_ends_an_export_and_a_failure_breaks_it_off_r233() {
    let database = TestDatabase::sqlite();
    well(&database, &["migrate", "up"]).await;
    // More than the buffers between server and client hold.
    let product = |number: usize| {
        let price = json!({"sku": format!("X-{number:05}"), "name": "Mug", "price": 100, "currency": "USD", "description": "x".repeat(10_000)});
        format!("{price}\n")
    };
    let all: String = (0..2000).map(product).collect();
    storekeeper_reading(&database, &["import", "-", "--format", "ndjson"], all.as_bytes()).await;
    damage(&database, &["UPDATE products SET status = 'lost' WHERE sku = 'X-01999'"]).await;
    let app = spawn_on(database, &[]).await;
    let begin = || http().get(app.url("/api/v1/products/export.csv")).bearer_auth(&app.admin).send();
    let mut answer = begin().await.unwrap();
    assert!(answer.chunk().await.unwrap().unwrap().starts_with(b"id,sku,name"));
    drop(answer);
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(!app.printed().contains("broke off"), "nothing more is read");

    let answer = begin().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.bytes().await.is_err(), "a part is not taken for the whole");
    for _ in 0..100 {
        if app.printed().contains("broke off") {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the log does not say why");
}
