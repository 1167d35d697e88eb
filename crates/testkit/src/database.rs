//! An empty database for each test.

use std::path::Path;

use sea_orm::ConnectionTrait;
use tempfile::TempDir;

/// A database for one test, deleted when dropped.
pub struct TestDatabase {
    /// The value of the setting `database.url`.
    pub url: String,
    folder: TempDir,
    dropped_at: Option<(String, String)>,
}

impl TestDatabase {
    /// A SQLite file in a temporary folder.
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("shop.db").display());
        Self { url, folder, dropped_at: None }
    }

    /// A database on the server whose URL is in this environment variable. `None` if the variable is not set, which is
    /// a failure in CI.
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

    /// The folder for files of the server.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Whether it is on a database server.
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
        // A thread with its own runtime works within and outside of a runtime, and after a panic.
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
