//! Who may know whom.

use super::sources::{rust_files, top};

/// The dependencies that a crate names, without those of its tests.
fn dependencies(manifest: &str) -> Vec<String> {
    let text = std::fs::read_to_string(top().join(manifest)).unwrap();
    let section = text.split("\n[").find(|section| section.starts_with("dependencies]")).unwrap();
    let names = section.lines().skip(1).filter_map(|line| line.split(['.', ' ', '=']).next());
    names.filter(|name| !name.is_empty() && !name.starts_with(['#', '['])).map(str::to_owned).collect()
}

/// Whether `manifest` depends on one of `names`, or on something whose name begins with one of them and a dash.
fn knows(manifest: &str, names: &[&str]) -> Vec<String> {
    let known = |name: &String| names.iter().any(|other| name == other || name.starts_with(&format!("{other}-")));
    dependencies(manifest).into_iter().filter(known).collect()
}

#[test]
fn the_domain_knows_no_technology_and_no_other_crate() {
    let technology = [
        "application",
        "infrastructure",
        "api",
        "migrations",
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
    assert_eq!(knows("crates/domain/Cargo.toml", &technology), [""; 0]);
}

#[test]
fn the_application_knows_the_domain_and_no_database_and_no_http() {
    let foreign = ["infrastructure", "api", "migrations", "serde", "sea-orm", "sqlx", "actix", "paperclip", "config"];
    assert_eq!(knows("crates/application/Cargo.toml", &foreign), [""; 0]);
}

#[test]
fn the_infrastructure_knows_no_http() {
    assert_eq!(knows("crates/infrastructure/Cargo.toml", &["api", "actix", "paperclip", "clap", "config"]), [""; 0]);
}

#[test]
fn the_api_knows_no_sql() {
    assert_eq!(knows("crates/api/Cargo.toml", &["sea-orm", "sqlx", "migrations"]), [""; 0]);
}

#[test]
fn the_migrations_know_nothing_but_their_tool() {
    assert_eq!(dependencies("migrations/Cargo.toml"), ["sea-orm-migration"]);
}

#[test]
fn only_the_wiring_and_the_command_line_name_the_infrastructure() {
    let named: Vec<_> = rust_files("crates/api/src")
        .into_iter()
        .filter(|source| source.production().contains("infrastructure::"))
        .map(|source| source.path)
        .filter(|path| path != "crates/api/src/wiring.rs" && !path.starts_with("crates/api/src/cli/"))
        .collect();
    assert_eq!(named, [""; 0]);
}
