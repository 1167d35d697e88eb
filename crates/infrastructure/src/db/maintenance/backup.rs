//! Copies of a SQLite file, by its online backup API. <https://www.sqlite.org/backup.html>

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::StoreError;
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, ErrorCode, OpenFlags};
use tokio::task::spawn_blocking;

use crate::db::Database;
use crate::db::engine::Error;
use crate::db::open_file::open_flags;

/// Pages that are copied at once.
const PAGES: i32 = 1_000;
/// How long the copy waits for a lock before it tries again.
const PAUSE: Duration = Duration::from_millis(10);

impl Database {
    /// Copies the SQLite database, as it is now, into a new file that only its owner can read. Requests go on meanwhile.
    /// `progress` gets the number of copied pages and of all.
    ///
    /// # Errors
    /// [`StoreError`] if the file cannot be read, or the copy not be written. What was written of it stays.
    pub async fn copy_to(&self, file: &Path, progress: impl Fn(u64, u64) + Send + 'static) -> Result<(), StoreError> {
        let uri = self.pools.sqlite_uri.clone();
        let uri = uri.ok_or_else(|| Error::unavailable("only a SQLite database can be copied"))?;
        let file = file.to_owned();
        let copied = spawn_blocking(move || copy(&uri, &file, progress)).await.map_err(Error::unavailable)?;
        Ok(copied?)
    }
}

fn copy(uri: &str, file: &PathBuf, progress: impl Fn(u64, u64)) -> Result<(), Error> {
    let created = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
    created.map_err(|cause| named(file, &cause))?;
    let source = Connection::open_with_flags(uri, open_flags(uri))?;
    // In a transaction the source stays as it is. Otherwise each write would begin the copy again.
    source.execute_batch("PRAGMA query_only = ON; BEGIN; SELECT COUNT(*) FROM sqlite_schema;")?;
    let mut target = Connection::open(file)?;
    let backup = Backup::new(&source, &mut target)?;
    loop {
        let step = backup.step(PAGES)?;
        let pages = backup.progress();
        let [all, left] = [pages.pagecount, pages.remaining].map(|pages| u64::try_from(pages).unwrap_or_default());
        progress(all.saturating_sub(left), all);
        match step {
            StepResult::Done => break,
            StepResult::More => {}
            _ => std::thread::sleep(PAUSE),
        }
    }
    drop(backup);
    target.close().map_err(|(_, cause)| cause)?;
    File::open(file).and_then(|file| file.sync_all()).map_err(|cause| named(file, &cause))
}

fn named(file: &Path, cause: &io::Error) -> Error {
    Error::unavailable(io::Error::new(cause.kind(), format!("{}: {cause}", file.display())))
}

/// Whether another connection has this SQLite file open, in this process or another. If none has, everything is in the
/// file afterwards, and nothing in a write-ahead log beside it. A file that is damaged counts as not in use.
///
/// # Errors
/// If the file cannot be opened.
pub fn is_in_use(file: &Path) -> io::Result<bool> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
    let connection = Connection::open_with_flags(file, flags).map_err(io::Error::other)?;
    // Only the last connection can leave the mode of the write-ahead log.
    match connection.query_row("PRAGMA journal_mode = DELETE", (), |row| row.get::<_, String>(0)) {
        Ok(mode) => Ok(mode != "delete"),
        Err(error) => {
            Ok(matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)))
        }
    }
}
