//! Pools for tests.

use super::{OpenFile, Pool, PoolOptions, Target};

/// A new file, with the folder that must outlive it.
pub(super) fn sqlite() -> (Pool, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let uri = format!("file:{}?mode=rwc", folder.path().join("shop.db").display());
    (sqlite_pool(&uri, false), folder)
}

pub(super) fn sqlite_pool(uri: &str, read_only: bool) -> Pool {
    Pool::new(Target::Sqlite { uri: uri.to_owned(), read_only, file: OpenFile::default() }, PoolOptions::default())
        .unwrap()
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
