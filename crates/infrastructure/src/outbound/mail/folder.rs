use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

/// Writes a mail into a folder, as `<id>.eml`. It is there whole or not at all; written again, it replaces itself. Only the
/// user of the server reads it: a mail may hold a link that resets a password.
pub fn write(folder: &Path, name: &str, mail: &[u8]) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let (part, whole) = (folder.join(format!(".{name}.part")), folder.join(format!("{name}.eml")));
    let mut file = create(&part)?;
    file.write_all(mail)?;
    file.sync_all()?;
    std::fs::rename(part, whole)
}

fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn only_the_user_of_the_server_reads_mails_in_a_folder_r150() {
        let folder = tempfile::tempdir().unwrap();
        for text in ["first", "again"] {
            write(folder.path(), "1", text.as_bytes()).unwrap();
        }
        let mail = folder.path().join("1.eml");
        assert_eq!(std::fs::read_to_string(&mail).unwrap(), "again");
        assert_eq!(std::fs::metadata(&mail).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
