use std::fs::{self, File};
use std::io;
use std::path::Path;

/// The ending of a file whose upload has not finished.
const UNFINISHED: &str = "part";

/// Copies a folder of pictures with all below it, and waits until it is on disk. Files that are removed meanwhile are
/// left out.
///
/// `before` is an earlier copy of the same folder. The bytes of a picture never change, so a file that is there with the
/// same length becomes a hard link and takes no room, where the file system has links.
///
/// # Errors
/// If something cannot be read or written.
pub(super) fn copy_folder(from: &Path, to: &Path, before: Option<&Path>) -> io::Result<()> {
    fs::create_dir_all(to)?;
    let Some(entries) = unless_gone(fs::read_dir(from))? else { return Ok(()) };
    for entry in entries {
        let entry = entry?;
        let (name, path) = (entry.file_name(), entry.path());
        let (target, before) = (to.join(&name), before.map(|before| before.join(&name)));
        if entry.file_type()?.is_dir() {
            copy_folder(&path, &target, before.as_deref())?;
        } else if path.extension().is_none_or(|ending| ending != UNFINISHED) {
            unless_gone(copy_file(&path, &target, before.as_deref()))?;
        }
    }
    File::open(to)?.sync_all()
}

fn copy_file(from: &Path, to: &Path, before: Option<&Path>) -> io::Result<()> {
    let length = fs::metadata(from)?.len();
    let same = before.filter(|before| fs::metadata(before).is_ok_and(|file| file.is_file() && file.len() == length));
    if same.is_some_and(|same| fs::hard_link(same, to).is_ok()) {
        return Ok(());
    }
    fs::copy(from, to)?;
    File::open(to)?.sync_all()
}

/// `None` if the file or folder does not exist.
fn unless_gone<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        other => other.map(Some),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt as _;

    use super::*;

    #[test]
    fn a_file_of_the_same_length_in_the_copy_before_is_linked_and_others_are_copied_r78() {
        let dir = tempfile::tempdir().unwrap();
        let [live, first, second] = ["live", "first", "second"].map(|name| dir.path().join(name));
        fs::create_dir_all(live.join("01")).unwrap();
        fs::write(live.join("01/160.jpg"), "small").unwrap();
        fs::write(live.join("01/320.jpg"), "large").unwrap();
        fs::write(live.join("01/640.0190.part"), "half").unwrap();
        copy_folder(&live, &first, None).unwrap();
        fs::write(first.join("01/320.jpg"), "cut").unwrap();
        copy_folder(&live, &second, Some(&first)).unwrap();
        let inode = |path: &Path| fs::metadata(path).unwrap().ino();
        assert_eq!(inode(&first.join("01/160.jpg")), inode(&second.join("01/160.jpg")));
        assert_ne!(inode(&live.join("01/160.jpg")), inode(&first.join("01/160.jpg")), "a copy of its own");
        assert_eq!(fs::read(second.join("01/320.jpg")).unwrap(), b"large");
        assert_eq!(fs::read_dir(second.join("01")).unwrap().count(), 2, "no unfinished upload");
    }

    #[test]
    fn a_folder_that_is_gone_is_copied_as_an_empty_one_r78() {
        let dir = tempfile::tempdir().unwrap();
        copy_folder(&dir.path().join("gone"), &dir.path().join("copy"), None).unwrap();
        assert_eq!(fs::read_dir(dir.path().join("copy")).unwrap().count(), 0);
    }
}
