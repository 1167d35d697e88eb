use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use actix_web::http::header::HeaderName;
use domain::Currency;
use domain::accounts::{Password, Username};
use domain::pricing::PricingSettings;
use domain::webhooks::Networks;
use url::Url;

use super::{
    AllowedOrigin, ImportSettings, MailSettings, MediaSettings, Network, OfficeSettings, PaymentSettings, Shown,
};

/// A value that `Debug` does not show.
#[derive(Clone, PartialEq, Eq)]
pub struct Hidden(pub String);

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hidden(…)")
    }
}

/// All settings, checked.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Every key with its value and source, without secrets.
    pub shown: Vec<Shown>,
    /// Whether this is `serve --demo`, with the example shop at the root.
    pub is_demo: bool,
    /// `server.*`
    pub server: ServerSettings,
    /// `database.*`
    pub database: DatabaseSettings,
    /// `auth.*`
    pub auth: AuthSettings,
    /// `admin.*`
    pub admin: AdminSettings,
    /// `catalog.public`: whether products can be read without a token.
    pub catalog_public: bool,
    /// `catalog.index_megabytes`: the most memory of the index that counts products; 0 for none.
    pub index_megabytes: usize,
    /// `shop.*`
    pub shop: ShopSettings,
    /// `shop.public_url`: where customers see the shop.
    pub public_url: Option<Url>,
    /// `mail.*`; `None` if the shop sends none.
    pub mail: Option<MailSettings>,
    /// `webhooks.*`
    pub webhooks: WebhookSettings,
    /// `secrets.key`: what secrets of webhook endpoints follow from, at least 32 bytes. `None` for one that is generated and
    /// stored beside the SQLite file, and for none at all with MySQL and MariaDB.
    pub secrets_key: Option<Hidden>,
    /// `media.*`
    pub media: MediaSettings,
    /// `imports.*`
    pub imports: ImportSettings,
    /// `payments.*`
    pub payments: PaymentSettings,
    /// How prices are formed: `shop.*`, `tax.*`, `checkout.*`.
    pub pricing: PricingSettings,
    /// `stock.auto_receive_after`: age at which open restocks are received automatically; `None` for never.
    pub auto_receive_after: Option<Duration>,
    /// `customers.erase_after`: how long a customer may do nothing before it is erased; `None` for ever.
    pub erase_idle_after: Option<Duration>,
    /// `carts.keep_empty_for`: how long an empty cart is kept.
    pub keep_empty_carts: Duration,
    /// `events.keep_for`: how long an event is kept.
    pub keep_events: Duration,
    /// `housekeeping.every`: how often expired rows are purged, old ones renewed and due restocks received.
    pub housekeeping_every: Duration,
    /// `idempotency.keep_for`: how long idempotency keys are kept.
    pub keep_keys: Duration,
    /// `rate_limit.*`
    pub rate_limit: RateLimitSettings,
    /// `cache.*`
    pub cache: CacheSettings,
    /// `cors.*`
    pub cors: CorsSettings,
    /// `shop.name`: what the shop is called.
    pub shop_name: Option<String>,
    /// `office.*`
    pub office: OfficeSettings,
    /// `log.*`
    pub log: LogSettings,
}

impl Settings {
    /// What URLs of pictures begin with where they are read outside of the shop: `media.public_base`, or else the host of
    /// `shop.public_url`; `None` if the settings have neither.
    pub fn own_media_base(&self) -> Option<String> {
        let of_shop = || Some(self.public_url.as_ref()?.origin().ascii_serialization());
        self.media.public_base.clone().or_else(of_shop)
    }
}

/// `server.*`: how the server listens and stops.
#[derive(Debug, Clone)]
pub struct ServerSettings {
    /// Address and port to listen on.
    pub bind: SocketAddr,
    /// Number of threads that answer requests.
    pub workers: usize,
    /// Proxies that may name the client.
    pub trusted_proxies: Vec<Network>,
    /// The header in which they name it.
    pub client_address_header: HeaderName,
    /// How long the server still accepts requests after a stop signal while `/health/ready` answers 503.
    pub drain: Duration,
    /// Time limit for running requests to finish after that.
    pub shutdown_timeout: Duration,
    /// How long a client may accept nothing of a response before its connection is closed.
    pub send_timeout: Duration,
}

/// `database.*`: which database it is, and how many connections it gets.
#[derive(Debug, Clone)]
pub struct DatabaseSettings {
    /// The URL, which may contain a password.
    pub url: Hidden,
    /// The most connections; `None` for the default of the database.
    pub max_connections: Option<u32>,
    /// How long a server may take to answer a statement of a request.
    pub statement_timeout: Duration,
}

/// `auth.*`: logins and tokens.
#[derive(Debug, Clone)]
pub struct AuthSettings {
    /// The secret that signs access tokens, at least 32 bytes. `None` for one that is generated and stored beside the
    /// SQLite file.
    pub jwt_secret: Option<Hidden>,
    /// Lifetime of access tokens.
    pub access_token_ttl: Duration,
    /// Lifetime of refresh tokens.
    pub refresh_token_ttl: Duration,
    /// How long a spent refresh token still gives a new pair; zero for never.
    pub refresh_reuse_grace: Duration,
    /// The cost of bcrypt: the base-2 logarithm of its rounds.
    pub bcrypt_cost: u32,
    /// Whether customers may register themselves.
    pub self_registration: bool,
    /// Whether only customers who have proved their email address may order.
    pub require_verified_email: bool,
    /// Failed logins allowed for one account in a window.
    pub login_failures_per_account: i64,
    /// Failed logins allowed from one address in a window.
    pub login_failures_per_address: i64,
    /// Length of the window, from its first failed login.
    pub login_failure_window: Duration,
}

/// `admin.*`: the first administrator.
#[derive(Debug, Clone)]
pub struct AdminSettings {
    /// The name to log in with.
    pub username: Username,
    /// The password; `None` for one that is generated and printed once.
    pub password: Option<Password>,
}

/// `shop.*`: its currency and its lead time.
#[derive(Debug, Clone, Copy)]
pub struct ShopSettings {
    /// The currency of all prices and orders.
    pub currency: Currency,
    /// Working days between an order and its expected delivery.
    pub lead_time_days: u16,
}

/// `webhooks.*`: how events are sent to other systems.
#[derive(Debug, Clone)]
pub struct WebhookSettings {
    /// Networks that are reached although they are not public, and without TLS.
    pub allow_networks: Networks,
    /// How long a receiver may take to answer.
    pub timeout: Duration,
}

/// `rate_limit.*`: how many requests a client may send.
#[derive(Debug, Clone, Copy)]
pub struct RateLimitSettings {
    /// Whether requests are limited.
    pub enabled: bool,
    /// Requests in a period, for each client and endpoint.
    pub requests: u32,
    /// Requests of staff or of an API key in a period, for each endpoint.
    pub admin_requests: u32,
    /// The period in which an idle client gets all its requests back.
    pub period: Duration,
}

/// `cache.*`: how much is kept in memory.
#[derive(Debug, Clone, Copy)]
pub struct CacheSettings {
    /// Whether responses about products are cached in memory.
    pub products: bool,
    /// The most memory of these responses, in mebibytes.
    pub max_megabytes: u64,
}

/// `cors.*`: what pages of other origins may do.
#[derive(Debug, Clone, Default)]
pub struct CorsSettings {
    /// The origins whose pages may call the API.
    pub allowed_origins: Vec<AllowedOrigin>,
    /// Request headers that they may send besides those of the API, in lower case; `*` for any.
    pub allowed_headers: Vec<String>,
}

/// `log.*`: what is logged, and in which form.
#[derive(Debug, Clone)]
pub struct LogSettings {
    /// The format of log lines.
    pub format: LogFormat,
    /// What is logged, in the syntax of `RUST_LOG`.
    pub level: String,
}

/// The format of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// Text for people.
    Pretty,
    /// One JSON object per line.
    Json,
}
