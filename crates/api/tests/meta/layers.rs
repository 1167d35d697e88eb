//! The top-level modules of `crates/api/src` use one another in one direction.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::sources::rust_files;

/// The modules that each top-level module uses.
type Uses = BTreeMap<String, BTreeSet<String>>;

/// The top-level modules that a text names by `crate::…`, alone or in braces.
fn named(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    collect(text.parse().unwrap(), &mut found);
    found
}

fn collect(tokens: TokenStream, found: &mut BTreeSet<String>) {
    let trees: Vec<_> = tokens.into_iter().collect();
    for (place, tree) in trees.iter().enumerate() {
        match tree {
            TokenTree::Ident(word) if word == "crate" => match trees.get(place + 3) {
                Some(TokenTree::Ident(module)) => {
                    found.insert(module.to_string());
                }
                Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                    found.extend(firsts(group.stream()));
                }
                _ => {}
            },
            TokenTree::Group(group) => collect(group.stream(), found),
            _ => {}
        }
    }
}

/// The first word of each path in braces.
fn firsts(tokens: TokenStream) -> Vec<String> {
    let (mut words, mut is_first) = (Vec::new(), true);
    for tree in tokens {
        match tree {
            TokenTree::Ident(word) if is_first => {
                words.push(word.to_string());
                is_first = false;
            }
            TokenTree::Punct(mark) if mark.as_char() == ',' => is_first = true,
            _ => {}
        }
    }
    words
}

/// What the modules of the API use, without tests.
fn uses() -> Uses {
    let mut uses = Uses::new();
    for source in rust_files("crates/api/src") {
        let place = source.path.strip_prefix("crates/api/src/").unwrap();
        let module = place.split('/').next().unwrap().trim_end_matches(".rs").to_owned();
        if !source.is_test() && !["lib", "main"].contains(&module.as_str()) {
            uses.entry(module).or_default().extend(named(&source.production()));
        }
    }
    for (module, used) in &mut uses {
        used.remove(module);
    }
    uses
}

/// The modules that are part of a cycle, or use nothing but such.
fn in_cycles(mut uses: Uses) -> Vec<String> {
    loop {
        let known: BTreeSet<_> = uses.keys().cloned().collect();
        let before = uses.len();
        uses.retain(|_, used| used.iter().any(|other| known.contains(other)));
        if uses.len() == before {
            return known.into_iter().collect();
        }
    }
}

#[test]
fn no_top_level_module_of_the_api_uses_one_that_uses_it() {
    let uses = uses();
    for (module, used) in [("routes", "extract"), ("routes", "respond"), ("respond", "context"), ("openapi", "routes")]
    {
        assert!(uses[module].contains(used), "{module} does not use {used}");
    }
    assert!(uses.len() > 20, "{uses:?}");
    assert_eq!(in_cycles(uses), [""; 0]);
}

#[test]
fn responses_and_routes_do_not_use_the_documents() {
    let uses = uses();
    for module in ["context", "extract", "middleware", "problem", "respond", "routes"] {
        assert!(!uses[module].contains("openapi"), "{module}");
    }
}

#[test]
fn a_cycle_is_found_wherever_a_module_is_named() {
    let uses = |a: &str, b: &str| Uses::from([("a".to_owned(), named(a)), ("b".to_owned(), named(b))]);
    assert_eq!(in_cycles(uses("use crate::b::X;", "fn f() { crate::a::f() }")), ["a", "b"]);
    assert_eq!(in_cycles(uses("use crate::{b, c::{d, a}};", "use crate::{c, a::X};")), ["a", "b"]);
    assert_eq!(in_cycles(uses("use crate::b;", "// use crate::a;")), [""; 0]);
}
