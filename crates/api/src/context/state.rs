//! What every handler may use.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use application::accounts::{ChangePassword, DeleteOwn, Login, PasswordHasher, Refresh, TokenSigner};
use application::checkout::{PriceBooks, Quotes};
use application::customers::ExportPerson;
use application::{Clock, ProductResponses, Queries, Runner};
use domain::{Shop, StoreError};
use futures_util::future::BoxFuture;

use crate::cors::Cors;
use crate::forwarding::Forwarding;
use crate::metrics::Metrics;
use crate::rate_limit::{CodeGuesses, RateLimits};

use super::{Documents, Lifecycle, RenderedResponse, Seal};

/// A question to the database whether it is there, with the schema of this version.
pub type Ping = Arc<dyn Fn() -> BoxFuture<'static, Result<(), Unready>> + Send + Sync>;

/// Why the database is of no use for now.
#[derive(Debug)]
pub enum Unready {
    /// It does not answer.
    Away(StoreError),
    /// Its schema is not that of this version. Says what differs.
    OtherSchema(String),
}

impl From<StoreError> for Unready {
    fn from(error: StoreError) -> Self {
        Self::Away(error)
    }
}

/// The ports and the settings behind the routes.
pub struct State {
    /// Writes.
    pub runner: Runner,
    /// Reads. Those of accounts are kept in memory.
    pub queries: Queries,
    /// Keeps rendered responses about products.
    pub product_responses: Arc<dyn ProductResponses<RenderedResponse>>,
    /// Logs people in.
    pub login: Login,
    /// Exchanges refresh tokens.
    pub refresh: Refresh,
    /// Checks and hashes passwords before they are changed.
    pub change_password: ChangePassword,
    /// Lets callers delete their own account.
    pub delete_own: DeleteOwn,
    /// Reads all that is kept of a person.
    pub export_person: ExportPerson,
    /// Gives the price book.
    pub books: Arc<dyn PriceBooks>,
    /// Quotes purchases.
    pub quotes: Quotes,
    /// Hashes new passwords.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Reads access tokens.
    pub signer: Arc<dyn TokenSigner>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Checks that the database answers.
    pub ping: Ping,
    /// The shop's settings.
    pub shop: Shop,
    /// Whether everybody may read products.
    pub catalog_public: bool,
    /// Whether everybody may register.
    pub self_registration: bool,
    /// Who may say on whose behalf a request comes, and how.
    pub forwarding: Forwarding,
    /// How many requests clients may send, if there is a limit.
    pub rate_limits: Option<RateLimits>,
    /// How many unknown codes of promotions clients gave.
    pub code_guesses: CodeGuesses,
    /// Prometheus metrics.
    pub metrics: Metrics,
    /// Which pages of other origins may use the API.
    pub cors: Cors,
    /// Whether the server takes requests.
    pub lifecycle: Arc<Lifecycle>,
    pub(crate) seal: Seal,
    /// The API document, made at the first request for it.
    pub documents: &'static LazyLock<Documents>,
}

/// How long the readiness check waits for the database.
pub(crate) const PING_DEADLINE: Duration = Duration::from_secs(2);
