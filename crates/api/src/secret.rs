//! The secret behind tokens, kept beside an embedded database.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// The fewest bytes of a secret.
pub(crate) const SHORTEST: usize = 32;

/// The file beside a database file.
pub fn beside(database: &Path) -> PathBuf {
    database.with_added_extension("jwt-secret")
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
    match make(path, fresh) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => load(path),
        made => made,
    }
}

fn make(path: &Path, fresh: impl FnOnce() -> String) -> io::Result<String> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    let secret = fresh();
    file.write_all(secret.as_bytes())?;
    file.sync_all()?;
    Ok(secret)
}

fn load(path: &Path) -> io::Result<String> {
    let secret = fs::read_to_string(path)?.trim().to_owned();
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
}
