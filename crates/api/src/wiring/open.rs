use infrastructure::db::{Database, DatabaseConfig, DatabaseUrl};
use infrastructure::outbound::payments::stripe_step;

use super::StartError;
use crate::config::{Checks, DatabaseSettings, Settings};

/// What the adapters know about settings.
pub const CHECKS: Checks = Checks { database_url: check_database_url, stripe_step };

/// Checks a database URL without connecting.
///
/// # Errors
/// Says what is wrong. The message never quotes the URL, which may hold a password.
fn check_database_url(raw: &str) -> Result<(), String> {
    DatabaseUrl::parse(raw).map(drop).map_err(|error| error.to_string())
}

/// The address of the database.
///
/// # Errors
/// If the URL is invalid.
pub fn database_url(settings: &Settings) -> Result<DatabaseUrl, StartError> {
    DatabaseUrl::parse(&settings.database.url.0).map_err(|error| StartError::Url(error.to_string()))
}

/// Opens the database without migrating it. A SQLite file is created if its URL says so.
///
/// # Errors
/// If the URL is invalid, or the SQLite file cannot be opened.
pub async fn open_database(settings: &Settings) -> Result<Database, StartError> {
    connect(settings, database_url(settings)?).await
}

/// Opens a database that is there, and creates none.
///
/// # Errors
/// [`StartError::NoDatabase`] if there is no file; otherwise as [`open_database`].
pub async fn open_existing(settings: &Settings) -> Result<Database, StartError> {
    let url = database_url(settings)?;
    // If nobody can look whether it is there, the attempt to open it says why.
    if url.file().is_some_and(|file| !file.try_exists().unwrap_or(true)) {
        return Err(StartError::NoDatabase(url.to_string()));
    }
    connect(settings, url.existing()).await
}

/// Opens a database whose schema is that of this version, and changes nothing.
///
/// # Errors
/// [`StartError::NotPrepared`] if a migration is pending; otherwise as [`open_existing`].
pub async fn open_prepared(settings: &Settings) -> Result<Database, StartError> {
    let database = open_existing(settings).await?;
    let migrations = database.migration_status().await?;
    let pending = migrations.iter().filter(|migration| !migration.applied).count();
    match pending {
        0 => {
            database.agree_on_time().await?;
            Ok(database)
        }
        _ if pending == migrations.len() => {
            Err(StartError::NotPrepared(format!("there is no shop in the database {} yet", database_url(settings)?)))
        }
        _ => Err(StartError::NotPrepared(format!("the schema is not up to date, {pending} migrations are pending"))),
    }
}

async fn connect(settings: &Settings, url: DatabaseUrl) -> Result<Database, StartError> {
    let DatabaseSettings { max_connections, statement_timeout, .. } = settings.database;
    let config = DatabaseConfig { url, max_connections, statement_timeout: Some(statement_timeout) };
    Ok(Database::connect(&config).await?)
}
