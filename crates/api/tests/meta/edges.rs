//! Who may know whom.

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

/// The dependencies that a crate names, without those of its tests.
fn dependencies(package: &str) -> Vec<&'static str> {
    let mut packages = METADATA["packages"].as_array().unwrap().iter();
    let package = packages.find(|one| one["name"] == package).unwrap();
    let named = package["dependencies"].as_array().unwrap().iter();
    named.filter(|one| one["kind"] != "dev").map(|one| one["name"].as_str().unwrap()).collect()
}

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
fn the_domain_depends_on_no_technology_and_no_other_crate() {
    let technology = [
        "application",
        "infrastructure",
        "api",
        "migrations",
        "testkit",
        "tokio",
        "serde",
        "sea-orm",
        "sqlx",
        "actix",
        "paperclip",
        "config",
        "rand",
        "tracing",
    ];
    assert_eq!(among(&dependencies("domain"), &technology), [""; 0]);
}

#[test]
fn the_infrastructure_does_not_serve_http() {
    assert_eq!(among(&dependencies("infrastructure"), &["api", "actix", "paperclip", "clap", "config"]), [""; 0]);
}

#[test]
fn pictures_know_the_domain_alone() {
    let others = ["application", "infrastructure", "api", "office", "migrations", "sea-orm", "actix"];
    assert_eq!(among(&dependencies("pictures"), &others), [""; 0]);
}

#[test]
fn the_office_knows_the_application_and_neither_the_api_nor_the_database_nor_json_r235() {
    let others = ["api", "infrastructure", "migrations", "sea-orm", "sqlx", "serde", "paperclip", "config", "tokio"];
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
    assert_eq!(among(&dependencies("api"), &["sea-orm", "sqlx", "migrations"]), [""; 0]);
}

#[test]
fn the_migrations_depend_only_on_their_tool_and_on_unicode() {
    // A migration compares email addresses as the version did that it belongs to, not as the domain does now.
    assert_eq!(dependencies("migrations"), ["icu_normalizer", "idna", "sea-orm-migration"]);
}

#[test]
fn only_tests_depend_on_the_testkit() {
    for package in ["domain", "application", "infrastructure", "api", "migrations", "bench"] {
        assert_eq!(among(&dependencies(package), &["testkit"]), [""; 0], "{package}");
    }
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
fn the_application_depends_on_the_domain_and_on_no_database_or_http() {
    let foreign = [
        "infrastructure",
        "api",
        "migrations",
        "testkit",
        "actix",
        "paperclip",
        "http",
        "hyper",
        "reqwest",
        "sea",
        "sqlx",
        "rusqlite",
        "serde",
        "serde_json",
        "config",
    ];
    assert_eq!(among(&dependencies("application"), &foreign), [""; 0]);
    // Something that it is built with may read and write data, but nothing here speaks HTTP or SQL.
    let foreign: Vec<_> = foreign.into_iter().filter(|name| *name != "serde").collect();
    assert_eq!(among(&all_dependencies("application"), &foreign), [""; 0]);
}
