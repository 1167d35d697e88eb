use std::fs::{self, File, ReadDir};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use domain::Uuid;
use domain::media::{MediaFile, MediaStore, MediaStoreError, StoredFile};
use tokio::io::AsyncReadExt as _;
use tokio::task::spawn_blocking;

/// The bytes that are read at once.
const PIECE: usize = 64 * 1024;

/// The most keys of a list.
const LISTED: usize = 1000;

/// Keeps files in a folder. Several servers may share it.
#[derive(Debug, Clone)]
pub struct FileStore {
    root: PathBuf,
}

impl FileStore {
    /// Files in this folder, which is made when the first one is stored.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Path) -> io::Result<T> + Send + 'static,
    ) -> Result<T, MediaStoreError> {
        let root = self.root.clone();
        let done = spawn_blocking(move || work(&root).map_err(|error| failed(&error, &root)));
        done.await.map_err(|error| MediaStoreError(error.into()))?
    }
}

fn failed(error: &io::Error, root: &Path) -> MediaStoreError {
    MediaStoreError(format!("{}: {error}", root.display()).into())
}

#[async_trait]
impl MediaStore for FileStore {
    async fn put(&self, file: StoredFile) -> Result<(), MediaStoreError> {
        self.run(move |root| write(&root.join(&file.key), &file.bytes)).await
    }

    async fn open(&self, key: &str) -> Result<Option<Box<dyn MediaFile>>, MediaStoreError> {
        let file = match tokio::fs::File::open(self.root.join(key)).await {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(&error, &self.root)),
        };
        let length = file.metadata().await.map_err(|error| failed(&error, &self.root))?.len();
        Ok(Some(Box::new(OpenFile { file, length })))
    }

    async fn delete(&self, key: &str) -> Result<(), MediaStoreError> {
        let key = key.to_owned();
        self.run(move |root| remove(&root.join(key))).await
    }

    async fn list(&self, after: &str) -> Result<Vec<String>, MediaStoreError> {
        let after = after.to_owned();
        self.run(move |root| {
            let mut keys = Vec::new();
            walk(root, "", &after, &mut keys)?;
            Ok(keys)
        })
        .await
    }
}

struct OpenFile {
    file: tokio::fs::File,
    length: u64,
}

#[async_trait]
impl MediaFile for OpenFile {
    fn length(&self) -> u64 {
        self.length
    }

    async fn next(&mut self) -> Result<Option<Vec<u8>>, MediaStoreError> {
        let mut piece = vec![0; PIECE];
        let read = self.file.read(&mut piece).await.map_err(|error| MediaStoreError(error.into()))?;
        piece.truncate(read);
        Ok((read > 0).then_some(piece))
    }
}

/// Writes a file under another name first, so that under its own it is whole, also after a loss of power.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let Some(folder) = path.parent() else { return Err(io::Error::other("a key without a folder")) };
    fs::create_dir_all(folder)?;
    #[expect(clippy::disallowed_methods, reason = "the name of a file that is renamed; no id of the shop")]
    let unfinished = path.with_extension(format!("{}.part", Uuid::now_v7()));
    let written = (|| {
        let mut file = File::create(&unfinished)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&unfinished, path)?;
        sync(folder)
    })();
    if written.is_err() {
        // It stays if this fails, too, until the sweep removes it.
        let _ = fs::remove_file(&unfinished);
    }
    written
}

/// Makes the names in a folder last. Systems other than Unix have no such call.
fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Removes a file, and its folder if that is empty then.
fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    if let Some(folder) = path.parent() {
        // It has other files, mostly.
        let _ = fs::remove_dir(folder);
    }
    Ok(())
}

/// Adds the keys in a folder that come after `after`, in order, until there are enough.
fn walk(folder: &Path, prefix: &str, after: &str, keys: &mut Vec<String>) -> io::Result<()> {
    let entries: ReadDir = match fs::read_dir(folder) {
        Ok(entries) => entries,
        // It may go while it is read.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        found.push((format!("{prefix}{name}"), entry.file_type()?.is_dir()));
    }
    found.sort();
    for (key, is_folder) in found {
        if keys.len() >= LISTED {
            break;
        }
        if is_folder {
            let below = format!("{key}/");
            // All below a folder come before `after` if the folder does and is not on the way to it.
            if below.as_str() >= after || after.starts_with(&below) {
                walk(&folder.join(key.rsplit('/').next().unwrap_or_default()), &below, after, keys)?;
            }
        } else if key.as_str() > after {
            keys.push(key);
        }
    }
    Ok(())
}
