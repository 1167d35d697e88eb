use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use infrastructure::db::is_in_use;

use super::backup::{DATABASE, NAME, PICTURES, at, examined, file_of, now, open, rename};
use super::error::Failure;
use super::picture_files::copy_folder;
use super::{hint, say};
use crate::config::Settings;
use crate::{secret, wiring};

/// The arguments of `restore`.
#[derive(Args)]
pub(super) struct Restore {
    /// Folder of one backup, such as `backups/20261128T030000Z`
    #[arg(value_name = "FROM")]
    from: PathBuf,
    /// If there is a database already, rename it, its keys and its pictures
    #[arg(long)]
    replace: bool,
}

impl Restore {
    pub(super) async fn run(self, settings: &Settings) -> Result<(), Failure> {
        let file = file_of(settings)?;
        let backup = self.from.join(DATABASE);
        if !backup.is_file() {
            return Err(Failure::Usage(format!("{} is no backup: it has no {DATABASE}", self.from.display())));
        }
        if file.exists() && !self.replace {
            let path = file.display();
            return Err(Failure::Usage(format!("there is a database at {path}; --replace renames it first")));
        }
        let copy = restoring(&file);
        let proven = prove(&backup, &copy).await;
        let copied = proven.and_then(|()| copy_pictures(settings, &file, &self.from));
        let restored = copied.and_then(|pictures| take_place(&copy, &file, &self.from, pictures));
        if restored.is_err() {
            let keys = secret::all_beside(&file).map(|key| restoring(&key));
            for name in with_log(&copy).into_iter().chain(keys) {
                fs::remove_file(name).ok();
            }
            fs::remove_dir_all(restoring(&wiring::pictures_beside(&file))).ok();
        }
        restored
    }
}

/// The name of a file or folder until it takes its place.
fn restoring(path: &Path) -> PathBuf {
    path.with_added_extension("restoring")
}

/// Copies the pictures of the backup beside those of the server. Returns the name that the copy gets, or `None` if the
/// backup has none, or they belong elsewhere.
fn copy_pictures(settings: &Settings, file: &Path, from: &Path) -> Result<Option<PathBuf>, Failure> {
    let backup = from.join(PICTURES);
    if !backup.is_dir() {
        return Ok(None);
    }
    if settings.media.place.is_some() {
        hint(format_args!(
            "pictures are not restored: media.store says where they are; the backup's are in {}",
            backup.display()
        ));
        return Ok(None);
    }
    let pictures = wiring::pictures_beside(file);
    let copy = restoring(&pictures);
    if copy.exists() {
        fs::remove_dir_all(&copy).map_err(|error| at(&copy, &error))?;
    }
    copy_folder(&backup, &copy, None).map_err(|error| at(&copy, &error))?;
    Ok(Some(pictures))
}

/// Copies the database of the backup, brings the copy up to date, and examines it.
async fn prove(backup: &Path, copy: &Path) -> Result<(), Failure> {
    for old in with_log(copy) {
        fs::remove_file(old).ok();
    }
    fs::copy(backup, copy).map_err(|error| at(backup, &error))?;
    let database = open(copy).await?;
    let proven = async {
        if let Some(damage) = database.quick_check(Duration::from_hours(1)).await? {
            return Err(Failure::Failed(format!("{} is damaged: {damage}", backup.display()).into()));
        }
        database.migrate_up().await?;
        examined(&database).await
    };
    let proven = proven.await;
    database.close().await;
    proven
}

/// Puts the copies of database and pictures, and the keys of the backup, where the server looks for them.
fn take_place(copy: &Path, file: &Path, from: &Path, pictures: Option<PathBuf>) -> Result<(), Failure> {
    let mut keys = Vec::new();
    for (key, backup_key) in secret::all_beside(file).into_iter().zip(secret::all_beside(&from.join(DATABASE))) {
        if backup_key.exists() {
            let new_key = restoring(&key);
            fs::copy(&backup_key, &new_key).map_err(|error| at(&new_key, &error))?;
            sync(&new_key)?;
            keys.push((new_key, key));
        }
    }
    sync(copy)?;
    let mut old: Vec<_> = pictures.iter().cloned().collect();
    if file.exists() {
        if is_in_use(file).map_err(|error| at(file, &error))? {
            return Err(Failure::Failed(format!("{} is in use: stop the server first", file.display()).into()));
        }
        // A key that the backup lacks stays, and so do the logins.
        old.extend(with_log(file).into_iter().chain(keys.iter().map(|(_, key)| key.clone())));
    }
    let time = now().format(NAME).map_err(|error| Failure::Failed(error.into()))?;
    for old in old.into_iter().filter(|old| old.exists()) {
        let kept = old.with_added_extension(format!("replaced-{time}"));
        rename(&old, &kept)?;
        say(format_args!("kept  {}", kept.display()));
    }
    for (new_key, key) in &keys {
        rename(new_key, key)?;
    }
    if let Some(pictures) = pictures {
        rename(&restoring(&pictures), &pictures)?;
    }
    rename(copy, file)?;
    say(format_args!("restored  {}", file.display()));
    Ok(())
}

/// Waits until a file is on disk, before another one gives way to it.
fn sync(file: &Path) -> Result<(), Failure> {
    fs::File::open(file).and_then(|file| file.sync_all()).map_err(|error| at(file, &error))
}

/// The names of a SQLite file and of what may be beside it.
fn with_log(file: &Path) -> Vec<PathBuf> {
    ["", "-wal", "-shm", "-journal"].iter().map(|end| PathBuf::from(format!("{}{end}", file.display()))).collect()
}
