//! The settings of `serve --demo`.

use std::collections::BTreeMap;

use super::reader::{Origin, SettingValue, Wrong};

/// The settings that a demo must have. Other values are refused.
const NEEDED: [(&str, &str); 6] = [
    ("auth.require_verified_email", "false"),
    ("auth.self_registration", "true"),
    ("catalog.public", "true"),
    ("payments.required", "true"),
    ("payments.test.enabled", "true"),
    ("rate_limit.enabled", "false"),
];

/// The defaults of a demo. Other values are allowed.
const USUAL: [(&str, &str); 4] = [
    ("admin.username", "demo"),
    ("shop.address.country", "DE"),
    ("shop.currency", "EUR"),
    ("shop.prices_include_tax", "true"),
];

/// Keys that begin like this reach people, money or files outside of the demo.
const OUTSIDE: [&str; 3] = ["mail.", "media.", "payments.stripe."];

/// Adds the settings of the demo, and refuses settings that contradict it. The URL of the database is set later.
pub(super) fn add(given: &mut BTreeMap<String, SettingValue>, wrong: &mut Vec<Wrong>) {
    for (key, value) in NEEDED {
        if let Some(other) = given.insert(key.to_owned(), of_demo(value)).filter(|other| other.value != value) {
            wrong.push(Wrong::new(key, format!("must be {value} with serve --demo, or left out"), other.origin));
        }
    }
    for (key, value) in USUAL {
        given.entry(key.to_owned()).or_insert_with(|| of_demo(value));
    }
    let is_outside = |key: &&String| OUTSIDE.iter().any(|section| key.starts_with(section));
    let is_on_server = given.get("database.url").is_some_and(|url| url.value.starts_with("mysql"));
    let outside =
        given.keys().filter(is_outside).map(|key| (key.clone(), "which reaches nobody, and has its own pictures"));
    let server = is_on_server.then(|| ("database.url".to_owned(), "which has a SQLite database of its own, demo.db"));
    for (key, why) in outside.chain(server).collect::<Vec<_>>() {
        if let Some(SettingValue { origin, .. }) = given.remove(&key) {
            wrong.push(Wrong::new(key, format!("must be left out with serve --demo, {why}"), origin));
        }
    }
}

fn of_demo(value: &str) -> SettingValue {
    SettingValue { value: value.to_owned(), origin: Origin::Demo }
}
