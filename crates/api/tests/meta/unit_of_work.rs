//! Who may commit, and what never happens.

use super::sources::{all, rust_files};

#[test]
fn only_the_runner_begins_commits_and_rolls_back() {
    let ends = [".begin(", ".commit(", ".rollback("];
    let elsewhere: Vec<_> = ["crates/application/src", "crates/api/src"]
        .into_iter()
        .flat_map(rust_files)
        .filter(|source| !source.is_test() && source.path != "crates/application/src/runner.rs")
        .filter(|source| ends.iter().any(|end| source.production().contains(end)))
        .map(|source| source.path)
        .collect();
    assert_eq!(elsewhere, [""; 0]);
}

#[test]
fn the_schema_uses_nothing_that_a_cluster_does_not_support() {
    let unwanted = [
        "AUTO_INCREMENT",
        "AUTOINCREMENT",
        "CREATE TRIGGER",
        "CREATE PROCEDURE",
        "ON DELETE CASCADE",
        "GET_LOCK(",
        "LOCK TABLES",
    ];
    let found: Vec<_> = all()
        .into_iter()
        .filter(|source| !source.is_test() && !source.path.starts_with("crates/testkit/"))
        .flat_map(|source| {
            // SeaORM's `auto_increment = false` is how an entity says that it has none.
            let text = source.production().to_uppercase().replace("AUTO_INCREMENT = FALSE", "");
            let here = unwanted.into_iter().filter(|word| text.contains(word)).collect::<Vec<_>>();
            here.into_iter().map(move |word| format!("{}: {word}", source.path))
        })
        .collect();
    assert_eq!(found, [""; 0]);
}

#[test]
fn commands_call_nothing_slow() {
    // Commands get a transaction; those who hash or sign get none.
    let within: Vec<_> = rust_files("crates/application/src")
        .into_iter()
        .filter(|source| !source.is_test())
        .filter(|source| {
            let text = source.production();
            text.split("impl Command for")
                .skip(1)
                .any(|command| command.contains("hasher.") || command.contains("signer."))
        })
        .map(|source| source.path)
        .collect();
    assert_eq!(within, [""; 0]);
}
