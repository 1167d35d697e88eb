use std::fs;

use sea_orm::DbBackend;

use crate::db::engine::{ErrorKind, Executor as _, tests};

#[tokio::test]
async fn nothing_is_written_to_a_file_that_was_removed_renamed_or_replaced() {
    for spoil in [
        (|file| fs::remove_file(file).unwrap()) as fn(&str),
        |file| fs::rename(file, format!("{file}.old")).unwrap(),
        |file| {
            fs::copy(file, format!("{file}.new")).unwrap();
            fs::rename(format!("{file}.new"), file).unwrap();
        },
    ] {
        let (pool, folder) = tests::sqlite();
        assert_eq!(pool.backend(), DbBackend::Sqlite);
        pool.run("CREATE TABLE a (b INTEGER)").await.unwrap();
        let file = folder.path().join("shop.db");
        spoil(file.to_str().unwrap());
        let refused = pool.run("INSERT INTO a VALUES (1)").await.map(drop).unwrap_err();
        assert_eq!(refused.kind, ErrorKind::Unavailable);
        let said = refused.to_string();
        assert!(said.contains(file.to_str().unwrap()) && said.contains("while it was open"), "{said}");
        assert_eq!(pool.ping().await.unwrap_err().kind, ErrorKind::Unavailable);
    }
}

#[tokio::test]
async fn a_reader_notices_within_a_moment() {
    let (writer, folder) = tests::sqlite();
    writer.run("CREATE TABLE a (b INTEGER)").await.unwrap();
    let file = folder.path().join("shop.db");
    let reader = tests::sqlite_pool(&format!("file:{}", file.display()), true);
    reader.ping().await.unwrap();
    fs::remove_file(file).unwrap();
    tokio::time::sleep(super::READER_PAUSE * 2).await;
    assert_eq!(reader.ping().await.unwrap_err().kind, ErrorKind::Unavailable);
}
