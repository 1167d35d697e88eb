//! Puts the adapters behind the ports. Besides the command line this is the only file that knows them.

use std::path::PathBuf;
use std::sync::Arc;

use application::accounts::{
    ChangePassword, CreateAdmin, CreateFirstAdmin, HasAdmin, Issuer, Login, PasswordHasher, Refresh, Secrets, Throttle,
    TokenTtl,
};
use application::{Clock, ProductResponses, Queries, Runner, RunnerPolicy};
use domain::accounts::{Password, ThrottlePolicy, Username};
use domain::{Shop, StoreError};
use infrastructure::cache::{CachedAccounts, CachedProductResponses, NoProductResponses};
use infrastructure::db::{Connections, Database, DatabaseConfig, DatabaseUrl, MigrateError, SignOfLife};
use infrastructure::passwords::{BcryptConfig, BcryptHasher, HasherError};
use infrastructure::secrets::SystemSecrets;
use infrastructure::system::{SystemClock, V7Ids};
use infrastructure::tokens::{JwtSigner, ShortKey, SigningKey};

use crate::config::{AdminSettings, CacheSettings, Settings};
use crate::context::{Lifecycle, RenderedResponse, Seal, State, Unready};
use crate::cors::Cors;
use crate::housekeeping::Housekeeper;
use crate::metrics::{Metrics, PoolSize};
use crate::openapi::DOCUMENTS;
use crate::rate_limit::RateLimits;
use crate::secret;

/// Who issues access tokens, and for whom they are.
const ISSUER: &str = "storekeeper";

/// Why the program could not be put together, or could not prepare its database.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The URL of the database is of no use.
    #[error("database.url {0}")]
    Url(String),
    /// There is no database, and this command makes none.
    #[error("there is no database {0}; `storekeeper migrate up` or `storekeeper serve` makes one")]
    NoDatabase(DatabaseUrl),
    /// The database has no shop, or that of an older version.
    #[error("{0}: run `storekeeper migrate up` first")]
    NotPrepared(String),
    /// The database cannot be opened, or is away.
    #[error("the database cannot be used")]
    Store(#[from] StoreError),
    /// The schema could not be brought up to date.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    /// The secret behind tokens can be neither read nor made.
    #[error("the secret behind the tokens cannot be read or made in {file}: {1}", file = .0.display())]
    Secret(PathBuf, #[source] std::io::Error),
    /// The secret behind tokens is too short.
    #[error(transparent)]
    ShortKey(#[from] ShortKey),
    /// Passwords cannot be hashed at this cost.
    #[error(transparent)]
    Hasher(#[from] HasherError),
    /// A use case failed.
    #[error(transparent)]
    UseCase(#[from] application::Error),
}

impl StartError {
    /// Whether it may be another time: the database is away.
    pub fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::Store(StoreError::Unavailable(_) | StoreError::Full(_))
                | Self::Migrate(MigrateError::Store(StoreError::Unavailable(_) | StoreError::Full(_)))
                | Self::UseCase(application::Error::Unavailable(_))
        )
    }
}

/// The program, put together.
pub struct Wired {
    /// What the routes use.
    pub state: Arc<State>,
    /// The database itself, for migrations.
    pub database: Database,
    /// Makes passwords.
    pub secrets: Arc<dyn Secrets>,
    /// Does what is to be done beside the requests.
    pub housekeeper: Housekeeper,
}

/// An administrator whose password was made by the program.
#[derive(Debug)]
pub struct NewAdmin {
    /// The user name.
    pub username: Username,
    /// The password, to be shown once.
    pub password: Password,
}

/// What is wrong with the URL of a database.
///
/// # Errors
/// A sentence that does not quote it.
pub fn check_database_url(raw: &str) -> Result<(), String> {
    DatabaseUrl::parse(raw).map(drop).map_err(|error| error.to_string())
}

/// The address of the database.
///
/// # Errors
/// If the URL is of no use.
pub fn database_url(settings: &Settings) -> Result<DatabaseUrl, StartError> {
    DatabaseUrl::parse(&settings.database.url.0).map_err(|error| StartError::Url(error.to_string()))
}

/// Opens the database and nothing else. An embedded one is created if its URL says so.
///
/// # Errors
/// If the URL is of no use, or the file of an embedded database cannot be opened.
pub async fn open_database(settings: &Settings) -> Result<Database, StartError> {
    connect(settings, database_url(settings)?).await
}

/// Opens a database that is there, and creates none.
///
/// # Errors
/// [`StartError::NoDatabase`] if there is no file; otherwise as [`open_database`].
pub async fn open_existing(settings: &Settings) -> Result<Database, StartError> {
    let url = database_url(settings)?;
    // What cannot be looked at is told by the attempt to open it.
    if url.file().is_some_and(|file| !file.try_exists().unwrap_or(true)) {
        return Err(StartError::NoDatabase(url));
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
        0 => Ok(database),
        _ if pending == migrations.len() => {
            Err(StartError::NotPrepared(format!("there is no shop in the database {} yet", database_url(settings)?)))
        }
        _ => Err(StartError::NotPrepared(format!("the schema is not up to date, {pending} migrations are pending"))),
    }
}

async fn connect(settings: &Settings, url: DatabaseUrl) -> Result<Database, StartError> {
    Ok(Database::connect(&DatabaseConfig { url, max_connections: settings.database.max_connections }).await?)
}

/// Puts the server together, and creates an embedded database if its URL says so.
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
    let auth = &settings.auth;
    let secret = jwt_secret(settings)?;
    let signer = Arc::new(JwtSigner::new(&SigningKey::new(secret.clone().into_bytes())?, ISSUER, ISSUER));
    let hasher: Arc<dyn PasswordHasher> = Arc::new(BcryptHasher::new(BcryptConfig::new(auth.bcrypt_cost))?);
    let secrets: Arc<dyn Secrets> = Arc::new(SystemSecrets);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let shop = Shop { currency: settings.shop.currency, lead_time_days: settings.shop.lead_time_days };
    let policy = RunnerPolicy { keep_keys: settings.keep_keys, ..RunnerPolicy::default() };
    let queries = database.queries();
    let accounts = Arc::new(CachedAccounts::new(queries.accounts.clone(), database.changes()));
    let runner =
        Runner::new(database.transactions(), queries.idempotency.clone(), clock.clone(), Arc::new(V7Ids), shop, policy);
    let issuer = Issuer {
        signer: signer.clone(),
        secrets: secrets.clone(),
        clock: clock.clone(),
        ttl: TokenTtl { access: auth.access_token_ttl, refresh: auth.refresh_token_ttl },
    };
    let throttle = Throttle {
        accounts: accounts.clone(),
        runner: runner.clone(),
        clock: clock.clone(),
        policy: ThrottlePolicy {
            per_account: auth.login_failures_per_account,
            per_address: auth.login_failures_per_address,
            window: auth.login_failure_window,
        },
    };
    let login = Login {
        accounts: accounts.clone(),
        hasher: hasher.clone(),
        issuer: issuer.clone(),
        runner: runner.clone(),
        throttle: throttle.clone(),
    };
    let lifecycle = Arc::new(Lifecycle::default());
    let housekeeper = Housekeeper::new(runner.clone(), settings, lifecycle.clone());
    let (pinged, observed, watched) = (database.clone(), database.clone(), lifecycle.clone());
    let state = State {
        refresh: Refresh { issuer, runner: runner.clone() },
        change_password: ChangePassword {
            accounts: accounts.clone(),
            hasher: hasher.clone(),
            throttle,
            runner: runner.clone(),
        },
        runner,
        queries: Queries { accounts, ..queries },
        product_responses: product_responses(&database, settings.cache),
        login,
        hasher,
        signer,
        clock,
        ping: Arc::new(move || {
            let (database, lifecycle) = (pinged.clone(), watched.clone());
            Box::pin(async move { ready(&database, &lifecycle).await })
        }),
        shop,
        catalog_public: settings.catalog_public,
        self_registration: auth.self_registration,
        trusted_proxies: settings.server.trusted_proxies.clone(),
        lifecycle,
        rate_limits: settings.rate_limit.enabled.then(|| RateLimits::new(&settings.rate_limit)),
        metrics: Metrics::start(move || observed.connections().into_iter().map(PoolSize::from).collect()),
        cors: Cors::new(settings.allowed_origins.clone()),
        seal: Seal::new(secret.as_bytes()),
        documents: &DOCUMENTS,
    };
    Ok(Wired { state: Arc::new(state), database, secrets, housekeeper })
}

/// Whether the database answers, has the schema of this version and, if it had no room, can write again.
async fn ready(database: &Database, lifecycle: &Lifecycle) -> Result<(), Unready> {
    if let Some(difference) = database.schema_difference().await? {
        return Err(Unready::OtherSchema(difference));
    }
    if lifecycle.is_full() {
        database.probe().await?;
        lifecycle.set_writable();
    }
    Ok(())
}

/// Keeps answers about products, as configured.
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

/// The configured secret, or the one that is kept beside an embedded database.
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
    /// Brings the schema up to date, gives a sign of life, and makes the first administrator. Answers the administrator if its password is
    /// news.
    ///
    /// # Errors
    /// See [`StartError`]; if it [is passing](StartError::is_passing), try again.
    pub async fn prepare(&self, admin: &AdminSettings, alive: &SignOfLife) -> Result<Option<NewAdmin>, StartError> {
        self.database.migrate_up().await?;
        alive.renew().await?;
        // Not the first start: nothing to make, and no password to be hashed, which takes longer than all else.
        let news = if self.state.runner.run(HasAdmin).await? { None } else { self.make_first_admin(admin).await? };
        tokio::spawn(self.database.follow_changes());
        let lifecycle = self.state.lifecycle.clone();
        tokio::spawn(alive.clone().keep(move |renewed| {
            let Err(error) = renewed else { return };
            if matches!(error, StoreError::Full(_)) {
                lifecycle.set_full();
            }
            tracing::warn!(error = &error as &dyn std::error::Error, "the sign of life was not renewed");
        }));
        self.state.lifecycle.set_prepared();
        Ok(news)
    }

    /// The administrator, if it was made and its password is news.
    async fn make_first_admin(&self, admin: &AdminSettings) -> Result<Option<NewAdmin>, StartError> {
        let password = admin.password.clone().unwrap_or_else(|| self.secrets.password());
        let create = CreateFirstAdmin(self.create_admin(&admin.username, &password).await?);
        let made = match self.state.runner.run(create.clone()).await {
            // Another server that starts at the same time was faster: look again.
            Err(application::Error::Conflict(_)) => self.state.runner.run(create).await?,
            made => made?,
        };
        let news = made.filter(|_| admin.password.is_none());
        Ok(news.map(|account| NewAdmin { username: account.username, password }))
    }

    /// The command that makes an administrator.
    ///
    /// # Errors
    /// If the password cannot be hashed.
    pub async fn create_admin(&self, username: &Username, password: &Password) -> Result<CreateAdmin, StartError> {
        let password_hash = self.state.hasher.hash(password).await?;
        Ok(CreateAdmin { username: username.clone(), password_hash })
    }
}
