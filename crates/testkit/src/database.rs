//! A database for each test.

use std::path::Path;

use tempfile::TempDir;

use crate::template::{create_empty, create_migrated, execute};
use crate::well;

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

    /// A database on the server whose URL is in this environment variable, with all migrations. `None` if the variable is
    /// not set, which is a failure in CI.
    pub async fn at(variable: &str) -> Option<Self> {
        let server = server(variable)?;
        let database = Self::on(&server);
        let name = database.name();
        create_migrated(&server, name, async |url| {
            let template = Self { url: url.to_owned(), folder: tempfile::tempdir().unwrap(), dropped_at: None };
            well(&template, &["migrate", "up"]).await;
        })
        .await;
        Some(database)
    }

    /// [`Self::at`], without anything in it.
    pub async fn empty_at(variable: &str) -> Option<Self> {
        let server = server(variable)?;
        let database = Self::on(&server);
        create_empty(&server, database.name()).await;
        Some(database)
    }

    /// A name on this server, for a database that is still to be made.
    fn on(server: &str) -> Self {
        let name = format!("storekeeper_{}", uuid::Uuid::now_v7().simple());
        let folder = tempfile::tempdir().unwrap();
        Self { url: format!("{server}/{name}"), folder, dropped_at: Some((server.to_owned(), name)) }
    }

    fn name(&self) -> &str {
        self.dropped_at.as_ref().map_or("", |(_, name)| name)
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
        let dropping = async move { execute(&server, &format!("DROP DATABASE IF EXISTS {name}")).await };
        // A thread with its own runtime works within and outside of a runtime, and after a panic.
        let thread = std::thread::spawn(|| tokio::runtime::Runtime::new().map(|runtime| runtime.block_on(dropping)));
        drop(thread.join());
    }
}

/// The URL in an environment variable.
fn server(variable: &str) -> Option<String> {
    let Ok(server) = std::env::var(variable) else {
        assert!(std::env::var_os("CI").is_none(), "{variable} must be set in CI");
        eprintln!("{variable} is not set: nothing to test here");
        return None;
    };
    Some(server.trim_end_matches('/').to_owned())
}

/// Declares a test on each database. On a server all migrations are applied to it, unless it is to be `empty`.
#[macro_export]
macro_rules! on_every_database {
    (empty: $($name:ident),+ $(,)?) => { $crate::on_every_database!(@at empty_at, $($name),+); };
    ($($name:ident),+ $(,)?) => { $crate::on_every_database!(@at at, $($name),+); };
    (@at $at:ident, $($name:ident),+) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread")] async fn $name() {
                super::$name($crate::TestDatabase::sqlite()).await;
            })+
        }
        mod on_mysql {
            $(#[tokio::test(flavor = "multi_thread")] async fn $name() {
                if let Some(database) = $crate::TestDatabase::$at("TEST_MYSQL_URL").await {
                    super::$name(database).await;
                }
            })+
        }
        mod on_mariadb {
            $(#[tokio::test(flavor = "multi_thread")] async fn $name() {
                if let Some(database) = $crate::TestDatabase::$at("TEST_MARIADB_URL").await {
                    super::$name(database).await;
                }
            })+
        }
    };
}
