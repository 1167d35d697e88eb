use std::time::Duration;

use infrastructure::db::{Database, MigrateError};
use sea_orm::ConnectionTrait;

use crate::support::{Server, TestDb, at_once, connect};

on_every_database!(
    four_servers_that_start_at_once_migrate_once_r74,
    migrations_can_be_reverted_one_by_one_and_applied_again_r78,
    a_database_that_is_newer_than_the_program_is_refused_r78,
    the_status_of_an_empty_database_changes_nothing_r78,
);

async fn applied(database: &Database) -> usize {
    database.migration_status().await.unwrap().iter().filter(|migration| migration.applied).count()
}

async fn down_to_nothing(db: &TestDb) -> usize {
    let all = applied(&db.database).await;
    db.database.migrate_down(u32::try_from(all).unwrap()).await.unwrap();
    assert_eq!(applied(&db.database).await, 0);
    all
}

async fn four_servers_that_start_at_once_migrate_once_r74(db: TestDb) {
    let all = down_to_nothing(&db).await;
    // As on the very first start: no file, no lock.
    let url = db.url.replace("shop.db", "another.db");
    if db.server != Server::Sqlite {
        db.raw.execute_unprepared("DROP TABLE migration_lock, seaql_migrations").await.unwrap();
    }
    for _ in 0..2 {
        at_once(4, |_| {
            let url = url.clone();
            async move {
                let server = connect(&url).await;
                server.migrate_up().await.unwrap();
                server.close().await;
            }
        })
        .await;
        let database = connect(&url).await;
        assert_eq!(applied(&database).await, all);
        database.close().await;
    }
}

async fn migrations_can_be_reverted_one_by_one_and_applied_again_r78(db: TestDb) {
    db.add_customer("ann@example.com").await;
    let all = applied(&db.database).await;
    for left in (0..all).rev() {
        db.database.migrate_down(1).await.unwrap();
        assert_eq!(applied(&db.database).await, left);
    }
    db.database.migrate_down(1).await.unwrap();
    db.database.migrate_up().await.unwrap();
    assert_eq!(applied(&db.database).await, all);
    db.add_customer("ann@example.com").await;
}

async fn a_database_that_is_newer_than_the_program_is_refused_r78(db: TestDb) {
    let sql = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_tomorrow', 0)";
    db.raw.execute_unprepared(sql).await.unwrap();
    for refused in [
        db.database.migrate_up().await,
        db.database.migrate_down(1).await,
        db.database.migration_status().await.map(drop),
    ] {
        assert!(matches!(&refused, Err(MigrateError::Newer(names)) if names == &["m9999_tomorrow"]), "{refused:?}");
    }
    // The lock is free again.
    let sql = "DELETE FROM seaql_migrations WHERE version = 'm9999_tomorrow'";
    db.raw.execute_unprepared(sql).await.unwrap();
    tokio::time::timeout(Duration::from_mins(1), db.database.migrate_up()).await.unwrap().unwrap();
}

async fn the_status_of_an_empty_database_changes_nothing_r78(db: TestDb) {
    down_to_nothing(&db).await;
    db.raw.execute_unprepared("DROP TABLE seaql_migrations").await.unwrap();
    let status = db.database.migration_status().await.unwrap();
    assert!(status.iter().all(|migration| !migration.applied) && status[0].name == "m0001_customers");
    assert!(db.raw.execute_unprepared("SELECT * FROM seaql_migrations").await.is_err());
}
