use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::super::Error;

/// How often a connection that only reads looks at its file. The one that writes looks before each transaction.
const READER_PAUSE: Duration = Duration::from_millis(100);

/// The file that a connection has open. When somebody removes or replaces it, SQLite goes on with the open one, and
/// everything written to it is lost when the process ends.
pub(super) struct File {
    path: PathBuf,
    /// Device and inode.
    id: (u64, u64),
    last_look: Instant,
}

impl File {
    /// `None` for a database in memory.
    pub fn of(connection: &rusqlite::Connection) -> Option<Self> {
        let path = PathBuf::from(connection.path().filter(|path| !path.is_empty())?);
        let id = id(&path).ok()?;
        Some(Self { path, id, last_look: Instant::now() })
    }

    /// Fails if the file at the path is not the open one any more.
    pub fn check(&mut self, read_only: bool) -> Result<(), Error> {
        if read_only && self.last_look.elapsed() < READER_PAUSE {
            return Ok(());
        }
        let what = match id(&self.path) {
            Ok(id) if id == self.id => {
                self.last_look = Instant::now();
                return Ok(());
            }
            Ok(_) => "was replaced by another file",
            Err(error) if error.kind() == io::ErrorKind::NotFound => "was removed or renamed",
            Err(error) => return Err(Error::unavailable(error)),
        };
        let path = self.path.display();
        Err(Error::unavailable(format!("{path} {what} while it was open; restore it and start the server again")))
    }
}

fn id(path: &Path) -> io::Result<(u64, u64)> {
    let about = path.metadata()?;
    Ok((about.dev(), about.ino()))
}

#[cfg(test)]
mod tests;
