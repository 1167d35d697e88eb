//! The secret behind tokens, kept beside an embedded database.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The fewest bytes of a secret.
pub(crate) const SHORTEST: usize = 32;

/// The file beside a database file.
pub fn beside(database: &Path) -> PathBuf {
    database.with_added_extension("jwt-secret")
}

/// The file beside a database file with the key from which secrets of webhook endpoints follow.
pub fn key_beside(database: &Path) -> PathBuf {
    database.with_added_extension("secrets-key")
}

/// The files beside a database file that hold its secrets. Not all of them have to be there.
pub fn all_beside(database: &Path) -> [PathBuf; 2] {
    [beside(database), key_beside(database)]
}

/// A new secret: 256 random bits.
#[expect(clippy::disallowed_methods, reason = "this is where the secret is made; who keeps it gets it as an argument")]
pub fn fresh() -> String {
    rand::random::<[u8; SHORTEST]>().iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// The secret in a file, which is made if it is not there. Only its owner can read it.
///
/// # Errors
/// If the file can be neither read nor made, or holds too short a secret.
pub fn load_or_make(path: &Path, fresh: impl FnOnce() -> String) -> io::Result<String> {
    match load(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        loaded => return loaded,
    }
    match make(path, fresh) {
        // Another start was faster.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => load(path),
        made => made,
    }
}

/// Writes a file of another name and moves it into place, so that the file is whole or not there, whenever the program
/// ends.
fn make(path: &Path, fresh: impl FnOnce() -> String) -> io::Result<String> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let secret = fresh();
    // Only its owner can read it.
    let mut file = tempfile::Builder::new().prefix(".jwt-secret-").tempfile_in(folder)?;
    file.write_all(secret.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path).map_err(|refused| refused.error)?;
    File::open(folder)?.sync_all()?;
    Ok(secret)
}

fn load(path: &Path) -> io::Result<String> {
    let secret = fs::read_to_string(path)?.trim().to_owned();
    if secret.is_empty() {
        // Versions before this one left it so when their first start was interrupted. Nothing was signed with it.
        fs::remove_file(path)?;
        return Err(io::ErrorKind::NotFound.into());
    }
    if secret.len() < SHORTEST {
        let why = format!("{} holds fewer than {SHORTEST} bytes", path.display());
        return Err(io::Error::new(io::ErrorKind::InvalidData, why));
    }
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_secret_is_generated_once_and_only_its_owner_can_read_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = beside(&dir.path().join("shop.db"));
        assert!(path.ends_with("shop.db.jwt-secret"));
        assert_eq!(load_or_make(&path, || "s".repeat(32)).unwrap(), "s".repeat(32));
        assert_eq!(load_or_make(&path, || "t".repeat(32)).unwrap(), "s".repeat(32));
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_short_secret_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("secret");
        fs::write(&path, "short").unwrap();
        assert!(load_or_make(&path, String::new).is_err());
    }

    #[test]
    fn an_empty_file_of_an_interrupted_start_is_made_anew() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("secret");
        fs::write(&path, "").unwrap();
        assert_eq!(load_or_make(&path, || "s".repeat(32)).unwrap(), "s".repeat(32));
        assert_eq!(load_or_make(&path, String::new).unwrap(), "s".repeat(32));
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn starts_at_once_agree_on_one_secret_and_leave_no_other_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("secret");
        fs::write(dir.path().join(".jwt-secret-interrupted"), "half").unwrap();
        let starts: Vec<_> = (0..4)
            .map(|n| {
                let path = path.clone();
                std::thread::spawn(move || load_or_make(&path, || n.to_string().repeat(32)))
            })
            .collect();
        let secrets: Vec<_> = starts.into_iter().map(|start| start.join().unwrap()).collect();
        let kept = fs::read_to_string(&path).unwrap();
        assert!(secrets.iter().flatten().all(|secret| *secret == kept), "{secrets:?}");
        assert!(kept.len() == 32 && secrets.iter().all(Result::is_ok), "{secrets:?}");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2, "the secret, and what an earlier start left");
    }
}
