//! What every handler may use.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use application::accounts::{ChangePassword, DeleteOwn, Login, PasswordHasher, Refresh, TokenSigner};
use application::attributes::Taxonomies;
use application::checkout::{PriceBooks, Quotes};
use application::customers::ExportPerson;
use application::payments::Payments;
use application::{Clock, ProductResponses, Queries, Runner};
use domain::catalogue::CatalogueCounts;
use domain::pricing::Calendar;
use domain::{Shop, StoreError};
use futures_util::future::BoxFuture;
use office::Office;
use tokio::sync::Semaphore;

use crate::cors::Cors;
use crate::forwarding::Forwarding;
use crate::metrics::Metrics;
use crate::rate_limit::{CodeGuesses, RateLimits};

use super::{
    ApiKeys, Documents, FeedTail, Files, Hooks, Lifecycle, LiveOrders, Mailing, Media, RenderedResponse, ReturnPages,
    Seal, TestCustomers,
};

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
    /// Gives all attributes and categories.
    pub taxonomies: Arc<dyn Taxonomies>,
    /// Counts facets and lengths of lists of products.
    pub counts: Arc<dyn CatalogueCounts>,
    /// Quotes purchases.
    pub quotes: Quotes,
    /// Asks payment providers, and takes over what they say.
    pub payments: Payments,
    /// What routes need to know of mail.
    pub mailing: Mailing,
    /// What routes of webhooks need.
    pub webhooks: Hooks,
    /// Where browsers may return to after paying elsewhere.
    pub return_pages: ReturnPages,
    /// Acts as customers of the test provider, if that is on.
    pub test_customers: Option<TestCustomers>,
    /// How many notices of providers may be worked on at once.
    pub notices: Arc<Semaphore>,
    /// What routes of pictures need.
    pub media: Media,
    /// What receiving files of products needs.
    pub files: Files,
    /// Hashes new passwords.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Reads access tokens.
    pub signer: Arc<dyn TokenSigner>,
    /// What routes and the check of API keys need.
    pub api_keys: ApiKeys,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Tells the day where the shop is.
    pub calendar: Arc<dyn Calendar>,
    /// Checks that the database answers.
    pub ping: Ping,
    /// The shop's settings.
    pub shop: Shop,
    /// What the shop is called; `None` if the settings do not say it.
    pub shop_name: Option<String>,
    /// Whether everybody may read products.
    pub catalog_public: bool,
    /// Whether the example shop stands at the root.
    pub is_demo: bool,
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
    /// The office; `None` if it is off.
    pub office: Option<Arc<Office>>,
    /// Which pages of other origins may use the API.
    pub cors: Cors,
    /// How far the feed of events is.
    pub feed: Arc<FeedTail>,
    /// The streams of what happens to orders.
    pub live: LiveOrders,
    /// Whether the server takes requests.
    pub lifecycle: Arc<Lifecycle>,
    pub(crate) seal: Seal,
    /// The API document, made at the first request for it.
    pub documents: &'static LazyLock<Documents>,
}

/// How many notices of payment providers are worked on at once.
pub(crate) const NOTICES_AT_ONCE: usize = 32;

/// How long the readiness check waits for the database.
pub(crate) const PING_DEADLINE: Duration = Duration::from_secs(2);
