use std::path::PathBuf;

use domain::StoreError;
use infrastructure::db::{MigrateError, OtherCurrency};
use infrastructure::outbound::mail::MailerError;
use infrastructure::outbound::media::{FetcherError, S3StoreError};
use infrastructure::outbound::payments::StripeError;
use infrastructure::outbound::webhooks::SenderError;
use infrastructure::passwords::HasherError;
use infrastructure::tokens::ShortKey;

/// Why the server could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database URL is invalid.
    #[error("database.url {0}")]
    Url(String),
    /// There is no database, and this command creates none.
    #[error("there is no database {0}; `storekeeper migrate up` or `storekeeper serve` makes one")]
    NoDatabase(String),
    /// The database has no shop, or that of an older version.
    #[error("{0}: run `storekeeper migrate up` first")]
    NotPrepared(String),
    /// The database cannot be opened or reached.
    #[error("the database cannot be used")]
    Store(#[from] StoreError),
    /// The migrations failed.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    /// The SQLite file is damaged.
    #[error("the database file is damaged: {0}. See `storekeeper doctor`, and restore a backup")]
    Damaged(String),
    /// The key that signs tokens can be neither read nor created.
    #[error("the key that signs tokens cannot be read or created in {file}: {1}", file = .0.display())]
    Secret(PathBuf, #[source] std::io::Error),
    /// The key from which secrets of webhook endpoints follow can be neither read nor created.
    #[error("the key of webhook secrets cannot be read or created in {file}: {1}", file = .0.display())]
    SecretsKey(PathBuf, #[source] std::io::Error),
    /// The client that sends webhooks cannot be built.
    #[error(transparent)]
    Webhooks(#[from] SenderError),
    /// Mails cannot be written or sent.
    #[error(transparent)]
    Mail(#[from] MailerError),
    /// The key that signs tokens is too short.
    #[error(transparent)]
    ShortKey(#[from] ShortKey),
    /// The client of a payment provider cannot be built.
    #[error(transparent)]
    Stripe(#[from] StripeError),
    /// The place of the pictures cannot be set up.
    #[error("media.store: {0}")]
    MediaStore(#[from] S3StoreError),
    /// The client that fetches pictures cannot be built.
    #[error(transparent)]
    Pictures(#[from] FetcherError),
    /// The bcrypt cost is out of range.
    #[error(transparent)]
    Hasher(#[from] HasherError),
    /// The amounts in the database are in another currency than the configured one.
    #[error(transparent)]
    Currency(#[from] OtherCurrency),
    /// A use case failed.
    #[error(transparent)]
    UseCase(#[from] application::Error),
}

impl StartError {
    /// Whether a later try may succeed, because the database is only unreachable.
    pub fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::Store(StoreError::Unavailable(_) | StoreError::Full(_))
                | Self::Migrate(MigrateError::Store(StoreError::Unavailable(_) | StoreError::Full(_)))
                | Self::UseCase(application::Error::Unavailable(_))
        )
    }
}
