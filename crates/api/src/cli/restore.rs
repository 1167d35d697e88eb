use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use infrastructure::db::is_in_use;

use super::backup::{DATABASE, NAME, at, examined, file_of, now, open, rename};
use super::error::Failure;
use super::say;
use crate::config::Settings;
use crate::secret;

/// The arguments of `restore`.
#[derive(Args)]
pub(super) struct Restore {
    /// Folder of one backup, such as `backups/20261128T030000Z`
    #[arg(value_name = "FROM")]
    from: PathBuf,
    /// If there is a database already, rename it and its key
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
        let copy = file.with_added_extension("restoring");
        let proven = prove(&backup, &copy).await;
        let restored = proven.and_then(|()| take_place(&copy, &file, &self.from));
        if restored.is_err() {
            let keys = secret::all_beside(&file).map(|key| key.with_added_extension("restoring"));
            for name in with_log(&copy).into_iter().chain(keys) {
                fs::remove_file(name).ok();
            }
        }
        restored
    }
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

/// Puts the copy and the keys of the backup where the server looks for them.
fn take_place(copy: &Path, file: &Path, from: &Path) -> Result<(), Failure> {
    let mut keys = Vec::new();
    for (key, backup_key) in secret::all_beside(file).into_iter().zip(secret::all_beside(&from.join(DATABASE))) {
        if backup_key.exists() {
            let new_key = key.with_added_extension("restoring");
            fs::copy(&backup_key, &new_key).map_err(|error| at(&new_key, &error))?;
            sync(&new_key)?;
            keys.push((new_key, key));
        }
    }
    sync(copy)?;
    if file.exists() {
        if is_in_use(file).map_err(|error| at(file, &error))? {
            return Err(Failure::Failed(format!("{} is in use: stop the server first", file.display()).into()));
        }
        let time = now().format(NAME).map_err(|error| Failure::Failed(error.into()))?;
        // Without a key in the backup, the old one goes on, and so do the logins.
        let old_keys = keys.iter().map(|(_, key)| key.clone());
        for old in with_log(file).into_iter().chain(old_keys).filter(|old| old.exists()) {
            let kept = old.with_added_extension(format!("replaced-{time}"));
            rename(&old, &kept)?;
            say(format_args!("kept  {}", kept.display()));
        }
    }
    for (new_key, key) in &keys {
        rename(new_key, key)?;
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
