/// What every key means.
const MEANINGS: &[(&str, &str)] = &[
    ("server.bind", "address and port; `0.0.0.0:8080` is every address"),
    ("server.workers", "how many threads answer requests"),
    ("server.trusted_proxies", "addresses or networks whose `Forwarded` and `X-Forwarded-For` say who the client is"),
    ("server.drain", "how long requests are still taken after a stop signal, while readiness says no"),
    ("server.shutdown_timeout", "how long what runs may take to finish after that"),
    ("database.url", "`sqlite://FILE?mode=rwc`, or `mysql://user:password@host:3306/name` for MySQL and MariaDB"),
    ("database.max_connections", "the most connections; without it, what suits the database"),
    ("auth.jwt_secret", "at least 32 bytes, the same on every server; without it one is kept beside an SQLite file"),
    ("auth.access_token_ttl", "how long access tokens live"),
    ("auth.refresh_token_ttl", "how long refresh tokens live"),
    ("auth.bcrypt_cost", "each step doubles the work behind a password"),
    ("auth.self_registration", "whether everybody may become a customer"),
    ("auth.login_failures_per_account", "failed logins to one account, in a window"),
    ("auth.login_failures_per_address", "failed logins from one address, in a window"),
    ("auth.login_failure_window", "the window"),
    ("admin.username", "the first administrator"),
    ("admin.password", "its password, 12 to 72 bytes; without it one is made and printed once"),
    ("catalog.public", "whether products can be read without a token"),
    ("shop.currency", "the one currency of the shop, an ISO 4217 code"),
    ("shop.lead_time_days", "working days until an order is delivered"),
    ("stock.auto_receive_after", "when open restocks are received by themselves"),
    ("idempotency.keep_for", "how long idempotency keys and their answers are kept"),
    ("carts.keep_empty_for", "how long carts are kept that nothing is in"),
    ("housekeeping.every", "how often expired rows are purged and due restocks received"),
    ("rate_limit.enabled", "whether there is a limit"),
    ("rate_limit.requests", "requests in a period, for each client and endpoint"),
    ("rate_limit.admin_requests", "the same for administrators"),
    ("rate_limit.period", "the period"),
    ("cache.products", "whether answers about products are kept in memory"),
    ("cache.max_megabytes", "how much memory they may take"),
    ("cors.allowed_origins", "origins whose pages may ask, such as `https://shop.example`"),
    ("log.format", "`pretty`, or `json` with one object a line"),
    ("log.level", "what is logged, in the syntax of `RUST_LOG`"),
];

/// What a key means; nothing if there is no such key.
pub(super) fn meaning(key: &str) -> &'static str {
    MEANINGS.iter().find(|(known, _)| *known == key).map_or("", |(_, meaning)| meaning)
}
