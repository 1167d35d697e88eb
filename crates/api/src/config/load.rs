use std::fmt;
use std::io::IsTerminal;
use std::sync::Arc;
use std::time::Duration;

use domain::Currency;
use domain::accounts::{Password, Username};
use domain::addresses::{CountryCode, PostalCode, Region};
use domain::customers::EmailAddress;
use domain::pricing::{MissingRate, Place, PricingSettings, ShippingTax, TotalStep};
use domain::webhooks::Networks;

use super::calendar::ZonedCalendar;
use super::imports::imports;
use super::mail::{Beside, mail};
use super::media::media;
use super::network::Network;
use super::office::office;
use super::parse::{
    boolean, domain, duration, from_str, header_names, jwt_secret, log_level, networks, number, origins, public_url,
};
use super::payments::{Fitting, payments};
use super::reader::{Origin, Reader, Show, Shown, Wrong};
use super::settings::{
    AdminSettings, AuthSettings, CacheSettings, CorsSettings, DatabaseSettings, Hidden, LogFormat, LogSettings,
    RateLimitSettings, ServerSettings, Settings, ShopSettings, WebhookSettings,
};
use super::sources::{Sources, variable};

const SECOND: Duration = Duration::from_secs(1);
const DAY: Duration = Duration::from_hours(24);

/// The settings in force, and the source of each.
#[derive(Debug, Clone)]
pub struct Effective {
    /// The values, parsed.
    pub settings: Settings,
    /// Every key with its value and source, without secrets.
    pub shown: Vec<Shown>,
    /// Environment variables that look like settings and are none.
    pub ignored: Vec<String>,
}

/// Every wrong setting of the configuration.
#[derive(Debug)]
pub struct ConfigError(pub Vec<Wrong>);

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the configuration is wrong:")?;
        self.0.iter().try_for_each(|wrong| write!(f, "\n  {wrong}"))
    }
}

impl std::error::Error for ConfigError {}

/// What the adapters know about settings.
#[derive(Debug, Clone, Copy)]
pub struct Checks {
    /// What is wrong with a database URL, without quoting it.
    pub database_url: fn(&str) -> Result<(), String>,
    /// The smallest step of Stripe's amounts in a currency, in minor units; `None` if it does not charge it.
    pub stripe_step: fn(Currency) -> Option<i64>,
}

/// Loads the configuration.
///
/// # Errors
/// Every wrong key with what is allowed and the source of the value.
pub fn load(sources: &Sources, checks: &Checks) -> Result<Effective, ConfigError> {
    let (given, wrong) = sources.read();
    let mut reader = Reader::new(given, wrong);
    let settings = settings(&mut reader, checks);
    if let Some(Err(problem)) = sources.rust_log().map(log_level) {
        reader.refuse("RUST_LOG", problem, Origin::Environment("RUST_LOG".to_owned()));
    }
    let ignored = misspelt(sources, &mut reader);
    let (shown, wrong) = reader.finish();
    match settings {
        Some(settings) if wrong.is_empty() => {
            let settings = Settings { is_demo: sources.is_demo, shown: shown.clone(), ..settings };
            Ok(Effective { settings, shown, ignored })
        }
        _ => Err(ConfigError(wrong)),
    }
}

/// Refuses the variables that are meant to be a setting, and returns the others that look like one.
fn misspelt(sources: &Sources, reader: &mut Reader) -> Vec<String> {
    let mut names: Vec<_> = sources.misspelt().collect();
    names.sort_unstable();
    let mut ignored = Vec::new();
    for name in names {
        let key = name.split_once('_').map_or(name, |(_, key)| key);
        match reader.meant(key) {
            Some(meant) => {
                let problem = format!("is not a setting; did you mean {}?", variable(meant));
                reader.refuse(name, problem, Origin::Environment(name.to_owned()));
            }
            None => ignored.push(name.to_owned()),
        }
    }
    ignored
}

/// Reads every section before it fails, so that all errors are reported at once.
fn settings(reader: &mut Reader, checks: &Checks) -> Option<Settings> {
    let server = server(reader);
    let database = database(reader, checks.database_url);
    let auth = auth(reader);
    if let (Some(database), Some(AuthSettings { jwt_secret: None, .. })) = (&database, &auth)
        && database.url.0.starts_with("mysql")
    {
        reader.refuse(
            "auth.jwt_secret",
            "is required with MySQL and MariaDB: at least 32 bytes, the same on every server",
            Origin::Default,
        );
    }
    let admin = admin(reader);
    let office = office(reader, server.as_ref().map(|server| server.bind));
    let catalog_public = reader.setting("catalog.public", "false", boolean);
    let index_megabytes = reader.setting("catalog.index_megabytes", "256", number(0..=65_536));
    let shop_name = reader.optional("shop.name", Show::Value, |raw| {
        domain::addresses::Company::parse(raw).map(|name| name.to_string()).map_err(|invalid| invalid.to_string())
    });
    let shop = shop(reader);
    let public_url = reader.optional("shop.public_url", Show::Value, public_url);
    let alerts_to = reader.optional("shop.alerts_to", Show::Value, domain(EmailAddress::parse));
    let pricing = pricing(reader);
    let fitting = shop.zip(pricing.as_ref()).map(|(shop, pricing)| Fitting {
        currency: shop.currency,
        total_step: pricing.total_step.get(),
        stripe_step: (checks.stripe_step)(shop.currency),
    });
    let payments = payments(reader, fitting.as_ref());
    let (media, imports) = (media(reader), imports(reader));
    let beside = public_url.clone().zip(alerts_to).map(|(public_url, alerts_to)| Beside { public_url, alerts_to });
    let mail = mail(reader, beside);
    if matches!((&mail, &auth), (Some(None), Some(AuthSettings { require_verified_email: true, .. }))) {
        let origin = reader.origin("auth.require_verified_email");
        reader.refuse("auth.require_verified_email", "needs mail.transport: a mail proves an address", origin);
    }
    let webhooks = webhooks(reader);
    let secrets_key = reader.optional("secrets.key", Show::Secret, jwt_secret);
    let auto_receive_after = reader.optional("stock.auto_receive_after", Show::Value, duration(SECOND..=DAY * 365));
    let keep_keys = reader.setting("idempotency.keep_for", "24h", duration(SECOND * 60..=DAY * 365));
    let erase_idle_after = reader.optional("customers.erase_after", Show::Value, duration(DAY * 30..=DAY * 3650));
    let keep_empty_carts = reader.setting("carts.keep_empty_for", "30d", duration(SECOND * 60..=DAY * 3650));
    let keep_events = reader.setting("events.keep_for", "90d", duration(DAY..=DAY * 3650));
    let housekeeping_every = reader.setting("housekeeping.every", "1m", duration(SECOND..=DAY));
    let rate_limit = rate_limit(reader);
    let cache = cache(reader);
    let cors = cors(reader);
    let log = log(reader);
    Some(Settings {
        shown: Vec::new(),
        is_demo: false,
        server: server?,
        database: database?,
        auth: auth?,
        admin: admin?,
        office: office?,
        shop_name: shop_name?,
        catalog_public: catalog_public?,
        index_megabytes: index_megabytes?,
        shop: shop?,
        public_url: public_url?,
        mail: mail?,
        webhooks: webhooks?,
        secrets_key: secrets_key?,
        media: media?,
        imports: imports?,
        payments: payments?,
        pricing: pricing?,
        auto_receive_after: auto_receive_after?,
        keep_keys: keep_keys?,
        erase_idle_after: erase_idle_after?,
        keep_empty_carts: keep_empty_carts?,
        keep_events: keep_events?,
        housekeeping_every: housekeeping_every?,
        rate_limit: rate_limit?,
        cache: cache?,
        cors: cors?,
        log: log?,
    })
}

fn webhooks(reader: &mut Reader) -> Option<WebhookSettings> {
    let networks = reader.setting("webhooks.allow_networks", "", networks);
    let timeout = reader.setting("webhooks.timeout", "15s", duration(SECOND..=SECOND * 60));
    let allow_networks = Networks::new(networks?.into_iter().map(Network::net).collect());
    Some(WebhookSettings { allow_networks, timeout: timeout? })
}

fn server(reader: &mut Reader) -> Option<ServerSettings> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from).to_string();
    let bind = reader.setting("server.bind", "127.0.0.1:8080", from_str("an address and port such as 127.0.0.1:8080"));
    let workers = reader.setting("server.workers", &cores, number(1..=1024));
    let trusted_proxies = reader.setting("server.trusted_proxies", "", networks);
    let client_address_header = reader.setting(
        "server.client_address_header",
        "x-forwarded-for",
        from_str("the name of one header, such as x-forwarded-for or forwarded"),
    );
    let drain = reader.setting("server.drain", "500ms", duration(Duration::ZERO..=SECOND * 300));
    let shutdown_timeout = reader.setting("server.shutdown_timeout", "30s", duration(SECOND..=SECOND * 3600));
    let send_timeout = reader.setting("server.send_timeout", "30s", duration(SECOND..=SECOND * 3600));
    Some(ServerSettings {
        bind: bind?,
        workers: workers?,
        trusted_proxies: trusted_proxies?,
        client_address_header: client_address_header?,
        drain: drain?,
        shutdown_timeout: shutdown_timeout?,
        send_timeout: send_timeout?,
    })
}

fn database(reader: &mut Reader, check_url: impl Fn(&str) -> Result<(), String>) -> Option<DatabaseSettings> {
    let parse = |raw: &str| check_url(raw).map(|()| Hidden(raw.to_owned()));
    let url = reader.setting("database.url", "sqlite://storekeeper.db?mode=rwc", parse);
    reader.show_instead("database.url", without_password);
    let max_connections = reader.optional("database.max_connections", Show::Value, number(1..=1000));
    let statement_timeout = reader.setting("database.statement_timeout", "10s", duration(SECOND..=SECOND * 600));
    Some(DatabaseSettings { url: url?, max_connections: max_connections?, statement_timeout: statement_timeout? })
}

fn auth(reader: &mut Reader) -> Option<AuthSettings> {
    let jwt_secret = reader.optional("auth.jwt_secret", Show::Secret, jwt_secret);
    let access_token_ttl = reader.setting("auth.access_token_ttl", "15m", duration(SECOND * 10..=DAY));
    let refresh_token_ttl = reader.setting("auth.refresh_token_ttl", "30d", duration(SECOND * 60..=DAY * 365));
    let refresh_reuse_grace =
        reader.setting("auth.refresh_reuse_grace", "10s", duration(Duration::ZERO..=SECOND * 300));
    let bcrypt_cost = reader.setting("auth.bcrypt_cost", "12", number(4..=16));
    let self_registration = reader.setting("auth.self_registration", "true", boolean);
    let require_verified_email = reader.setting("auth.require_verified_email", "false", boolean);
    let login_failures_per_account = reader.setting("auth.login_failures_per_account", "10", number(1..=1_000_000));
    let login_failures_per_address = reader.setting("auth.login_failures_per_address", "100", number(1..=1_000_000));
    let login_failure_window = reader.setting("auth.login_failure_window", "15m", duration(SECOND..=DAY * 7));
    Some(AuthSettings {
        jwt_secret: jwt_secret?,
        access_token_ttl: access_token_ttl?,
        refresh_token_ttl: refresh_token_ttl?,
        refresh_reuse_grace: refresh_reuse_grace?,
        bcrypt_cost: bcrypt_cost?,
        self_registration: self_registration?,
        require_verified_email: require_verified_email?,
        login_failures_per_account: login_failures_per_account?,
        login_failures_per_address: login_failures_per_address?,
        login_failure_window: login_failure_window?,
    })
}

fn admin(reader: &mut Reader) -> Option<AdminSettings> {
    let username = reader.setting("admin.username", "admin", domain(Username::parse));
    let password = reader.optional("admin.password", Show::Secret, domain(Password::parse));
    Some(AdminSettings { username: username?, password: password? })
}

fn shop(reader: &mut Reader) -> Option<ShopSettings> {
    let currency = reader.setting("shop.currency", "USD", domain(Currency::parse));
    let lead_time_days = reader.setting("shop.lead_time_days", "5", number(0..=365));
    Some(ShopSettings { currency: currency?, lead_time_days: lead_time_days? })
}

fn pricing(reader: &mut Reader) -> Option<PricingSettings> {
    let prices_include_tax = reader.setting("shop.prices_include_tax", "false", boolean);
    let total_step = reader.setting("shop.total_step", "1", number(1..=TotalStep::MAX));
    let time_zone = reader.setting("shop.time_zone", "UTC", ZonedCalendar::named);
    let country = reader.optional("shop.address.country", Show::Value, domain(CountryCode::parse));
    let region = reader.optional("shop.address.region", Show::Value, domain(Region::parse));
    let postal_code = reader.optional("shop.address.postal_code", Show::Value, domain(PostalCode::parse));
    let shipping_tax = reader.setting("tax.shipping", "proportional", domain(ShippingTax::parse));
    let when_missing = reader.optional("tax.when_missing", Show::Value, |raw| match raw {
        "refuse" => Ok(MissingRate::Refused),
        "untaxed" => Ok(MissingRate::Untaxed),
        _ => Err("must be refuse or untaxed".to_owned()),
    });
    let requires_expected_total = reader.optional("checkout.require_expected_total", Show::Value, boolean);
    let usual = PricingSettings::default();
    let (region, postal_code) = (region?, postal_code?);
    let home = country?.map(|country| Place::new(country, region.as_ref(), postal_code.as_ref()));
    Some(PricingSettings {
        prices_include_tax: prices_include_tax?,
        total_step: TotalStep::parse(total_step?).unwrap_or_default(),
        home: home.unwrap_or(usual.home),
        shipping_tax: shipping_tax?,
        when_missing: when_missing?,
        requires_expected_total: requires_expected_total?,
        calendar: Arc::new(time_zone?),
    })
}

fn rate_limit(reader: &mut Reader) -> Option<RateLimitSettings> {
    let enabled = reader.setting("rate_limit.enabled", "true", boolean);
    let requests = reader.setting("rate_limit.requests", "100", number(1..=1_000_000_000));
    let admin_requests = reader.setting("rate_limit.admin_requests", "10000", number(1..=1_000_000_000));
    let period = reader.setting("rate_limit.period", "24h", duration(SECOND..=DAY * 31));
    Some(RateLimitSettings { enabled: enabled?, requests: requests?, admin_requests: admin_requests?, period: period? })
}

fn cache(reader: &mut Reader) -> Option<CacheSettings> {
    let products = reader.setting("cache.products", "true", boolean);
    let max_megabytes = reader.setting("cache.max_megabytes", "64", number(1..=65_536));
    Some(CacheSettings { products: products?, max_megabytes: max_megabytes? })
}

fn cors(reader: &mut Reader) -> Option<CorsSettings> {
    let allowed_origins = reader.setting("cors.allowed_origins", "", origins);
    // As they are compared with what browsers send.
    if let Some(origins) = allowed_origins.as_ref().filter(|origins| !origins.is_empty()) {
        let shown: Vec<_> = origins.iter().map(ToString::to_string).collect();
        reader.show_instead("cors.allowed_origins", |_| shown.join(","));
    }
    let allowed_headers = reader.setting("cors.allowed_headers", "", header_names);
    Some(CorsSettings { allowed_origins: allowed_origins?, allowed_headers: allowed_headers? })
}

fn log(reader: &mut Reader) -> Option<LogSettings> {
    let usual = if std::io::stderr().is_terminal() { "pretty" } else { "json" };
    let format = reader.setting("log.format", usual, |raw| match raw {
        "pretty" => Ok(LogFormat::Pretty),
        "json" => Ok(LogFormat::Json),
        _ => Err("must be pretty or json".to_owned()),
    });
    let level = reader.setting("log.level", "info,actix_server=warn,sea_orm_migration=warn", log_level);
    Some(LogSettings { format: format?, level: level? })
}

/// `mysql://user:(hidden)@host/name`
pub(super) fn without_password(url: &str) -> String {
    let hide = || {
        let (scheme, rest) = url.split_once("://")?;
        let (login, place) = rest.rsplit_once('@')?;
        let (user, _) = login.split_once(':')?;
        Some(format!("{scheme}://{user}:(hidden)@{place}"))
    };
    hide().unwrap_or_else(|| url.to_owned())
}
