use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use domain::Currency;
use domain::accounts::{Password, Username};

use super::Network;

/// A value that is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Hidden(pub String);

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hidden(…)")
    }
}

/// Every setting, checked.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `server.*`
    pub server: ServerSettings,
    /// `database.*`
    pub database: DatabaseSettings,
    /// `auth.*`
    pub auth: AuthSettings,
    /// `admin.*`
    pub admin: AdminSettings,
    /// `catalog.public`: whether everybody may read products.
    pub catalog_public: bool,
    /// `shop.*`
    pub shop: ShopSettings,
    /// `stock.auto_receive_after`: when open restocks are received by themselves.
    pub auto_receive_after: Option<Duration>,
    /// `carts.keep_empty_for`: how long a cart is kept that nothing is in.
    pub keep_empty_carts: Duration,
    /// `housekeeping.every`: how often expired rows are purged and due restocks received.
    pub housekeeping_every: Duration,
    /// `idempotency.keep_for`: how long idempotency keys are kept.
    pub keep_keys: Duration,
    /// `rate_limit.*`
    pub rate_limit: RateLimitSettings,
    /// `cache.*`
    pub cache: CacheSettings,
    /// `cors.allowed_origins`
    pub allowed_origins: Vec<String>,
    /// `log.*`
    pub log: LogSettings,
}

/// How the server listens and stops.
#[derive(Debug, Clone)]
pub struct ServerSettings {
    /// Where it listens.
    pub bind: SocketAddr,
    /// How many workers it has.
    pub workers: usize,
    /// Who may say on whose behalf a request comes.
    pub trusted_proxies: Vec<Network>,
    /// How long it still takes requests after a stop signal, so that others learn that it stops.
    pub drain: Duration,
    /// How long what runs may take to finish.
    pub shutdown_timeout: Duration,
}

/// Which database.
#[derive(Debug, Clone)]
pub struct DatabaseSettings {
    /// Its URL, with a password perhaps.
    pub url: Hidden,
    /// The most connections.
    pub max_connections: Option<u32>,
}

/// Logins and tokens.
#[derive(Debug, Clone)]
pub struct AuthSettings {
    /// The secret behind tokens; without one it is made and kept beside an embedded database.
    pub jwt_secret: Option<Hidden>,
    /// How long access tokens live.
    pub access_token_ttl: Duration,
    /// How long refresh tokens live.
    pub refresh_token_ttl: Duration,
    /// The cost of a password hash.
    pub bcrypt_cost: u32,
    /// Whether everybody may register.
    pub self_registration: bool,
    /// Failed logins that are borne against one account.
    pub login_failures_per_account: i64,
    /// Failed logins that are borne from one address.
    pub login_failures_per_address: i64,
    /// How long failed logins count.
    pub login_failure_window: Duration,
}

/// The first administrator.
#[derive(Debug, Clone)]
pub struct AdminSettings {
    /// The user name.
    pub username: Username,
    /// The password; without one it is made and shown once.
    pub password: Option<Password>,
}

/// The shop.
#[derive(Debug, Clone, Copy)]
pub struct ShopSettings {
    /// Its currency.
    pub currency: Currency,
    /// Working days until delivery.
    pub lead_time_days: u16,
}

/// How many requests a client may send.
#[derive(Debug, Clone, Copy)]
pub struct RateLimitSettings {
    /// Whether there is a limit.
    pub enabled: bool,
    /// Requests in a period.
    pub requests: u32,
    /// The same for administrators.
    pub admin_requests: u32,
    /// The period.
    pub period: Duration,
}

/// What is kept in memory.
#[derive(Debug, Clone, Copy)]
pub struct CacheSettings {
    /// Whether answers about products are.
    pub products: bool,
    /// How much they may take.
    pub max_megabytes: u64,
}

/// The log.
#[derive(Debug, Clone)]
pub struct LogSettings {
    /// Its form.
    pub format: LogFormat,
    /// What is logged, in the syntax of `RUST_LOG`.
    pub level: String,
}

/// The form of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Pretty,
    /// One JSON object a line.
    Json,
}
