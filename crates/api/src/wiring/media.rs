use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use application::Clock;
use application::imports::Fetching;
use application::media::{Pictures, PicturesParts};
use domain::Uuid;
use domain::media::{MediaQueries, MediaStore};
use infrastructure::cache::{CachedMediaUse, Changes};
use infrastructure::db::Database;
use infrastructure::outbound::media::{FetcherConfig, FileStore, HttpPictures, S3Config, S3Store};
use infrastructure::outbound::webhooks::SystemLookup;
use infrastructure::system::V7Ids;
use pictures::Encoder;
use tokio::sync::Semaphore;

use super::{StartError, database_url};
use crate::config::{MediaPlace, S3Settings, Settings};
use crate::context::{Media, UPLOADS_AT_ONCE};

/// How long a picture of another shop may take.
const FETCH_TIMEOUT: Duration = Duration::from_secs(10);

/// The folder of pictures beside the SQLite file.
const FOLDER: &str = "media";

/// What routes need of pictures.
///
/// # Errors
/// If the client of the store cannot be built.
pub(super) fn media(
    settings: &Settings,
    queries: &Arc<dyn MediaQueries>,
    clock: &Arc<dyn Clock>,
    changes: Arc<Changes>,
) -> Result<Media, StartError> {
    Ok(Media {
        pictures: pictures(settings, queries, clock)?,
        in_use: Arc::new(CachedMediaUse::new(queries.clone(), changes)),
        base: settings.media.public_base.clone().unwrap_or_default(),
        uploads: Arc::new(Semaphore::new(UPLOADS_AT_ONCE)),
    })
}

/// The pictures of a shop with these settings.
///
/// # Errors
/// If the client of the store cannot be built.
fn pictures(
    settings: &Settings,
    queries: &Arc<dyn MediaQueries>,
    clock: &Arc<dyn Clock>,
) -> Result<Pictures, StartError> {
    Ok(Pictures::new(PicturesParts {
        store: store(settings)?,
        encoder: Arc::new(Encoder::new(settings.media.decoders)),
        queries: queries.clone(),
        ids: Arc::new(V7Ids),
        clock: clock.clone(),
    }))
}

/// The pictures in a database, for maintenance.
///
/// # Errors
/// If the client of the store cannot be built.
pub fn pictures_on(database: &Database, settings: &Settings) -> Result<Pictures, StartError> {
    let clock: Arc<dyn Clock> = Arc::new(database.clock());
    pictures(settings, &database.queries().media, &clock)
}

/// What has the pictures that files of products name.
///
/// # Errors
/// If the client that fetches them cannot be built.
pub fn fetching(settings: &Settings, pictures: &Pictures) -> Result<Fetching, StartError> {
    let networks = settings.imports.allow_networks.clone();
    let source = HttpPictures::new(FetcherConfig { networks, timeout: FETCH_TIMEOUT, lookup: Arc::new(SystemLookup) })?;
    let own = settings.media.public_base.iter().cloned().chain(settings.own_media_base()).chain([String::new()]);
    Ok(Fetching { pictures: pictures.clone(), source: Arc::new(source), own: own.collect() })
}

/// Stores a file where the settings say, reads it and deletes it again. Needs no database.
///
/// # Errors
/// If the store cannot be set up, or does not do it.
pub async fn probe_media(settings: &Settings) -> Result<(), StartError> {
    if let Some(store) = store(settings)? {
        #[expect(clippy::disallowed_methods, reason = "the name of a file that is deleted at once; no id of the shop")]
        let name = Uuid::now_v7().to_string();
        application::media::probe(store.as_ref(), &name).await?;
    }
    Ok(())
}

/// Where files are kept; `None` with MySQL and MariaDB as long as the settings do not say it.
fn store(settings: &Settings) -> Result<Option<Arc<dyn MediaStore>>, StartError> {
    Ok(match &settings.media.place {
        Some(MediaPlace::Folder(folder)) => Some(Arc::new(FileStore::new(folder))),
        Some(MediaPlace::S3(s3)) => Some(Arc::new(S3Store::new(s3_config(s3))?)),
        None => database_url(settings)?
            .file()
            .map(|file| Arc::new(FileStore::new(pictures_beside(file))) as Arc<dyn MediaStore>),
    })
}

/// The folder of pictures beside a SQLite file. They are there unless `media.store` names another place.
pub fn pictures_beside(file: &Path) -> PathBuf {
    file.with_file_name(FOLDER)
}

/// Whether the settings say where files are kept, or the database does.
pub(super) fn has_store(settings: &Settings) -> bool {
    settings.media.place.is_some() || database_url(settings).is_ok_and(|url| url.file().is_some())
}

fn s3_config(settings: &S3Settings) -> S3Config {
    let S3Settings { bucket, prefix, endpoint, region, access_key, secret_key, path_style } = settings.clone();
    let secret_key = secret_key.0;
    S3Config { endpoint, region, bucket, prefix, path_style, access_key, secret_key }
}
