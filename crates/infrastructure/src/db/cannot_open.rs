//! Why a SQLite file cannot be opened. SQLite itself says little more than that it cannot.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::Path;

use domain::StoreError;
use rusqlite::ffi;

use super::engine::Error;

/// The error of opening this file, which names the file and what the operating system says.
pub(super) fn cannot_open(file: &Path, uri: &str, error: &Error) -> StoreError {
    let shown = file.display();
    let why = match error.code.map(|code| code & 0xff) {
        Some(ffi::SQLITE_NOTADB) => format!("{shown} is not a SQLite database"),
        Some(ffi::SQLITE_FULL) => format!("the disk of {shown} is full"),
        Some(ffi::SQLITE_CORRUPT) => {
            format!("{shown} is damaged: {error}. See `storekeeper doctor`, and restore a backup")
        }
        _ if !is_writable(uri) => format!("{shown} is opened with `?mode=ro`, but Storekeeper writes: use `?mode=rw`"),
        _ => obstacle(file, uri.contains("mode=rwc")).unwrap_or_else(|| format!("cannot open {shown}: {error}")),
    };
    StoreError::Unavailable(why.into())
}

fn is_writable(uri: &str) -> bool {
    uri.contains("mode=rw") || !uri.contains("mode=ro")
}

/// What stands in the way, if the file system knows it. SQLite creates files beside the database, so it has to write into
/// the folder too.
fn obstacle(file: &Path, creates: bool) -> Option<String> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let (shown, place) = (file.display(), folder.display());
    match fs::metadata(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Some(format!("there is no folder {place}")),
        Err(error) => return Some(format!("cannot look into the folder {place}: {error}")),
        Ok(found) if !found.is_dir() => return Some(format!("{place} is not a folder")),
        Ok(_) => {}
    }
    match OpenOptions::new().read(true).write(true).open(file) {
        Err(error) if error.kind() == ErrorKind::IsADirectory => Some(format!("{shown} is a folder, not a file")),
        Err(error) if error.kind() == ErrorKind::NotFound && !creates => {
            Some(format!("there is no file {shown}; `?mode=rwc` in its URL makes it"))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            probe(folder).err().map(|error| format!("cannot create {shown}: {error}"))
        }
        Err(error) => Some(format!("cannot write to {shown}: {error}")),
        Ok(_) => {
            let why =
                |error| format!("cannot create files in the folder {place}, as SQLite has to beside {shown}: {error}");
            probe(folder).err().map(why)
        }
    }
}

/// Creates a file in a folder and deletes it.
fn probe(folder: &Path) -> io::Result<()> {
    let file = folder.join(format!(".storekeeper-{}", std::process::id()));
    File::create_new(&file)?;
    fs::remove_file(&file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_names_what_the_operating_system_refuses() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("text"), "no database").unwrap();
        for (file, creates, expected) in [
            (path("none/shop.db"), true, "there is no folder"),
            (path("text/shop.db"), true, "is not a folder"),
            (path("."), true, "is a folder, not a file"),
            (path("shop.db"), false, "`?mode=rwc` in its URL makes it"),
            // Nobody creates a file there, not even root.
            ("/sys/shop.db".into(), true, "cannot create /sys/shop.db: Permission denied"),
        ] {
            let said = obstacle(&file, creates).unwrap();
            assert!(said.contains(expected), "{said}");
        }
        assert_eq!(obstacle(&path("shop.db"), true), None);
        assert_eq!(obstacle(&path("text"), true), None);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "a probe leaves nothing");
    }
}
