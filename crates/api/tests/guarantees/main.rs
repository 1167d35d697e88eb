//! The promises that only the real binary can keep: it runs as a process, is killed, is started twice, loses its
//! database. Each test runs on SQLite, MySQL and MariaDB.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a panic is how tests fail, and helpers are tests too"
)]

mod away;
mod crash;
mod databases;
mod flood;
mod proxy;
mod quiet;
mod rush;
mod server;
mod shop;
mod stop;

/// Declares a test on each database.
#[macro_export]
macro_rules! on_every_database {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread")] async fn $name() {
                super::$name($crate::databases::TestDatabase::sqlite()).await;
            })+
        }
        mod on_mysql {
            $(#[tokio::test(flavor = "multi_thread")] async fn $name() {
                if let Some(database) = $crate::databases::TestDatabase::at("TEST_MYSQL_URL").await {
                    super::$name(database).await;
                }
            })+
        }
        mod on_mariadb {
            $(#[tokio::test(flavor = "multi_thread")] async fn $name() {
                if let Some(database) = $crate::databases::TestDatabase::at("TEST_MARIADB_URL").await {
                    super::$name(database).await;
                }
            })+
        }
    };
}
