//! A database for each test.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use tempfile::TempDir;

use crate::template::{create_empty, execute};
use crate::{Borrowed, binary, borrow, well};

/// The file of SQLite after all migrations, made once by the program itself.
static FILE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let database = TestDatabase::empty_sqlite();
    let mut migrate = Command::new(binary());
    migrate.args(["migrate", "up"]).current_dir(database.folder()).env("STOREKEEPER__DATABASE__URL", &database.url);
    let migrated = migrate.output().unwrap();
    assert!(migrated.status.success(), "{migrated:?}");
    std::fs::read(database.file()).unwrap()
});

/// A database for one test, deleted or given back when dropped.
pub struct TestDatabase {
    /// The value of the setting `database.url`.
    pub url: String,
    folder: TempDir,
    server: Option<OnServer>,
}

/// A database on a server.
enum OnServer {
    /// Given back when dropped.
    Borrowed { _until: Borrowed },
    /// Deleted when dropped.
    Own { server: String, name: String },
}

impl TestDatabase {
    /// A SQLite file in a temporary folder, with all migrations.
    pub fn sqlite() -> Self {
        let database = Self::empty_sqlite();
        std::fs::write(database.file(), &*FILE).unwrap();
        database
    }

    /// A SQLite file that is still to be made.
    pub fn empty_sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("shop.db").display());
        Self { url, folder, server: None }
    }

    /// A database on the server whose URL is in this environment variable, with all migrations. `None` if the variable is
    /// not set, which is a failure in CI.
    pub async fn at(variable: &str) -> Option<Self> {
        let borrowed = borrow(&server(variable)?, async |url| {
            let template = Self { url: url.to_owned(), folder: tempfile::tempdir().unwrap(), server: None };
            well(&template, &["migrate", "up"]).await;
        })
        .await;
        let (url, folder) = (borrowed.url.clone(), tempfile::tempdir().unwrap());
        Some(Self { url, folder, server: Some(OnServer::Borrowed { _until: borrowed }) })
    }

    /// [`Self::at`], without anything in it.
    pub async fn empty_at(variable: &str) -> Option<Self> {
        let server = server(variable)?;
        let name = format!("storekeeper_{}", uuid::Uuid::now_v7().simple());
        create_empty(&server, &name).await;
        let (url, folder) = (format!("{server}/{name}"), tempfile::tempdir().unwrap());
        Some(Self { url, folder, server: Some(OnServer::Own { server, name }) })
    }

    /// The folder for files of the server.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The file of SQLite.
    fn file(&self) -> PathBuf {
        self.folder.path().join("shop.db")
    }

    /// Whether it is on a database server.
    pub fn is_remote(&self) -> bool {
        self.server.is_some()
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Some(OnServer::Own { server, name }) = self.server.take() else { return };
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

/// Declares a test on each database. All migrations are applied to it, unless it is to be `empty`.
#[macro_export]
macro_rules! on_every_database {
    (empty: $($name:ident),+ $(,)?) => { $crate::on_every_database!(@at empty_sqlite, empty_at, $($name),+); };
    ($($name:ident),+ $(,)?) => { $crate::on_every_database!(@at sqlite, at, $($name),+); };
    (@at $sqlite:ident, $at:ident, $($name:ident),+) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread")] async fn $name() {
                super::$name($crate::TestDatabase::$sqlite()).await;
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
