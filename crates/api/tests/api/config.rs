//! The configuration, as the program loads it.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use api::config::{ConfigError, Effective, LogFormat, Origin, Sources, load};
use api::wiring::check_database_url;

fn sources(file: Option<PathBuf>, environment: &[(&str, &str)]) -> Sources {
    let environment: HashMap<_, _> =
        environment.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    Sources { file, environment, ..Sources::default() }
}

fn from_environment(environment: &[(&str, &str)]) -> Result<Effective, ConfigError> {
    load(&sources(None, environment), check_database_url)
}

fn from_file(text: &str, environment: &[(&str, &str)]) -> (PathBuf, Result<Effective, ConfigError>) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("shop.toml");
    std::fs::write(&path, text).unwrap();
    let loaded = load(&sources(Some(path.clone()), environment), check_database_url);
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
    let Effective { settings, shown } = loaded.unwrap();
    assert_eq!((settings.server.bind.port(), settings.server.workers), (2, 3));
    assert_eq!(settings.log.format, LogFormat::Json);
    let origins: Vec<_> = settings.cors.allowed_origins.iter().map(ToString::to_string).collect();
    assert_eq!(origins, ["https://a.example", "https://b.example"]);
    let origin = |key: &str| shown.iter().find(|shown| shown.key == key).unwrap().origin.clone();
    assert_eq!(origin("server.bind"), Origin::Environment("STOREKEEPER__SERVER__BIND".to_owned()));
    assert_eq!(origin("server.workers"), Origin::File(path));
    assert_eq!(origin("shop.currency"), Origin::Default);
}

#[test]
fn an_allowed_origin_is_shown_as_browsers_send_it_f12() {
    let written = "HTTPS://Shop.Example:443/, https://shop.example, https://*.shop.example";
    let Effective { settings, shown } = from_environment(&[("STOREKEEPER__CORS__ALLOWED_ORIGINS", written)]).unwrap();
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
    assert_eq!(wrong.iter().filter(|wrong| wrong.origin == Origin::File(path.clone())).count(), 2);
}

#[test]
fn a_missing_or_broken_configuration_file_is_named_r73() {
    let missing = load(&sources(Some("/nowhere/shop.toml".into()), &[]), check_database_url).unwrap_err().to_string();
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
