use std::io::{self, Write as _};
use std::path::Path;

/// Writes a mail into a folder, as `<id>.eml`. It is there whole or not at all; written again, it replaces itself.
pub fn write(folder: &Path, name: &str, mail: &[u8]) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let (part, whole) = (folder.join(format!(".{name}.part")), folder.join(format!("{name}.eml")));
    let mut file = std::fs::File::create(&part)?;
    file.write_all(mail)?;
    file.sync_all()?;
    std::fs::rename(part, whole)
}
