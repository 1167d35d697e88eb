//! Who may commit, and what never happens.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::sources::{all, rust_files};

#[test]
fn only_the_runner_begins_commits_and_rolls_back() {
    let ends = [".begin(", ".commit(", ".rollback("];
    let elsewhere: Vec<_> = ["crates/application/src", "crates/api/src", "crates/office/src"]
        .into_iter()
        .flat_map(rust_files)
        .filter(|source| !source.is_test() && source.path != "crates/application/src/runner.rs")
        .filter(|source| {
            // A calendar begins days.
            let text = source.production().replace("calendar.begin(", "");
            ends.iter().any(|end| text.contains(end))
        })
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

/// The words in the fields of each struct and enum, by its name.
fn fields(tokens: TokenStream, found: &mut BTreeMap<String, BTreeSet<String>>) {
    let trees: Vec<_> = tokens.into_iter().collect();
    for (at, tree) in trees.iter().enumerate() {
        let is_type = matches!(tree, TokenTree::Ident(word) if word == "struct" || word == "enum");
        match (is_type, trees.get(at + 1)) {
            (true, Some(TokenTree::Ident(name))) => {
                let is_end = |tree: &&TokenTree| matches!(tree, TokenTree::Punct(mark) if mark.as_char() == ';');
                let mut rest = trees[at + 2..].iter().take_while(|tree| !is_end(tree));
                let body = rest.find_map(|tree| match tree {
                    TokenTree::Group(group) if group.delimiter() != Delimiter::Bracket => Some(group.stream()),
                    _ => None,
                });
                let words = found.entry(name.to_string()).or_default();
                if let Some(body) = body {
                    words_of(body, words);
                }
            }
            _ => {
                if let TokenTree::Group(group) = tree {
                    fields(group.stream(), found);
                }
            }
        }
    }
}

fn words_of(tokens: TokenStream, words: &mut BTreeSet<String>) {
    for tree in tokens {
        match tree {
            TokenTree::Ident(word) => {
                words.insert(word.to_string());
            }
            TokenTree::Group(group) => words_of(group.stream(), words),
            _ => {}
        }
    }
}

/// The types that have a port, or a type that has one.
fn with_ports(fields: &BTreeMap<String, BTreeSet<String>>) -> BTreeSet<&str> {
    let mut found = BTreeSet::from(["dyn"]);
    loop {
        let has_one = |words: &BTreeSet<String>| words.iter().any(|word| found.contains(word.as_str()));
        let more: Vec<_> = fields.iter().filter(|(_, words)| has_one(words)).map(|(name, _)| name.as_str()).collect();
        let before = found.len();
        found.extend(more);
        if found.len() == before {
            return found;
        }
    }
}

#[test]
fn a_port_is_found_in_whatever_a_type_has() {
    let text = "struct Hasher(Arc<dyn Hash>); struct Login { hasher: Vec<Hasher> } mod x { enum Kind { A(i64) } }
        struct Nothing; struct Of<T>(T) where T: Sized;";
    let mut found = BTreeMap::new();
    fields(text.parse().unwrap(), &mut found);
    assert_eq!(found.keys().collect::<Vec<_>>(), ["Hasher", "Kind", "Login", "Nothing", "Of"]);
    assert_eq!(with_ports(&found).into_iter().collect::<Vec<_>>(), ["Hasher", "Login", "dyn"]);
}

/// A command gets its transaction and its context. What hashes, signs or calls other servers is slow, and no command has
/// it: neither a port, nor a service of the application that has one.
#[test]
fn commands_hold_no_port_and_no_service() {
    let sources: Vec<_> = rust_files("crates/application/src").into_iter().filter(|source| !source.is_test()).collect();
    let (mut types, mut commands) = (BTreeMap::new(), BTreeSet::new());
    for source in sources {
        let text = source.production();
        fields(text.parse().unwrap(), &mut types);
        let names = text.split("Command for ").skip(1).filter_map(|rest| rest.split([' ', '<', '\n']).next());
        commands.extend(names.map(ToOwned::to_owned));
    }
    let with_ports = with_ports(&types);
    let slow: Vec<_> = commands.iter().filter(|name| with_ports.contains(name.as_str())).collect();
    assert!(commands.len() > 100 && with_ports.contains("Runner"), "the scan finds what there is");
    assert_eq!(slow, [""; 0]);
}
