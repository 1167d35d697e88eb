//! The configuration, as the program loads it.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use api::config::{ConfigError, Effective, FilePosition, LogFormat, Origin, Sources, example, load, print};
use api::wiring::CHECKS;

fn sources(file: Option<PathBuf>, environment: &[(&str, &str)]) -> Sources {
    let environment: HashMap<_, _> =
        environment.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    Sources { file, environment, ..Sources::default() }
}

fn from_environment(environment: &[(&str, &str)]) -> Result<Effective, ConfigError> {
    load(&sources(None, environment), &CHECKS)
}

fn from_file(text: &str, environment: &[(&str, &str)]) -> (PathBuf, Result<Effective, ConfigError>) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("shop.toml");
    std::fs::write(&path, text).unwrap();
    let loaded = load(&sources(Some(path.clone()), environment), &CHECKS);
    (path, loaded)
}

#[test]
fn without_configuration_the_defaults_apply_r73() {
    let settings = from_environment(&[]).unwrap().settings;
    assert_eq!(settings.server.bind.to_string(), "127.0.0.1:8080");
    assert_eq!(settings.database.url.0, "sqlite://storekeeper.db?mode=rwc");
    assert_eq!((settings.auth.access_token_ttl, settings.auth.bcrypt_cost), (Duration::from_mins(15), 12));
    assert_eq!(settings.auth.refresh_token_ttl, Duration::from_hours(30 * 24));
    assert_eq!((settings.auth.login_failures_per_account, settings.auth.login_failures_per_address), (10, 100));
    assert!(settings.auth.self_registration && !settings.catalog_public);
    assert_eq!((settings.shop.currency.code(), settings.shop.lead_time_days), ("USD", 5));
    assert_eq!((settings.rate_limit.requests, settings.rate_limit.admin_requests), (100, 10_000));
    assert_eq!((settings.admin.username.as_str(), settings.admin.password), ("admin", None));
    assert_eq!((settings.auto_receive_after, settings.cors.allowed_origins), (None, Vec::new()));
}

#[test]
fn environment_variables_override_the_file_and_the_file_overrides_the_defaults_r73() {
    let text = "[server]\nbind = \"0.0.0.0:1\"\nworkers = 3\n[log]\nformat = \"json\"\n[cors]\nallowed_origins = [\"https://a.example\", \"https://b.example\"]\n";
    let (path, loaded) = from_file(text, &[("STOREKEEPER__SERVER__BIND", "0.0.0.0:2")]);
    let Effective { settings, shown, .. } = loaded.unwrap();
    assert_eq!((settings.server.bind.port(), settings.server.workers), (2, 3));
    assert_eq!(settings.log.format, LogFormat::Json);
    let origins: Vec<_> = settings.cors.allowed_origins.iter().map(ToString::to_string).collect();
    assert_eq!(origins, ["https://a.example", "https://b.example"]);
    let origin = |key: &str| shown.iter().find(|shown| shown.key == key).unwrap().origin.clone();
    assert_eq!(origin("server.bind"), Origin::Environment("STOREKEEPER__SERVER__BIND".to_owned()));
    assert_eq!(origin("server.workers"), Origin::Line(path, FilePosition { line: 3, column: 11 }));
    assert_eq!(origin("shop.currency"), Origin::Default);
}

#[test]
fn an_allowed_origin_is_shown_as_browsers_send_it() {
    let written = "HTTPS://Shop.Example:443/, https://shop.example, https://*.shop.example";
    let Effective { settings, shown, .. } =
        from_environment(&[("STOREKEEPER__CORS__ALLOWED_ORIGINS", written)]).unwrap();
    assert_eq!(settings.cors.allowed_origins.len(), 2, "each once");
    let shown = shown.into_iter().find(|shown| shown.key == "cors.allowed_origins").unwrap();
    assert_eq!(shown.value, "https://shop.example,https://*.shop.example");
    let secret = from_environment(&[("STOREKEEPER__CORS__ALLOWED_ORIGINS", "https://ann:hunter2@shop.example")]);
    let refused = secret.unwrap_err().to_string();
    assert!(refused.contains("user name") && !refused.contains("hunter2"), "{refused}");
}

#[test]
fn a_wrong_value_is_reported_with_its_key_what_is_allowed_and_its_source_r73() {
    let wrong = [
        ("SERVER__BIND", "nowhere", "server.bind must be an address and port"),
        ("SERVER__WORKERS", "0", "server.workers must be a whole number from 1"),
        ("SERVER__WORKERS", "many", "server.workers must be a whole number from 1"),
        ("SERVER__TRUSTED_PROXIES", "proxy.example", "server.trusted_proxies must be IP addresses"),
        ("DATABASE__URL", "postgres://x", "database.url must be sqlite://"),
        ("DATABASE__MAX_CONNECTIONS", "-1", "database.max_connections must be"),
        ("AUTH__JWT_SECRET", "short", "auth.jwt_secret must have at least 32 bytes"),
        ("AUTH__ACCESS_TOKEN_TTL", "15", "auth.access_token_ttl must be a duration such as 15m"),
        ("AUTH__ACCESS_TOKEN_TTL", "0s", "auth.access_token_ttl must be a duration"),
        ("AUTH__BCRYPT_COST", "3", "auth.bcrypt_cost must be a whole number from 4"),
        ("AUTH__SELF_REGISTRATION", "yes", "auth.self_registration must be true or false"),
        ("ADMIN__USERNAME", "a", "admin.username must have 3 to 32"),
        ("ADMIN__PASSWORD", "short", "admin.password must have 12 to 72 bytes"),
        ("SHOP__CURRENCY", "dollars", "shop.currency must be an ISO 4217"),
        ("CORS__ALLOWED_ORIGINS", "shop.example", "cors.allowed_origins must be origins"),
        ("CORS__ALLOWED_ORIGINS", "https://a.example, https://b.example/app", "*; number 2 has a path"),
        ("CORS__ALLOWED_HEADERS", "trace parent", "cors.allowed_headers must be names of headers"),
        ("LOG__FORMAT", "xml", "log.format must be pretty or json"),
        ("SERVER__BINDD", "x", "server.bindd is not a known key; known keys are server.bind"),
        ("NOPE", "x", "nope is not a known key"),
    ];
    for (name, value, expected) in wrong {
        let name = format!("STOREKEEPER__{name}");
        let error = from_environment(&[(&name, value)]).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
        assert!(error.contains(&format!("(environment variable {name})")), "{error}");
    }
}

#[test]
fn all_wrong_settings_are_reported_at_once_r73() {
    let (path, loaded) =
        from_file("[server]\nbind = 5\nspeed = \"high\"\n", &[("STOREKEEPER__SHOP__LEAD_TIME_DAYS", "-1")]);
    let ConfigError(wrong) = loaded.unwrap_err();
    let mut keys: Vec<_> = wrong.iter().map(|wrong| wrong.key.as_str()).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["server.bind", "server.speed", "shop.lead_time_days"]);
    assert_eq!(wrong.iter().filter(|wrong| matches!(&wrong.origin, Origin::Line(at, _) if *at == path)).count(), 2);
}

#[test]
fn a_missing_or_broken_configuration_file_is_named_r73() {
    let missing = load(&sources(Some("/nowhere/shop.toml".into()), &[]), &CHECKS).unwrap_err().to_string();
    assert!(missing.contains("/nowhere/shop.toml"), "{missing}");
    let (path, loaded) = from_file("[auth]\njwt_secret = \"hunter2\n", &[]);
    let broken = loaded.unwrap_err().to_string();
    assert!(broken.contains(path.to_str().unwrap()) && broken.contains("line 2"), "{broken}");
    assert!(!broken.contains("hunter2"), "{broken}");
}

#[test]
fn a_secret_is_never_shown_r73() {
    let secret = "hunter2-hunter2-hunter2-hunter2-hunter2";
    let url = "mysql://shop:hunter2@db.example/shop";
    let loaded = from_environment(&[
        ("STOREKEEPER__AUTH__JWT_SECRET", secret),
        ("STOREKEEPER__ADMIN__PASSWORD", secret),
        ("STOREKEEPER__DATABASE__URL", url),
    ]);
    let effective = loaded.unwrap();
    assert!(!format!("{effective:?}").contains("hunter2"));
    let shown = |key: &str| effective.shown.iter().find(|shown| shown.key == key).unwrap().value.clone();
    assert_eq!(shown("database.url"), "mysql://shop:(hidden)@db.example/shop");
    assert_eq!((shown("auth.jwt_secret"), shown("admin.password")), ("(hidden)".to_owned(), "(hidden)".to_owned()));
    let wrong =
        [("STOREKEEPER__AUTH__JWT_SECRET", "hunter2"), ("STOREKEEPER__DATABASE__URL", "postgres://x:hunter2@y")];
    assert!(!from_environment(&wrong).unwrap_err().to_string().contains("hunter2"));
}

#[test]
fn mysql_requires_a_jwt_secret_r73_r74() {
    let url = ("STOREKEEPER__DATABASE__URL", "mysql://shop:pw@db.example/shop");
    let error = from_environment(&[url]).unwrap_err().to_string();
    assert!(error.contains("auth.jwt_secret is required with MySQL"), "{error}");
    from_environment(&[url, ("STOREKEEPER__AUTH__JWT_SECRET", &"s".repeat(32))]).unwrap();
}

#[test]
fn a_log_level_that_is_none_is_refused() {
    for good in ["info", "WARN", "off", "info,api=debug", "api::cli=trace,warn", "[request]=debug"] {
        from_environment(&[("STOREKEEPER__LOG__LEVEL", good), ("RUST_LOG", good)]).unwrap();
    }
    for bad in ["loud", "inf", "info,loud", "api=loud", "api"] {
        for name in ["STOREKEEPER__LOG__LEVEL", "RUST_LOG"] {
            let error = from_environment(&[(name, bad)]).unwrap_err().to_string();
            assert!(error.contains("must be off, error, warn, info, debug or trace, or filters"), "{bad}: {error}");
            assert!(error.contains(&format!("environment variable {name}")), "{bad}: {error}");
        }
    }
}

#[test]
fn every_error_of_a_file_has_its_line_and_column() {
    for (text, expected) in [
        ("[server]\nbind = 8080\n", ["server.bind must be", "line 2, column 8"]),
        ("[log]\n\n  level = \"loud\"", ["log.level must be off", "line 3, column 11"]),
        ("[server]\nbnid = \"x\"", ["did you mean server.bind?", "line 2, column 8"]),
        (
            "bind = \"x\"",
            ["bind is not a known key; `check-config` lists all keys; did you mean server.bind?", "line 1, column 8"],
        ),
        ("[[server]]\nbind = 1", ["server must be a string", "line 1, column"]),
        ("[server]\nworkers = 2\nworkers = 3", ["is not TOML: duplicate key", "line 3, column"]),
        ("[server\nworkers = 2", ["is not TOML", "line 1, column"]),
        ("# größe\nä = [", ["is not TOML", "line 2, column"]),
        ("[auth]\njwt_secret = hunter2hunter2", ["is not TOML", "line 2, column"]),
    ] {
        let (path, loaded) = from_file(text, &[]);
        let error = loaded.unwrap_err().to_string();
        assert!(expected.iter().all(|part| error.contains(part)), "{text}: {error}");
        assert!(error.contains(path.to_str().unwrap()) && !error.contains("hunter2"), "{text}: {error}");
    }
    let text = "[server]\nworkers = 0x10\n[shop]\nlead_time_days = 1_0\n[auth]\nself_registration = false\n";
    let settings = from_file(text, &[]).1.unwrap().settings;
    assert_eq!((settings.server.workers, settings.shop.lead_time_days), (16, 10));
    assert!(!settings.auth.self_registration);
}

#[test]
fn a_variable_that_is_meant_to_be_a_setting_is_refused_with_the_name_that_is_meant() {
    for (name, meant) in [
        ("STOREKEEPER_SERVER_BIND", "STOREKEEPER__SERVER__BIND"),
        ("STOREKEEPER_SERVER__BIND", "STOREKEEPER__SERVER__BIND"),
        ("STOREKEEPER_JWT_SECRET", "STOREKEEPER__AUTH__JWT_SECRET"),
        ("storekeeper_log_level", "STOREKEEPER__LOG__LEVEL"),
        ("STOREKEEPER__SERVER_BIND", "STOREKEEPER__SERVER__BIND"),
        ("STOREKEEPER__SERVER__BNID", "STOREKEEPER__SERVER__BIND"),
    ] {
        let error = from_environment(&[(name, "x")]).unwrap_err().to_string();
        assert!(error.contains(&format!("did you mean {meant}?")) && error.contains(name), "{error}");
    }
    let harmless = [
        ("STOREKEEPER_SERVICE_HOST", "10.0.0.1"),
        ("STOREKEEPER_SERVICE_PORT_HTTP", "8080"),
        ("STOREKEEPER_PORT", "tcp://10.0.0.1:8080"),
        ("STOREKEEPER_PORT_8080_TCP_ADDR", "10.0.0.1"),
        ("STOREKEEPER_CONFIG", "shop.toml"),
    ];
    assert_eq!(from_environment(&harmless).unwrap().ignored, [""; 0]);
    assert_eq!(from_environment(&[("STOREKEEPER_BUILD", "7")]).unwrap().ignored, ["STOREKEEPER_BUILD"]);
}

#[test]
fn the_printed_configuration_gives_the_same_settings_and_no_secret() {
    let environment = [
        ("STOREKEEPER__DATABASE__URL", "mysql://shop:hunter2@db.example/shop"),
        ("STOREKEEPER__AUTH__JWT_SECRET", "hunter2-hunter2-hunter2-hunter2-hunter2"),
        ("STOREKEEPER__CORS__ALLOWED_ORIGINS", "https://a.example, https://b.example"),
        ("STOREKEEPER__SERVER__TRUSTED_PROXIES", "10.0.0.0/8"),
        ("STOREKEEPER__SHOP__CURRENCY", "EUR"),
        ("STOREKEEPER__ADMIN__USERNAME", "007"),
        ("STOREKEEPER__DATABASE__MAX_CONNECTIONS", "7"),
    ];
    let first = from_environment(&environment).unwrap();
    let printed = print(&first.shown);
    assert!(!printed.contains("hunter2") && printed.contains("mysql://shop:(hidden)@db.example/shop"), "{printed}");
    assert!(printed.contains("allowed_origins = [\"https://a.example\", \"https://b.example\"]"), "{printed}");
    assert!(
        printed.contains("username = \"007\"") && printed.contains("max_connections = 7  # environment"),
        "{printed}"
    );
    let again = from_file(&printed, &environment[1..2]).1.unwrap();
    let values =
        |effective: &Effective| effective.shown.iter().map(|it| (it.key, it.value.clone())).collect::<Vec<_>>();
    let normal = |values: Vec<(&'static str, String)>| {
        values.into_iter().map(|(key, value)| (key, value.replace(", ", ","))).collect::<Vec<_>>()
    };
    assert_eq!(normal(values(&again)), normal(values(&first)));
}

#[test]
fn the_example_file_is_valid_as_it_is_and_with_every_line_in_force() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../config.example.toml");
    let text = std::fs::read_to_string(file).unwrap();
    let defaults = from_environment(&[]).unwrap().shown;
    assert_eq!(text, example(&defaults), "UPDATE_DOCUMENTS=1 cargo test -p api --test meta writes it anew");
    let loaded = from_file(&text, &[]).1.unwrap().shown;
    assert!(loaded.iter().all(|shown| shown.origin == Origin::Default));
    let is_setting = |line: &str| line.split_once(" = ").is_some_and(|(name, _)| !name.contains(' '));
    let uncommented = |line: &str| line.strip_prefix("# ").filter(|rest| is_setting(rest)).unwrap_or(line).to_owned();
    let in_force: Vec<_> = text.lines().map(uncommented).collect();
    let (path, loaded) = from_file(&in_force.join("\n"), &[]);
    let loaded = loaded.unwrap().shown;
    for (default, shown) in defaults.iter().zip(&loaded) {
        let is_set = matches!(&shown.origin, Origin::Line(at, _) if *at == path);
        assert!(is_set || shown.value == "(not set)", "{shown:?}");
        let depends_on_the_machine = matches!(shown.key, "server.workers" | "log.format");
        assert!(depends_on_the_machine || shown.value == default.value, "{shown:?} {default:?}");
    }
}

/// Settings of payments, without their prefix.
fn of_payments(settings: &[(&str, &str)]) -> Result<Effective, ConfigError> {
    let names: Vec<_> = settings.iter().map(|(name, value)| (format!("STOREKEEPER__{name}"), *value)).collect();
    let settings: Vec<_> = names.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    from_environment(&settings)
}

const SECRET_KEY: (&str, &str) = ("PAYMENTS__STRIPE__SECRET_KEY", "sk_test_hunter2");
const PUBLISHABLE_KEY: (&str, &str) = ("PAYMENTS__STRIPE__PUBLISHABLE_KEY", "pk_test_1");

#[test]
fn without_settings_of_payments_nobody_is_asked_to_pay_r80_r187() {
    let payments = from_environment(&[]).unwrap().settings.payments;
    assert_eq!(payments.rules, domain::payments::Settings::default());
    assert!(payments.stripe.is_none() && payments.bank_transfer.is_none() && !payments.cash && !payments.test);
}

#[test]
fn stripe_is_on_with_its_keys_and_none_of_them_is_shown_r95_r187() {
    let secrets = ("PAYMENTS__STRIPE__WEBHOOK_SECRETS", "whsec_hunter2, whsec_hunter3");
    let types = ("PAYMENTS__STRIPE__PAYMENT_METHOD_TYPES", "card, sepa_debit");
    let effective = of_payments(&[SECRET_KEY, PUBLISHABLE_KEY, secrets, types]).unwrap();
    assert!(!format!("{effective:?}").contains("hunter"));
    assert!(!print(&effective.shown).contains("hunter"));
    let stripe = effective.settings.payments.stripe.unwrap();
    assert_eq!((stripe.secret_key.0.as_str(), stripe.webhook_secrets.len()), ("sk_test_hunter2", 2));
    assert_eq!(stripe.payment_method_types, ["card", "sepa_debit"]);
    assert_eq!(stripe.api_base.as_str(), "https://api.stripe.com/");
}

#[test]
fn settings_of_payments_that_do_not_go_together_are_refused_by_their_key_r187() {
    let live = ("PAYMENTS__STRIPE__SECRET_KEY", "sk_live_hunter2");
    let live_publishable = ("PAYMENTS__STRIPE__PUBLISHABLE_KEY", "pk_live_1");
    let wrong: [(&[(&str, &str)], &str); 12] = [
        (
            &[live, live_publishable, ("PAYMENTS__TEST__ENABLED", "true")],
            "payments.test.enabled must be false with a live key",
        ),
        (&[SECRET_KEY], "payments.stripe.publishable_key is required"),
        (&[live, PUBLISHABLE_KEY], "payments.stripe.publishable_key must be of the same mode"),
        (&[("PAYMENTS__STRIPE__SECRET_KEY", "pk_test_hunter2")], "payments.stripe.secret_key must be a secret key"),
        (&[("PAYMENTS__STRIPE__WEBHOOK_SECRETS", "hunter")], "payments.stripe.webhook_secrets must be secrets"),
        (&[SECRET_KEY, PUBLISHABLE_KEY, ("SHOP__CURRENCY", "KWD")], "shop.total_step must be a multiple of 10"),
        (
            &[SECRET_KEY, PUBLISHABLE_KEY, ("SHOP__CURRENCY", "LYD")],
            "shop.currency is LYD, which Stripe does not charge",
        ),
        (&[("PAYMENTS__REQUIRED", "true")], "payments.required must be false as long as no payments.* provider"),
        (&[("PAYMENTS__MANUAL__ENABLED", "true")], "payments.manual.instructions is required"),
        (&[("PAYMENTS__MAX_HOLD", "5m")], "payments.max_hold must not be shorter than payments.hold"),
        (&[("PAYMENTS__CAPTURE", "later")], "payments.capture must be one of: automatic, manual"),
        (&[("SHOP__PUBLIC_URL", "shop.example")], "shop.public_url must be an http:// or https:// URL"),
    ];
    for (settings, expected) in wrong {
        let error = of_payments(settings).unwrap_err().to_string();
        assert!(error.contains(expected) && !error.contains("hunter"), "{settings:?}: {error}");
    }
    let dinar = [SECRET_KEY, PUBLISHABLE_KEY, ("SHOP__CURRENCY", "KWD"), ("SHOP__TOTAL_STEP", "10")];
    of_payments(&dinar).unwrap();
    of_payments(&[("PAYMENTS__REQUIRED", "true"), ("PAYMENTS__TEST__ENABLED", "true")]).unwrap();
}

#[test]
fn plain_http_to_stripe_stays_on_this_machine_r187() {
    let base = |base| of_payments(&[SECRET_KEY, PUBLISHABLE_KEY, ("PAYMENTS__STRIPE__API_BASE", base)]);
    for good in [
        "https://api.stripe.com",
        "https://proxy.example:8443/",
        "http://127.0.0.1:8420",
        "http://[::1]:8420",
        "http://localhost:8420",
    ] {
        base(good).unwrap();
    }
    for bad in [
        "http://api.stripe.com",
        "http://192.168.1.1:8420",
        "http://localhost.example",
        "http://127.0.0.1.example",
        "https://api.stripe.com/v1",
        "https://ann:hunter2@api.stripe.com",
        "ftp://127.0.0.1",
        "api.stripe.com",
    ] {
        let error = base(bad).unwrap_err().to_string();
        assert!(error.contains("payments.stripe.api_base must be an https:// URL"), "{bad}: {error}");
        assert!(!error.contains("hunter2"), "{bad}: {error}");
    }
}

#[test]
fn the_office_has_an_address_of_its_own_only_if_it_is_another_one_r235() {
    let of = |settings: &[(&str, &str)]| {
        let settings: Vec<_> =
            settings.iter().map(|(key, value)| (format!("STOREKEEPER__{key}"), (*value).to_owned())).collect();
        let settings: Vec<_> = settings.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        from_environment(&settings)
    };
    let own = |settings: &[(&str, &str)]| of(settings).unwrap().settings.office.own_address();
    assert_eq!(own(&[]), None);
    let apart = ("OFFICE__BIND", "127.0.0.1:8081");
    assert_eq!(own(&[apart]).map(|address| address.port()), Some(8081));
    assert_eq!(own(&[apart, ("OFFICE__ENABLED", "false")]), None);
    let free = [("OFFICE__BIND", "127.0.0.1:0"), ("SERVER__BIND", "127.0.0.1:0")];
    assert_eq!(own(&free).map(|address| address.port()), Some(0));
    let refused = |address| of(&[("OFFICE__BIND", address)]).unwrap_err().to_string();
    let same = refused("127.0.0.1:8080");
    assert!(same.contains("office.bind must differ from server.bind"), "{same}");
    let unreadable = refused("8081");
    assert!(unreadable.contains("office.bind must be an address and port such as 127.0.0.1:8081"), "{unreadable}");
}
