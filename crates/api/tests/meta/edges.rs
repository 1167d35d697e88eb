//! Who may know whom.

use std::collections::BTreeSet;
use std::process::Command;
use std::sync::LazyLock;

use serde_json::Value;

use super::sources::{Source, rust_files, top};

/// What `cargo` answers.
fn cargo(arguments: &[&str]) -> String {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo).args(arguments).args(["--locked", "--offline"]).current_dir(top()).output();
    let output = output.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

static METADATA: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(&cargo(&["metadata", "--format-version", "1", "--no-deps"])).unwrap());

fn text(value: &'static Value) -> &'static str {
    value.as_str().unwrap()
}

/// The dependencies that a crate names, without those of its tests.
fn dependencies(package: &str) -> Vec<&'static str> {
    let mut packages = METADATA["packages"].as_array().unwrap().iter();
    let package = packages.find(|one| one["name"] == package).unwrap();
    let named = package["dependencies"].as_array().unwrap().iter();
    named.filter(|one| one["kind"] != "dev").map(|one| text(&one["name"])).collect()
}

/// The crates of the workspace that each one names, without those of its tests. There are no others.
const EDGES: [(&str, &[&str]); 9] = [
    ("api", &["application", "domain", "infrastructure", "office", "pictures"]),
    ("application", &["domain"]),
    ("bench", &[]),
    ("domain", &[]),
    ("infrastructure", &["application", "domain", "migrations"]),
    ("migrations", &[]),
    ("office", &["application", "domain"]),
    ("pictures", &["domain"]),
    ("testkit", &[]),
];

/// Everything that a crate is built with, to the end.
fn all_dependencies(package: &str) -> Vec<String> {
    let tree = cargo(&["tree", "--package", package, "--edges", "normal", "--prefix", "none", "--format", "{p}"]);
    tree.lines().skip(1).filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

/// Those of `dependencies` that are one of `names`, or begin with one of them and a dash.
fn among<S: AsRef<str>>(dependencies: &[S], names: &[&str]) -> Vec<String> {
    let known = |name: &str| names.iter().any(|other| name == *other || name.starts_with(&format!("{other}-")));
    dependencies.iter().map(AsRef::as_ref).filter(|name| known(name)).map(str::to_owned).collect()
}

#[test]
fn each_crate_depends_on_these_others_and_no_more() {
    let crates: BTreeSet<_> = METADATA["packages"].as_array().unwrap().iter().map(|one| text(&one["name"])).collect();
    let among_them = |package| dependencies(package).into_iter().filter(|name| crates.contains(name)).collect();
    let found: Vec<(_, BTreeSet<_>)> = crates.iter().map(|package| (*package, among_them(package))).collect();
    assert_eq!(found, EDGES.map(|(package, others)| (package, others.iter().copied().collect())));
}

#[test]
fn the_diagram_of_the_architecture_has_an_arrow_for_each_edge() {
    let document = std::fs::read_to_string(top().join("ARCHITECTURE.md")).unwrap();
    let (_, rest) = document.split_once("flowchart LR\n").unwrap();
    let (diagram, _) = rest.split_once("```").unwrap();
    let mut arrows = BTreeSet::new();
    for line in diagram.lines() {
        let crates: Vec<_> = line.split("-->").map(str::trim).collect();
        for arrow in crates.windows(2) {
            assert!(arrows.insert((arrow[0], arrow[1])), "{arrow:?} stands there twice");
        }
    }
    let edges = EDGES.iter().flat_map(|(package, others)| others.iter().map(move |other| (*package, *other)));
    assert_eq!(arrows, edges.collect());
}

#[test]
fn the_domain_depends_on_no_technology() {
    let technology = ["tokio", "serde", "sea-orm", "sqlx", "actix", "paperclip", "config", "rand", "tracing"];
    assert_eq!(among(&dependencies("domain"), &technology), [""; 0]);
}

#[test]
fn the_infrastructure_does_not_serve_http() {
    assert_eq!(among(&dependencies("infrastructure"), &["actix", "paperclip", "clap", "config"]), [""; 0]);
}

#[test]
fn pictures_know_neither_the_database_nor_http() {
    assert_eq!(among(&dependencies("pictures"), &["sea-orm", "sqlx", "actix"]), [""; 0]);
}

#[test]
fn the_office_knows_neither_the_database_nor_json_r235() {
    let others = ["sea-orm", "sqlx", "serde", "paperclip", "config", "tokio"];
    assert_eq!(among(&dependencies("office"), &others), [""; 0]);
}

#[test]
fn only_the_outbound_adapters_name_a_client_of_other_servers() {
    let outbound = "crates/infrastructure/src/outbound/";
    let is_client = |source: &Source| ["reqwest", "lettre"].iter().any(|client| source.production().contains(client));
    let (inside, outside): (Vec<_>, Vec<_>) = ["domain", "application", "infrastructure", "api", "office"]
        .into_iter()
        .flat_map(|package| rust_files(&format!("crates/{package}/src")))
        .filter(is_client)
        .map(|source| source.path)
        .partition(|path| path.starts_with(outbound));
    assert_eq!(outside, [""; 0]);
    assert!(!inside.is_empty(), "{outbound} calls nobody");
}

#[test]
fn one_implementation_of_cryptography_is_built_in() {
    assert_eq!(
        among(&all_dependencies("api"), &["ring", "openssl", "native-tls", "rustls-openssl"]),
        ["openssl-probe"]
    );
}

#[test]
fn the_api_does_not_depend_on_sql() {
    assert_eq!(among(&dependencies("api"), &["sea-orm", "sqlx"]), [""; 0]);
}

#[test]
fn the_migrations_depend_only_on_their_tool_and_on_unicode() {
    // A migration compares email addresses as the version did that it belongs to, not as the domain does now.
    assert_eq!(dependencies("migrations"), ["icu_normalizer", "idna", "sea-orm-migration"]);
}

#[test]
fn only_the_wiring_and_the_command_line_name_the_infrastructure() {
    let named: Vec<_> = rust_files("crates/api/src")
        .into_iter()
        .filter(|source| source.production().contains("infrastructure::"))
        .map(|source| source.path)
        .filter(|path| !path.starts_with("crates/api/src/wiring") && !path.starts_with("crates/api/src/cli/"))
        .collect();
    assert_eq!(named, [""; 0]);
}

#[test]
fn the_application_depends_on_no_database_and_no_http() {
    let foreign =
        ["actix", "paperclip", "http", "hyper", "reqwest", "sea", "sqlx", "rusqlite", "serde", "serde_json", "config"];
    assert_eq!(among(&dependencies("application"), &foreign), [""; 0]);
    // Something that it is built with may read and write data, but nothing here speaks HTTP or SQL.
    let foreign: Vec<_> = foreign.into_iter().filter(|name| *name != "serde").collect();
    assert_eq!(among(&all_dependencies("application"), &foreign), [""; 0]);
}
