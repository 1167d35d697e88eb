//! Pools for tests.

pub(in crate::db) mod noted;

use super::{Pool, PoolOptions, Target};
use crate::db::open_file::OpenFile;
use crate::db::pools::{READER_SETTINGS, WRITER_SETTINGS};

/// A new file, with the folder that must outlive it.
pub(in crate::db) fn sqlite() -> (Pool, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let uri = format!("file:{}?mode=rwc", folder.path().join("shop.db").display());
    (sqlite_pool(&uri, false), folder)
}

pub(in crate::db) fn sqlite_pool(uri: &str, read_only: bool) -> Pool {
    let settings = if read_only { READER_SETTINGS } else { WRITER_SETTINGS };
    let target = Target::Sqlite { uri: uri.to_owned(), settings, read_only, file: OpenFile::default() };
    Pool::new(target, PoolOptions::default()).unwrap()
}

/// A pool of each server that the environment names.
pub(super) fn servers() -> Vec<Pool> {
    servers_with(PoolOptions::default())
}

pub(super) fn servers_with(options: PoolOptions) -> Vec<Pool> {
    let url = |variable| {
        let url = std::env::var(variable).ok();
        assert!(url.is_some() || std::env::var_os("CI").is_none(), "{variable} must be set in CI");
        url
    };
    let urls = ["TEST_MYSQL_URL", "TEST_MARIADB_URL"].into_iter().filter_map(url);
    urls.map(|url| {
        // Any database: only temporary tables are made.
        let target =
            Target::Server { options: Box::new(format!("{url}/mysql").parse().unwrap()), settings: "SELECT 1" };
        Pool::new(target, options).unwrap()
    })
    .collect()
}
