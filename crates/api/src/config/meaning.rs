/// The meaning of every key, and what is allowed.
const MEANINGS: &[(&str, &str)] = &[
    ("server.bind", "address and port to listen on; `0.0.0.0:8080` listens on every IPv4 address"),
    ("server.workers", "number of threads that answer requests, 1 to 1024"),
    ("server.trusted_proxies", "addresses or networks of proxies, separated by commas, that may name the client"),
    (
        "server.client_address_header",
        "the one header in which they name it: `x-forwarded-for`, `forwarded` (RFC 7239), or another with an address, \
         such as `x-real-ip`; read from the right, and no other is believed",
    ),
    ("server.drain", "how long requests are accepted after a stop signal while readiness is 503, 0 to 5 minutes"),
    ("server.shutdown_timeout", "how long running requests may take to finish after that, 1 second to 1 hour"),
    (
        "server.send_timeout",
        "how long a client may accept nothing of a response before its connection is closed, 1 second to 1 hour; on Linux",
    ),
    ("database.url", "`sqlite://FILE?mode=rwc`, or `mysql://user:password@host:3306/name` for MySQL and MariaDB"),
    (
        "database.max_connections",
        "largest number of connections, 1 to 1000; without it 16 to MySQL or MariaDB, or 8 that read SQLite; a third of them are \
         for searches and lists",
    ),
    (
        "database.statement_timeout",
        "how long MySQL or MariaDB may take to answer a request's statement, 1 second to 10 minutes; then 503",
    ),
    (
        "auth.jwt_secret",
        "secret for access tokens, at least 32 bytes; optional with SQLite, which gets a generated one",
    ),
    ("auth.access_token_ttl", "lifetime of access tokens, 10 seconds to 1 day"),
    ("auth.refresh_token_ttl", "lifetime of refresh tokens, 1 minute to 365 days"),
    (
        "auth.refresh_reuse_grace",
        "how long a refresh token that was exchanged still gives a new pair, for tabs that refresh at once, 0 (never) to 5 \
         minutes; its use after that ends the login",
    ),
    (
        "auth.bcrypt_cost",
        "cost of password hashes, 4 to 16; each step doubles the time of a login. A password is hashed again at the next \
         login after a change; until then every login takes as long as the costliest",
    ),
    (
        "auth.self_registration",
        "`true` if customers may register themselves, `false` if only staff with `accounts:write` create accounts",
    ),
    (
        "auth.require_verified_email",
        "`true` if only customers who have proved their email address may order; needs `mail.transport`",
    ),
    ("auth.login_failures_per_account", "failed logins allowed for one account in a window, 1 to 1000000"),
    ("auth.login_failures_per_address", "failed logins allowed from one address in a window, 1 to 1000000"),
    ("auth.login_failure_window", "length of that window, 1 second to 7 days"),
    ("admin.username", "user name of the first administrator, 3 to 32 of the characters a-z, 0-9, `.`, `_` and `-`"),
    (
        "admin.password",
        "password of the first administrator, 12 to 72 bytes; without it, one is generated and printed once",
    ),
    ("office.enabled", "`true` if the office is served at `/office/`"),
    (
        "office.bind",
        "address and port of its own for the office, such as `127.0.0.1:8081`; then `server.bind` does not serve \
         the office; API, pictures and documents answer at both addresses",
    ),
    ("catalog.public", "`true` if products can be read without a token"),
    (
        "catalog.index_megabytes",
        "most memory of the index that counts facets and totals of long lists and knows the words of names, 0 to 65536; with 0, \
         only lists of up to 5000 products are counted, and no search has a suggestion",
    ),
    (
        "shop.name",
        "name of the shop, 1 to 100 characters, in the office and on packing slips; without it that in `mail.from`, or the host of `shop.public_url`",
    ),
    (
        "shop.currency",
        "currency of all prices and orders, an ISO 4217 code; another one is refused once there are prices",
    ),
    ("shop.lead_time_days", "working days until an order is delivered, 0 to 365"),
    ("shop.prices_include_tax", "`true` if prices, shipping costs and discounts include tax"),
    (
        "shop.total_step",
        "smallest step of a total in minor units, 1 to 1000000; 5 where cash has no smaller coin than 0.05",
    ),
    (
        "shop.time_zone",
        "time zone of the shop, such as `Europe/Berlin`: the days of reports, of filters by date in the office and of tax rates \
         begin at its midnight, and the office shows times in it",
    ),
    (
        "shop.address.country",
        "country of the shop, an ISO 3166-1 alpha-2 code; quotes without an address are worked out for it",
    ),
    ("shop.address.region", "region of the shop"),
    ("shop.address.postal_code", "postal code of the shop"),
    (
        "shop.public_url",
        "where customers see the shop, such as `https://shop.example`; browsers return under it after paying elsewhere",
    ),
    (
        "shop.alerts_to",
        "email address of those who run the shop: mails about low stock, payments that do not add up, disputes, webhooks and \
         mails that do not arrive go there",
    ),
    (
        "mail.transport",
        "`none`; `smtp` to a mail server; `file` into a folder, for trying out; or `log`, only their subjects",
    ),
    (
        "mail.smtp.url",
        "the mail server: `smtps://user:password@mail.example.com:465`, or `smtp://` with port 587, which requires STARTTLS; \
         `smtp://localhost:25?tls=none` only to this machine",
    ),
    ("mail.folder", "the folder of `mail.transport = file`; each mail is a file with the ending `.eml`"),
    ("mail.from", "whom mails are from, such as `Shop <shop@example.com>`"),
    ("mail.reply_to", "where answers to mails go; without it, to `mail.from`"),
    ("mail.templates", "a folder with templates that replace those in the program, file by file"),
    ("mail.disabled", "mails that are not sent, such as `order_received`, separated by commas"),
    (
        "mail.reset_path",
        "the page below `shop.public_url` where customers set a new password; the token is behind `#token=`",
    ),
    (
        "mail.verify_path",
        "the page below `shop.public_url` that proves an email address; the token is behind `#token=`",
    ),
    ("mail.order_path", "the page of an order below `shop.public_url`; `{id}` stands for its id"),
    ("payments.required", "`true` if orders must be paid before they are prepared, and are cancelled if they are not"),
    ("payments.hold", "how long an unpaid order waits for its payment, 1 second to 30 days"),
    (
        "payments.max_hold",
        "how long after it was placed new online payments can keep an order waiting, 1 second to 30 days",
    ),
    ("payments.max_unpaid", "most unpaid orders of a customer, 0 (any number) to 1000"),
    (
        "payments.capture",
        "`automatic` if money is taken at once, `manual` if it is only held until somebody with `payments:write` captures it",
    ),
    (
        "payments.late",
        "what happens to money above what an order owes, such as money for a cancelled one: `refund` sends it back, \
         `manual` leaves it to the staff",
    ),
    (
        "payments.inline_timeout",
        "how long a request waits for a payment provider before it answers without the result, 0 to 30 seconds",
    ),
    (
        "payments.manual.enabled",
        "`true` if customers may pay by bank transfer; staff with `payments:write` record what came in",
    ),
    ("payments.manual.name", "its name for customers, 1 to 100 characters"),
    (
        "payments.manual.instructions",
        "where to transfer money, 1 to 2000 characters; required with `payments.manual.enabled`",
    ),
    ("payments.manual.hold", "how long an order waits for a transfer, 1 minute to 90 days"),
    ("payments.cash.enabled", "`true` if customers may pay in cash on delivery"),
    (
        "payments.test.enabled",
        "`true` for a provider that only pretends, to try a shop out; refused with a live key of Stripe",
    ),
    (
        "payments.stripe.secret_key",
        "secret key of Stripe, such as `sk_test_…` or a restricted one such as `rk_live_…`; without it, Stripe is off",
    ),
    ("payments.stripe.publishable_key", "publishable key of Stripe, such as `pk_test_…`; required with the secret key"),
    (
        "payments.stripe.webhook_secrets",
        "secrets of Stripe's webhook endpoint, such as `whsec_…`, separated by commas while one replaces another; without \
         them every notice is refused",
    ),
    (
        "payments.stripe.api_base",
        "where Stripe is, `https://` and a host; `http://` only on this machine, for a server that stands in for Stripe",
    ),
    (
        "payments.stripe.payment_method_types",
        "ways to pay as Stripe calls them, such as `card`, separated by commas; without them, those chosen on Stripe's page",
    ),
    (
        "tax.shipping",
        "which rates shipping bears: `proportional` to the goods, the `highest` of them, those of the `largest` part, \
         `none`, or `class:` and the code of a tax class; a zone may say otherwise",
    ),
    (
        "tax.when_missing",
        "`refuse` to sell what no tax rate holds for, or sell it `untaxed`; without it, refuse once there is any rate",
    ),
    (
        "checkout.require_expected_total",
        "`true` if an order must name the total that the buyer saw; without it, once there are tax rates, shipping \
         methods or promotions",
    ),
    (
        "stock.auto_receive_after",
        "age at which open restocks are received automatically, 1 second to 365 days; without it, never",
    ),
    ("idempotency.keep_for", "how long idempotency keys and their responses are kept, 1 minute to 365 days"),
    (
        "customers.erase_after",
        "how long a customer may do nothing (no login, change, cart or order, and no order under way) before it is erased \
         as by `DELETE /customers/{id}`, 30 to 3650 days; without it, never",
    ),
    ("carts.keep_empty_for", "how long empty carts are kept, 1 minute to 3650 days"),
    ("events.keep_for", "how long events are kept, 1 to 3650 days"),
    (
        "webhooks.allow_networks",
        "networks that webhooks may reach although they are not public, also over http://, such as 127.0.0.0/8 in \
         development; separated by commas",
    ),
    ("webhooks.timeout", "how long a receiver of webhooks may take to answer, 1 to 60 seconds"),
    (
        "secrets.key",
        "key from which the secrets of webhook endpoints are derived, at least 32 bytes; optional with SQLite, which gets a generated \
         one; with MySQL and MariaDB needed for webhooks, the same on every server",
    ),
    (
        "media.store",
        "where pictures are kept: `file:` and a folder that all servers share, or `s3://bucket/prefix`; optional with \
         SQLite, which gets the folder `media` beside it; with MySQL and MariaDB needed for uploads",
    ),
    (
        "media.public_base",
        "beginning of the URLs of pictures, such as the address of a CDN that fetches them from this server; \
         without it they are paths on this server",
    ),
    ("media.decoders", "how many pictures are encoded at once, 1 to 64; each takes up to 300 MB meanwhile"),
    ("imports.max_bytes", "the most bytes of a file that is imported over HTTP or in the office, 1000 to 2000000000"),
    ("imports.uploads", "how many such files are received at once, 1 to 64; the next is refused for a moment"),
    (
        "imports.keep_rows_for",
        "how long the rows of an import are kept after its end, or while nobody starts it, 1 to 3650 days: what was \
         refused, and what was before",
    ),
    (
        "imports.allow_networks",
        "networks from which pictures of imports are fetched although they are not public, such as 10.0.0.0/8; separated by \
         commas",
    ),
    ("media.s3.endpoint", "address of the service that speaks S3; needed with `s3://` in media.store"),
    ("media.s3.region", "region of the bucket"),
    ("media.s3.access_key", "id of the access key; needed with `s3://` in media.store"),
    ("media.s3.secret_key", "secret of the access key; needed with `s3://` in media.store"),
    ("media.s3.path_style", "`true` if the bucket stands in the path of URLs and not in the name of the host"),
    (
        "housekeeping.every",
        "interval at which expired rows are purged, old ones renewed and due restocks received, 1 second to 1 day",
    ),
    ("rate_limit.enabled", "`true` if requests are limited"),
    (
        "rate_limit.requests",
        "requests in a burst, for each client and endpoint, 1 to 1000000000; the allowance refills evenly over `rate_limit.period`",
    ),
    ("rate_limit.admin_requests", "the same for staff and for each API key, for each endpoint, 1 to 1000000000"),
    (
        "rate_limit.period",
        "length of that period, 1 second to 31 days; a burst plus the refill allows at most twice `requests` in it",
    ),
    ("cache.products", "`true` if responses about products are cached in memory"),
    ("cache.max_megabytes", "most memory for these responses, 1 to 65536 megabytes"),
    (
        "cors.allowed_origins",
        "origins whose pages may call the API, such as `https://shop.example`, `https://*.shop.example` or `capacitor://localhost`, separated by commas; `*` for all",
    ),
    (
        "cors.allowed_headers",
        "request headers that these pages may send besides those of the API, such as `traceparent`, separated by commas; `*` for all",
    ),
    ("log.format", "`pretty`, or `json` with one object per line"),
    ("log.level", "log level or filters in the syntax of `RUST_LOG`, such as `info` or `info,api=debug`"),
];

/// The meaning of a key; empty if there is no such key.
pub(super) fn meaning(key: &str) -> &'static str {
    MEANINGS.iter().find(|(known, _)| *known == key).map_or("", |(_, meaning)| meaning)
}
