use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use clap::Args;
use infrastructure::db::{Database, DatabaseConfig, DatabaseUrl};
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

use super::error::Failure;
use super::picture_files::copy_folder;
use super::progress::Progress;
use super::{hint, say};
use crate::config::Settings;
use crate::{secret, wiring};

/// The name of the database in the folder of a backup.
pub(super) const DATABASE: &str = "storekeeper.db";

/// The name of the folder with pictures in the folder of a backup.
pub(super) const PICTURES: &str = "media";

/// The name of the folder of a backup: when it was made, in UTC.
pub(super) const NAME: &[BorrowedFormatItem<'static>] =
    format_description!("[year][month][day]T[hour][minute][second]Z");

/// The arguments of `backup`.
#[derive(Args)]
pub(super) struct Backup {
    /// Folder that gets a folder for each backup, named by its time in UTC; it is made if it is missing
    #[arg(value_name = "TO")]
    to: PathBuf,
    /// Delete older backups in TO, so that this many are left
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    keep: Option<u16>,
}

impl Backup {
    pub(super) async fn run(self, settings: &Settings) -> Result<(), Failure> {
        let file = file_of(settings)?;
        if !file.exists() {
            return Err(Failure::Failed(format!("there is no database at {}", file.display()).into()));
        }
        let name = now().format(NAME).map_err(|error| Failure::Failed(error.into()))?;
        let (partial, folder) = (self.to.join(format!(".{name}.partial")), self.to.join(&name));
        if folder.exists() {
            return Err(Failure::Failed(format!("{} exists", folder.display()).into()));
        }
        DirBuilder::new().recursive(true).mode(0o700).create(&partial).map_err(|error| at(&partial, &error))?;
        let copied = copy(settings, &file, &partial).await;
        let complete = copied.and_then(|()| copy_pictures(settings, &file, &partial, &self.to));
        let named = complete.and_then(|()| rename(&partial, &folder));
        if let Err(failure) = named {
            // The failure matters more than that something is left.
            fs::remove_dir_all(&partial).ok();
            return Err(failure);
        }
        say(format_args!("{}", folder.display()));
        self.keep.map_or(Ok(()), |keep| delete_older(&self.to, keep.into()))
    }
}

/// The file of the configured database.
///
/// # Errors
/// If it is on a server: says how it is backed up there.
pub(super) fn file_of(settings: &Settings) -> Result<PathBuf, Failure> {
    let url = DatabaseUrl::parse(&settings.database.url.0).map_err(|error| Failure::Usage(error.to_string()))?;
    url.file().map(Path::to_owned).ok_or_else(|| {
        Failure::Usage(
            "MySQL and MariaDB are backed up by their own tools, while the server runs:\n  \
             mysqldump --single-transaction --hex-blob --no-tablespaces -h HOST -u USER -p NAME > storekeeper.sql\n  \
             mariadb-dump --single-transaction --hex-blob -h HOST -u USER -p NAME > storekeeper.sql\n\
             Keep auth.jwt_secret, secrets.key and the pictures in media.store with it. See docs/deploying.md, also for how to restore and check a dump"
                .to_owned(),
        )
    })
}

/// Copies database and keys into a folder, and examines the copy.
async fn copy(settings: &Settings, file: &Path, folder: &Path) -> Result<(), Failure> {
    let database = wiring::open_existing(settings).await?;
    let progress = Progress::of("pages", 0);
    let bar = progress.clone();
    let target = folder.join(DATABASE);
    let copied = database.copy_to(&target, move |done, all| bar.reach_of(done, all)).await;
    progress.finish();
    database.close().await;
    copied?;
    for (key, copy) in secret::all_beside(file).into_iter().zip(secret::all_beside(&target)) {
        if !key.exists() {
            continue;
        }
        fs::copy(&key, &copy).and_then(|_| File::open(&copy)?.sync_all()).map_err(|error| at(&key, &error))?;
    }
    let copy = open(&target).await?;
    let sound = examined(&copy).await;
    copy.close().await;
    sound
}

/// Copies the folder of pictures beside the database into the folder of a backup. It comes after the database: a picture
/// is in the database only once its files are in the folder.
fn copy_pictures(settings: &Settings, file: &Path, folder: &Path, all: &Path) -> Result<(), Failure> {
    let pictures = wiring::pictures_beside(file);
    if settings.media.place.is_some() {
        hint("pictures are not in the backup: they are where media.store says, so back them up there");
        return Ok(());
    }
    if !pictures.is_dir() {
        return Ok(());
    }
    let before = backups_in(all)?.pop().map(|backup| backup.join(PICTURES));
    copy_folder(&pictures, &folder.join(PICTURES), before.as_deref()).map_err(|error| at(&pictures, &error))
}

/// Opens the database in a file that exists.
pub(super) async fn open(file: &Path) -> Result<Database, Failure> {
    let escaped = file.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    let url = DatabaseUrl::parse(&format!("sqlite://{escaped}?mode=rw"))
        .map_err(|error| Failure::Failed(error.to_string().into()))?;
    Ok(Database::connect(&DatabaseConfig { url, max_connections: Some(1), statement_timeout: None }).await?)
}

/// Fails if `doctor` finds anything.
pub(super) async fn examined(database: &Database) -> Result<(), Failure> {
    let findings = database.examine().await?;
    let Some(first) = findings.first() else { return Ok(()) };
    let more = findings.len() - 1;
    let finding = format!("{} {}: {}", first.rule, first.subject, first.detail);
    Err(Failure::Failed(format!("the copy breaks rules: {finding}, and {more} more. Run `storekeeper doctor`").into()))
}

/// Gives a folder or file its name, for good.
pub(super) fn rename(from: &Path, to: &Path) -> Result<(), Failure> {
    let synced = || {
        fs::rename(from, to)?;
        let parent = to.parent().filter(|parent| !parent.as_os_str().is_empty());
        File::open(parent.unwrap_or(Path::new(".")))?.sync_all()
    };
    synced().map_err(|error| at(to, &error))
}

pub(super) fn at(path: &Path, error: &io::Error) -> Failure {
    Failure::Failed(format!("{}: {error}", path.display()).into())
}

#[expect(clippy::disallowed_methods, reason = "names a backup and is no time of the shop")]
pub(super) fn now() -> time::UtcDateTime {
    time::UtcDateTime::now()
}

/// The folders of the backups in a folder, oldest first.
fn backups_in(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let is_backup = |path: &PathBuf| {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        time::PrimitiveDateTime::parse(&name, NAME).is_ok() && path.join(DATABASE).is_file()
    };
    let entries = fs::read_dir(folder).map_err(|error| at(folder, &error))?;
    let mut backups: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).filter(is_backup).collect();
    backups.sort_unstable();
    Ok(backups)
}

fn delete_older(folder: &Path, keep: usize) -> Result<(), Failure> {
    let backups = backups_in(folder)?;
    let surplus = backups.len().saturating_sub(keep);
    for old in backups.iter().take(surplus) {
        fs::remove_dir_all(old).map_err(|error| at(old, &error))?;
    }
    Ok(())
}
