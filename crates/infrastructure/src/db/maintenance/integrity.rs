//! Looks for damage in the file of SQLite: pages or indexes that a disk, a copy or another program has spoiled.

use std::time::{Duration, Instant};

use domain::StoreError;
use rusqlite::{Connection, ErrorCode};
use tokio::task::spawn_blocking;

use crate::db::Database;
use crate::db::engine::Error;
use crate::db::open_file::open_flags;

/// How many of SQLite's instructions there are between two looks at the clock.
const INSTRUCTIONS_PER_LOOK: i32 = 10_000;

impl Database {
    /// Checks the pages of a SQLite file, but not whether indexes match their tables. Returns what it finds first. It
    /// ends after `limit`, and then the rest counts as sound. A server checks its own files.
    ///
    /// # Errors
    /// [`StoreError`] if the file cannot be read.
    pub async fn quick_check(&self, limit: Duration) -> Result<Option<String>, StoreError> {
        Ok(self.check_file("PRAGMA quick_check(1)", Some(limit)).await?.into_iter().next())
    }

    /// Checks the pages, indexes and constraints of a SQLite file. Returns the damage, one sentence for each place.
    pub(super) async fn integrity_check(&self) -> Result<Vec<String>, Error> {
        self.check_file("PRAGMA integrity_check(100)", None).await
    }

    async fn check_file(&self, pragma: &'static str, limit: Option<Duration>) -> Result<Vec<String>, Error> {
        let Some(uri) = self.pools.sqlite_uri.clone() else { return Ok(Vec::new()) };
        spawn_blocking(move || check(&uri, pragma, limit)).await.map_err(Error::unavailable)?
    }
}

fn check(uri: &str, pragma: &str, limit: Option<Duration>) -> Result<Vec<String>, Error> {
    let began = Instant::now();
    let found = || -> Result<Vec<String>, rusqlite::Error> {
        let connection = Connection::open_with_flags(uri, open_flags(uri))?;
        connection.execute_batch("PRAGMA query_only = ON")?;
        let is_over = move || limit.is_some_and(|limit| began.elapsed() > limit);
        connection.progress_handler(INSTRUCTIONS_PER_LOOK, Some(is_over))?;
        let mut statement = connection.prepare(pragma)?;
        let found = statement.query_map((), |row| row.get(0))?;
        found.collect()
    };
    match found() {
        Ok(found) => Ok(found.into_iter().filter(|line| line != "ok").collect()),
        Err(error) => match error.sqlite_error_code() {
            Some(ErrorCode::OperationInterrupted) => Ok(Vec::new()),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Ok(vec![error.to_string()]),
            _ => Err(error.into()),
        },
    }
}
