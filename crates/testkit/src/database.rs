//! An empty database for each test.

use std::path::Path;

use sea_orm::ConnectionTrait;
use tempfile::TempDir;

/// A database of the test's own, dropped with it.
pub struct TestDatabase {
    /// Its `database.url`.
    pub url: String,
    folder: TempDir,
    dropped_at: Option<(String, String)>,
}

impl TestDatabase {
    /// A file in a folder of its own.
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("shop.db").display());
        Self { url, folder, dropped_at: None }
    }

    /// A database on the server that the environment variable names. Where none is named there is nothing to test,
    /// except in CI, where its absence is a failure.
    pub async fn at(variable: &str) -> Option<Self> {
        let Ok(server) = std::env::var(variable) else {
            assert!(std::env::var_os("CI").is_none(), "{variable} must be set in CI");
            eprintln!("{variable} is not set: nothing to test here");
            return None;
        };
        let server = server.trim_end_matches('/').to_owned();
        let name = format!("storekeeper_{}", uuid::Uuid::now_v7().simple());
        let admin = sea_orm::Database::connect(server.clone()).await.unwrap();
        admin.execute_unprepared(&format!("CREATE DATABASE {name} CHARACTER SET utf8mb4")).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        Some(Self { url: format!("{server}/{name}"), folder, dropped_at: Some((server, name)) })
    }

    /// A folder for what the server keeps beside its database.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Whether it is behind a network.
    pub fn is_remote(&self) -> bool {
        self.dropped_at.is_some()
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Some((server, name)) = self.dropped_at.take() else { return };
        let dropping = async move {
            let admin = sea_orm::Database::connect(server).await?;
            admin.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name}")).await
        };
        // A test that panics drops this too; a runtime of its own works in both cases.
        let thread = std::thread::spawn(|| tokio::runtime::Runtime::new().map(|runtime| runtime.block_on(dropping)));
        drop(thread.join());
    }
}

/// Declares a test on each database.
#[macro_export]
macro_rules! on_every_database {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread")] async fn $name() {
                super::$name($crate::TestDatabase::sqlite()).await;
            })+
        }
        mod on_mysql {
            $(#[tokio::test(flavor = "multi_thread")] async fn $name() {
                if let Some(database) = $crate::TestDatabase::at("TEST_MYSQL_URL").await {
                    super::$name(database).await;
                }
            })+
        }
        mod on_mariadb {
            $(#[tokio::test(flavor = "multi_thread")] async fn $name() {
                if let Some(database) = $crate::TestDatabase::at("TEST_MARIADB_URL").await {
                    super::$name(database).await;
                }
            })+
        }
    };
}
