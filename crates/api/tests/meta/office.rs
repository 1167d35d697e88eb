//! The office can do nothing that the API cannot do.

use std::collections::BTreeSet;

use super::sources::rust_files;

/// What stands after `mark` in the sources of a folder, as long as it is a word.
fn words(folder: &str, mark: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for source in rust_files(folder) {
        let text = source.production();
        let dense: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        for rest in dense.split(mark).skip(1) {
            let word: String = rest
                .chars()
                .take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | ':' | '{' | ',' | '}'))
                .collect();
            found.insert(word);
        }
    }
    found
}

/// The commands of the application that the sources of a folder name, by noun.
fn commands(folder: &str) -> BTreeSet<String> {
    let paths = words(folder, "useapplication::");
    let each = paths.iter().filter_map(|path| path.split_once("::")).flat_map(|(noun, names)| {
        let names = names.trim_matches(['{', '}']).split(',').map(str::to_owned).collect::<Vec<_>>();
        names.into_iter().map(move |name| format!("{noun}::{name}"))
    });
    each.collect()
}

/// The ports and their methods, such as `orders.list`, that are asked.
fn queries(folder: &str) -> BTreeSet<String> {
    words(folder, "queries.").into_iter().filter(|word| word.matches('.').count() == 1).collect()
}

/// What only the office has: its sessions.
const OWN: [&str; 3] = ["sessions::", "accounts::LoginAttempt", "accounts::Login"];

#[test]
fn pages_run_only_commands_that_the_api_runs_r235() {
    let (api, office) = (commands("crates/api/src"), commands("crates/office/src"));
    let more: Vec<_> = office.difference(&api).filter(|name| !OWN.iter().any(|own| name.starts_with(own))).collect();
    assert!(office.len() > 10, "{office:?}");
    assert!(more.is_empty(), "{more:?}");
}

#[test]
fn pages_ask_only_ports_that_the_api_asks_r235() {
    let (api, office) = (queries("crates/api/src"), queries("crates/office/src"));
    let more: Vec<_> =
        office.difference(&api).filter(|name| !name.starts_with("sessions.") && *name != "task_runs.last").collect();
    assert!(office.len() > 10, "{office:?}");
    assert!(more.is_empty(), "{more:?}");
}

#[test]
fn only_icons_are_html_that_is_not_escaped_r237() {
    let raw: Vec<_> = rust_files("crates/office/src")
        .into_iter()
        .filter(|source| source.production().contains("PreEscaped"))
        .map(|source| source.path)
        .collect();
    assert_eq!(raw, ["crates/office/src/parts/icon.rs"]);
}
