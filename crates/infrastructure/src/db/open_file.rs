//! The file of a SQLite database: how it is opened, and whether it is still the one that was opened.

use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use rusqlite::OpenFlags;

use super::engine::Error;

/// How often a connection that only reads looks at its file. The one that writes looks before each transaction.
const READER_PAUSE: Duration = Duration::from_millis(100);

/// How a file is opened. The `mode` of its URI may not ask for more.
pub(super) fn open_flags(uri: &str) -> OpenFlags {
    let create = if uri.contains("mode=rwc") { OpenFlags::SQLITE_OPEN_CREATE } else { OpenFlags::empty() };
    create | OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX
}

/// The file that the first connection has opened. When somebody removes or replaces it, SQLite goes on with the open one,
/// and everything written to it is lost when the process ends. A clone means the same file.
#[derive(Debug, Clone, Default)]
pub(super) struct OpenFile(Arc<OnceLock<Identity>>);

#[derive(Debug)]
struct Identity {
    path: PathBuf,
    /// Device and inode.
    id: (u64, u64),
}

impl OpenFile {
    /// Notes the file of the first connection. A database in memory has none.
    pub fn note(&self, connection: &rusqlite::Connection) {
        let path = connection.path().filter(|path| !path.is_empty()).map(PathBuf::from);
        if let Some((path, Ok(id))) = path.map(|path| (path.clone(), id(&path))) {
            self.0.get_or_init(|| Identity { path, id });
        }
    }

    /// Fails if the file at the path is not the one that was opened.
    pub fn check(&self) -> Result<(), Error> {
        let Some(Identity { path, id: opened }) = self.0.get() else { return Ok(()) };
        let what = match id(path) {
            Ok(id) if id == *opened => return Ok(()),
            Ok(_) => "was replaced by another file",
            Err(error) if error.kind() == io::ErrorKind::NotFound => "was removed or renamed",
            Err(error) => return Err(Error::unavailable(error)),
        };
        let path = path.display();
        Err(Error::unavailable(format!("{path} {what} while it was open; restore it and start the server again")))
    }
}

/// How often a connection looks at its file.
pub(super) struct Watch {
    file: OpenFile,
    last_look: Instant,
}

impl Watch {
    pub fn on(file: OpenFile) -> Self {
        Self { file, last_look: Instant::now() }
    }

    /// See [`OpenFile::check`].
    pub fn check(&mut self, read_only: bool) -> Result<(), Error> {
        if read_only && self.last_look.elapsed() < READER_PAUSE {
            return Ok(());
        }
        self.file.check()?;
        self.last_look = Instant::now();
        Ok(())
    }
}

fn id(path: &Path) -> io::Result<(u64, u64)> {
    let about = path.metadata()?;
    Ok((about.dev(), about.ino()))
}

#[cfg(test)]
mod tests;
