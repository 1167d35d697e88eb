//! Connects the adapters to the ports. Only this file and the command line know the adapters.

mod feed;
mod mail;
mod measured;
mod media;
mod office;
mod open;
mod payments;
mod ping;
mod prices;
mod runner;
mod start_error;
mod webhooks;

pub use mail::{mailer, shop as shop_in_mails};
pub use media::{fetching, pictures_beside, pictures_on, probe_media};
pub use open::{CHECKS, database_url, open_database, open_existing, open_prepared};
pub use payments::payments_on;
pub use start_error::StartError;

use std::sync::Arc;
use std::time::Duration;

use application::accounts::{
    ChangePassword, CreateAdmin, CreateFirstAdmin, DeleteOwn, HasAdmin, Issuer, Login, PasswordHasher, Refresh,
    Throttle, TokenTtl,
};
use application::customers::ExportPerson;
use application::housekeeping::HousekeepingReads;
use application::{Clock, ProductResponses, Queries, Runner, Secrets};
use domain::StoreError;
use domain::accounts::{Password, ThrottlePolicy, Username};
use domain::catalogue::CatalogueCounts;
use infrastructure::cache::{
    CachedAccounts, CachedKeys, CachedProductResponses, CachedTaxonomies, NoProductResponses, describe_metrics,
};
use infrastructure::catalogue_index::CatalogueIndex;
use infrastructure::db::{Connections, Database, Heartbeat};
use infrastructure::keys::SystemKeySecrets;
use infrastructure::passwords::{BcryptConfig, BcryptHasher};
use infrastructure::secrets::SystemSecrets;
use infrastructure::tokens::{JwtSigner, SigningKey};
use tokio::sync::Semaphore;

use crate::config::{AdminSettings, AuthSettings, CacheSettings, Settings};
use crate::context::{ApiKeys, Files, Lifecycle, Mailing, NOTICES_AT_ONCE, RenderedResponse, ReturnPages, Seal, State};
use crate::cors::Cors;
use crate::forwarding::Forwarding;
use crate::housekeeping::{DueMails, Housekeeper};
use crate::importing::Importing;
use crate::metrics::{Metrics, PoolSize};
use crate::openapi::DOCUMENTS;
use crate::rate_limit::{CodeGuesses, RateLimits};
use crate::secret;

/// Who issues access tokens, and for whom they are.
const ISSUER: &str = "storekeeper";

/// How long the check of a SQLite file may delay the start.
const FILE_CHECK_LIMIT: Duration = Duration::from_secs(1);

/// The program with its adapters connected.
pub struct Wired {
    /// Shared by all handlers.
    pub state: Arc<State>,
    /// For migrations and maintenance.
    pub database: Database,
    /// Generates passwords.
    pub secrets: Arc<dyn Secrets>,
    /// Hashes passwords; learns the cost of those that are stored.
    bcrypt: Arc<BcryptHasher>,
    /// Runs background tasks.
    pub housekeeper: Housekeeper,
    /// Sends mails.
    mails: Option<DueMails>,
}

/// An administrator with a generated password.
#[derive(Debug)]
pub struct NewAdmin {
    /// The name to log in with.
    pub username: Username,
    /// The generated password. It is shown once and stored only as a hash.
    pub password: Password,
}

/// Builds the server from its settings. A SQLite file is created if its URL says so.
///
/// # Errors
/// See [`StartError`].
pub async fn wire(settings: &Settings) -> Result<Wired, StartError> {
    wire_with(open_database(settings).await?, settings)
}

/// Puts the program together on a database whose schema is that of this version.
///
/// # Errors
/// As [`open_prepared`] and [`wire`].
pub async fn wire_prepared(settings: &Settings) -> Result<Wired, StartError> {
    wire_with(open_prepared(settings).await?, settings)
}

fn wire_with(database: Database, settings: &Settings) -> Result<Wired, StartError> {
    let (auth, secret) = (&settings.auth, jwt_secret(settings)?);
    let signer = Arc::new(JwtSigner::new(&SigningKey::new(secret.clone().into_bytes())?, ISSUER, ISSUER));
    let bcrypt = Arc::new(BcryptHasher::new(BcryptConfig::new(auth.bcrypt_cost))?);
    let hasher: Arc<dyn PasswordHasher> = bcrypt.clone();
    let secrets: Arc<dyn Secrets> = Arc::new(SystemSecrets);
    let clock: Arc<dyn Clock> = Arc::new(database.clock());
    let queries = database.queries();
    let accounts = Arc::new(CachedAccounts::new(queries.accounts.clone(), database.changes()));
    let keys = Arc::new(CachedKeys::new(queries.keys.clone(), database.changes()));
    let (shop, runner) = (runner::shop(settings), runner::runner(&database, &queries, &clock, settings));
    let outside = payments::Outside { database: &database, runner: &runner, queries: &queries.payments, clock: &clock };
    let (payments, test_customers) = payments::payments(&settings.payments, &outside)?;
    let issuer = issuer(&signer, &secrets, &clock, auth);
    let throttle = throttle(&accounts, &runner, &clock, auth);
    let login = Login {
        accounts: accounts.clone(),
        hasher: hasher.clone(),
        issuer: issuer.clone(),
        runner: runner.clone(),
        throttle: throttle.clone(),
    };
    let (books, taxonomies) = (prices::books(&database, &queries, settings), taxonomies(&database, &queries));
    let media = media::media(settings, &queries.media, &clock, database.changes())?;
    let fetching = media::fetching(settings, &media.pictures)?;
    let (quotes, lifecycle) = (prices::quotes(&queries, &books, &clock, settings), Arc::new(Lifecycle::default()));
    let (feed, due) = (feed::feed(&database, queries.events.clone()), payments::due(&database, payments.clone()));
    let (tail, live) = (feed.tail.clone(), feed.live.clone());
    let (hooks, webhooks) = webhooks::webhooks(settings, &runner, &queries.webhooks, &clock)?;
    let inside =
        mail::Inside { database: &database, runner: &runner, queries: &queries, clock: &clock, secrets: &secrets };
    let mails = mail::mails(settings, &inside)?;
    let mailing = Mailing { switches: mail::switches(settings) };
    let reads = housekeeping_reads(&queries, &clock);
    let housekeeper = Housekeeper::new(runner.clone(), settings, lifecycle.clone(), feed, reads)
        .paid_by(due)
        .sending(webhooks)
        .mailing(mails.clone())
        .scheduling(queries.products.clone(), clock.clone())
        .importing(Importing::new(&queries, &runner, &clock, (shop, fetching), taxonomies.clone()))
        .keeping(media.pictures.clone());
    let seal = Seal::new(secret.as_bytes());
    let all = Queries { accounts: accounts.clone(), keys, ..queries.clone() };
    let (export_person, counts) = (export_person(&accounts, &queries), counts(&database, &queries, settings));
    let ping = ping::ping(&database, &lifecycle);
    let (known, given, places) = ((&counts, &taxonomies), (&login, &hooks), (&media, &ping, &database));
    let shared = office::Shared::new(&runner, &all, known, given, (&payments, &books), &export_person, places);
    let office = settings.office.enabled.then(|| office::office(settings, &shared, seal.clone()));
    let state = State {
        office,
        refresh: Refresh { issuer, runner: runner.clone(), grace: auth.refresh_reuse_grace },
        change_password: ChangePassword {
            accounts: accounts.clone(),
            hasher: hasher.clone(),
            throttle: throttle.clone(),
            runner: runner.clone(),
        },
        delete_own: DeleteOwn { accounts: accounts.clone(), hasher: hasher.clone(), throttle },
        export_person,
        books,
        taxonomies,
        counts,
        quotes,
        payments,
        test_customers,
        webhooks: hooks,
        mailing,
        media,
        files: Files::new(settings),
        return_pages: ReturnPages::new(settings.public_url.clone(), &settings.cors.allowed_origins),
        notices: Arc::new(Semaphore::new(NOTICES_AT_ONCE)),
        runner,
        queries: all,
        product_responses: product_responses(&database, settings.cache),
        login,
        hasher,
        signer,
        api_keys: ApiKeys::new(Arc::new(SystemKeySecrets)),
        clock,
        calendar: settings.pricing.calendar.clone(),
        ping,
        shop,
        shop_name: runner::shop_name(settings),
        catalog_public: settings.catalog_public,
        is_demo: settings.is_demo,
        self_registration: auth.self_registration,
        forwarding: forwarding(settings),
        feed: tail,
        live,
        lifecycle,
        rate_limits: settings.rate_limit.enabled.then(|| RateLimits::new(&settings.rate_limit)),
        code_guesses: CodeGuesses::default(),
        metrics: metrics(&database),
        cors: Cors::new(&settings.cors),
        seal,
        documents: &DOCUMENTS,
    };
    Ok(Wired { state: Arc::new(state), database, secrets, bcrypt, housekeeper, mails })
}

fn issuer(signer: &Arc<JwtSigner>, secrets: &Arc<dyn Secrets>, clock: &Arc<dyn Clock>, auth: &AuthSettings) -> Issuer {
    let ttl = TokenTtl { access: auth.access_token_ttl, refresh: auth.refresh_token_ttl };
    Issuer { signer: signer.clone(), secrets: secrets.clone(), clock: clock.clone(), ttl }
}

fn housekeeping_reads(queries: &Queries, clock: &Arc<dyn Clock>) -> HousekeepingReads {
    HousekeepingReads { customers: queries.customers.clone(), carts: queries.carts.clone(), clock: clock.clone() }
}

pub(crate) fn taxonomies(database: &Database, queries: &Queries) -> Arc<CachedTaxonomies> {
    Arc::new(CachedTaxonomies::new(queries.terms.clone(), database.changes()))
}

fn forwarding(settings: &Settings) -> Forwarding {
    Forwarding::new(settings.server.client_address_header.clone(), settings.server.trusted_proxies.clone())
}

fn export_person(accounts: &Arc<CachedAccounts>, queries: &Queries) -> ExportPerson {
    ExportPerson {
        accounts: accounts.clone(),
        customers: queries.customers.clone(),
        personal_data: queries.personal_data.clone(),
    }
}

/// Counts logins that fail, and refuses more of them.
fn throttle(accounts: &Arc<CachedAccounts>, runner: &Runner, clock: &Arc<dyn Clock>, auth: &AuthSettings) -> Throttle {
    Throttle {
        accounts: accounts.clone(),
        runner: runner.clone(),
        clock: clock.clone(),
        policy: ThrottlePolicy {
            per_account: auth.login_failures_per_account,
            per_address: auth.login_failures_per_address,
            window: auth.login_failure_window,
        },
        gates: Arc::default(),
    }
}

/// The metrics of this process, with those of the database's connections.
fn metrics(database: &Database) -> Metrics {
    let observed = database.clone();
    let metrics = Metrics::start(move || observed.connections().into_iter().map(PoolSize::from).collect());
    describe_metrics();
    metrics
}

fn counts(database: &Database, queries: &Queries, settings: &Settings) -> Arc<dyn CatalogueCounts> {
    let most_bytes = settings.index_megabytes << 20;
    Arc::new(CatalogueIndex::new(queries.catalogue.clone(), database.changes(), most_bytes))
}

/// The response cache of products, or one that stores nothing if `cache.products` is off.
fn product_responses(database: &Database, settings: CacheSettings) -> Arc<dyn ProductResponses<RenderedResponse>> {
    if !settings.products {
        return Arc::new(NoProductResponses);
    }
    Arc::new(CachedProductResponses::new(database.changes(), settings.max_megabytes * 1024 * 1024))
}

impl From<Connections> for PoolSize {
    fn from(Connections { pool, open, idle }: Connections) -> Self {
        Self { pool, idle, used: open.saturating_sub(idle) }
    }
}

/// The configured key, or the one in a file beside the SQLite database.
fn jwt_secret(settings: &Settings) -> Result<String, StartError> {
    if let Some(secret) = &settings.auth.jwt_secret {
        return Ok(secret.0.clone());
    }
    let url = database_url(settings)?;
    let file = url.file().ok_or_else(|| StartError::Url("needs auth.jwt_secret beside it".to_owned()))?;
    let file = secret::beside(file);
    secret::load_or_make(&file, secret::fresh).map_err(|error| StartError::Secret(file, error))
}

impl Wired {
    /// Runs the migrations, starts its heartbeat, and creates the first administrator. Returns it if its password was
    /// generated.
    ///
    /// # Errors
    /// See [`StartError`]; if it [is passing](StartError::is_passing), try again.
    pub async fn prepare(&self, admin: &AdminSettings, alive: &Heartbeat) -> Result<Option<NewAdmin>, StartError> {
        if let Some(damage) = self.database.quick_check(FILE_CHECK_LIMIT).await? {
            return Err(StartError::Damaged(damage));
        }
        self.database.migrate_up().await?;
        self.database.hold_currency(self.state.shop.currency).await??;
        self.database.agree_on_time().await?;
        alive.renew().await?;
        // Hashing a password takes longer than the rest of the start, so only the first start does it.
        let news = if self.state.runner.run(HasAdmin).await? { None } else { self.make_first_admin(admin).await? };
        if let Some(cost) = self.database.highest_password_cost().await? {
            self.bcrypt.expect_cost(cost);
        }
        // Before the first request, so that what happens from now on has its mails.
        if let Some(DueMails { mails, .. }) = &self.mails {
            mails.follow().await?;
        }
        tokio::spawn(self.database.follow_changes());
        tokio::spawn(self.database.copy_log());
        let lifecycle = self.state.lifecycle.clone();
        tokio::spawn(alive.clone().keep(move |renewed| {
            let Err(error) = renewed else { return };
            if matches!(error, StoreError::Full(_)) {
                lifecycle.set_full();
            }
            tracing::warn!(error = &error as &dyn std::error::Error, "the heartbeat was not renewed");
        }));
        self.state.lifecycle.set_prepared();
        Ok(news)
    }

    /// Creates the first administrator. Returns it if its password was generated.
    async fn make_first_admin(&self, admin: &AdminSettings) -> Result<Option<NewAdmin>, StartError> {
        let password = admin.password.clone().unwrap_or_else(|| self.secrets.password());
        let create = CreateFirstAdmin(self.create_admin(&admin.username, &password).await?);
        let made = match self.state.runner.run(create.clone()).await {
            // Another server created it at the same time. The second run finds it.
            Err(application::Error::Conflict(_)) => self.state.runner.run(create).await?,
            made => made?,
        };
        let news = made.filter(|_| admin.password.is_none());
        Ok(news.map(|account| NewAdmin { username: account.username, password }))
    }

    /// The command that creates an administrator.
    ///
    /// # Errors
    /// If the password cannot be hashed.
    pub async fn create_admin(&self, username: &Username, password: &Password) -> Result<CreateAdmin, StartError> {
        let password_hash = self.state.hasher.hash(password).await?;
        Ok(CreateAdmin { username: username.clone(), password_hash })
    }
}
