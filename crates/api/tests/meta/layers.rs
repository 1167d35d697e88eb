//! The top-level modules of a crate use one another in one direction.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::sources::{Source, rust_files};

/// The modules that each top-level module uses.
type Uses = BTreeMap<String, BTreeSet<String>>;

/// The crates whose modules are looked at.
const CRATES: [&str; 4] = ["api", "application", "domain", "office"];

/// The uses that are left of circles: in a crate, a module uses another one that uses it, and why. None may be added, and
/// one that is gone has to go from here.
const LEFT: [(&str, &str, &str, &str); 3] = [
    ("office", "notes", "orders", "a note of an order leads back to the list of orders, with its filter"),
    ("office", "payments", "orders", "a payment of an order leads back to the list of orders, with its filter"),
    ("office", "refunds", "orders", "a refund of an order leads back to the list of orders, with its filter"),
];

/// What a text names by `crate::…`, alone or in braces: the first word of each path.
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

/// The last word of each path of a `use`, or its other name; `*` for everything.
fn lasts(tokens: impl IntoIterator<Item = TokenTree>) -> Vec<String> {
    let (mut words, mut last) = (Vec::new(), None);
    for tree in tokens {
        match tree {
            TokenTree::Ident(word) if word != "as" => last = Some(word.to_string()),
            TokenTree::Group(group) => {
                last = None;
                words.extend(lasts(group.stream()));
            }
            TokenTree::Punct(mark) if mark.as_char() == '*' => last = Some("*".to_owned()),
            TokenTree::Punct(mark) if mark.as_char() == ',' => words.extend(last.take()),
            _ => {}
        }
    }
    words.into_iter().chain(last).collect()
}

/// What the root of a crate gives out of its modules by `pub use module::…`: each name with its module.
fn given_out(root: &str) -> Vec<(String, String)> {
    let trees: Vec<_> = root.parse::<TokenStream>().unwrap().into_iter().collect();
    let is = |place: usize, word: &str| matches!(trees.get(place), Some(TokenTree::Ident(one)) if one == word);
    let mut found = Vec::new();
    for place in (0..trees.len()).filter(|place| is(*place, "pub") && is(*place + 1, "use")) {
        let path: Vec<_> = trees[place + 2..].iter().take_while(|tree| tree.to_string() != ";").cloned().collect();
        let module = path[0].to_string();
        found.extend(lasts(path).into_iter().map(|name| (name, module.clone())));
    }
    found
}

/// The words between `pub` and the name of an item, of which the last says what it is.
const KINDS: [&str; 8] = ["const", "enum", "fn", "static", "struct", "trait", "type", "union"];

/// The public items of a text, wherever they stand, also in a macro that writes them. Each port has a mock.
fn declared(tokens: TokenStream) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let (mut is_public, mut kind) = (false, String::new());
    for tree in tokens {
        match tree {
            TokenTree::Ident(word) => {
                let word = word.to_string();
                if is_public && KINDS.contains(&&*kind) && !KINDS.contains(&&*word) {
                    found.extend([format!("Mock{word}"), word.clone()]);
                    is_public = false;
                }
                is_public |= word == "pub";
                kind = word;
            }
            TokenTree::Group(group) => {
                found.extend(declared(group.stream()));
                is_public = false;
            }
            _ => is_public = false,
        }
    }
    found
}

/// The top-level module that a file of the crate is part of; `None` for the root.
fn module_of<'a>(source: &'a Source, folder: &str) -> Option<&'a str> {
    let place = source.path.strip_prefix(folder)?.strip_prefix('/')?;
    let module = place.split('/').next()?.trim_end_matches(".rs");
    (!["lib", "main"].contains(&module)).then_some(module)
}

/// What the modules of each crate use.
static USES: LazyLock<BTreeMap<&str, Uses>> = LazyLock::new(|| CRATES.map(|package| (package, read(package))).into());

/// What the modules of a crate use.
fn uses(package: &str) -> Uses {
    USES[package].clone()
}

/// What the modules of a crate use, without tests. A name that the root gives out of a module is a use of that module.
fn read(package: &str) -> Uses {
    let folder = format!("crates/{package}/src");
    let sources: Vec<_> = rust_files(&folder).into_iter().filter(|source| !source.is_test()).collect();
    let items_of = |module: &str| -> BTreeSet<String> {
        let own = sources.iter().filter(|source| module_of(source, &folder) == Some(module));
        own.flat_map(|source| declared(source.production().parse().unwrap())).collect()
    };
    let root = sources.iter().find(|source| source.path.ends_with("src/lib.rs")).unwrap();
    let mut module_with = BTreeMap::new();
    for (name, module) in given_out(&root.production()) {
        let names = if name == "*" { items_of(&module) } else { BTreeSet::from([name]) };
        module_with.extend(names.into_iter().map(|name| (name, module.clone())));
    }
    let mut uses = Uses::new();
    for source in &sources {
        if let Some(module) = module_of(source, &folder) {
            uses.entry(module.to_owned()).or_default().extend(named(&source.production()));
        }
    }
    let modules: BTreeSet<_> = uses.keys().cloned().collect();
    for (module, used) in &mut uses {
        let given = |name: String| if modules.contains(&name) { Some(name) } else { module_with.get(&name).cloned() };
        *used = std::mem::take(used).into_iter().filter_map(given).filter(|used| used != module).collect();
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

/// Whether a module uses another one, itself or by those that it uses.
fn reaches(uses: &Uses, from: &str, to: &str) -> bool {
    let (mut seen, mut next) = (BTreeSet::new(), vec![from]);
    while let Some(module) = next.pop() {
        if module == to {
            return true;
        }
        if seen.insert(module) {
            next.extend(uses.get(module).into_iter().flatten().map(String::as_str));
        }
    }
    false
}

#[test]
fn no_top_level_module_uses_one_that_uses_it() {
    for (package, module, used) in [
        ("api", "routes", "extract"),
        ("api", "routes", "respond"),
        ("api", "respond", "context"),
        ("api", "openapi", "routes"),
        ("application", "orders", "tx"),
        ("application", "housekeeping", "task_runs"),
        ("domain", "payments", "orders"),
        ("domain", "orders", "pricing"),
        ("domain", "products", "search"),
        ("office", "table", "serve"),
        ("office", "request", "page"),
    ] {
        assert!(uses(package)[module].contains(used), "{package}: {module} does not use {used}");
    }
    for package in CRATES {
        let mut uses = uses(package);
        assert!(uses.len() > 20, "{package}: {uses:?}");
        for (_, module, used, _) in LEFT.iter().filter(|(of, ..)| *of == package) {
            uses.entry((*module).to_owned()).or_default().remove(*used);
        }
        assert_eq!(in_cycles(uses), [""; 0], "{package}");
    }
}

#[test]
fn what_is_left_of_circles_is_still_there() {
    for (package, module, used, why) in LEFT {
        let uses = uses(package);
        let is_left = uses[module].contains(used) && reaches(&uses, used, module);
        assert!(is_left, "{package}: {module} and {used} are no circle any more, so take this off the list: {why}");
    }
}

#[test]
fn responses_and_routes_do_not_use_the_documents() {
    let uses = uses("api");
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
    let both = uses("use crate::b;", "use crate::a;");
    assert!(reaches(&both, "a", "b") && reaches(&both, "b", "a") && !reaches(&both, "a", "c"));
}

#[test]
fn what_the_root_gives_out_belongs_to_its_module() {
    let root = "mod a; pub use a::X; pub use b::{Y as Z, c::{D, E}}; use f::G; pub use h::*; pub(crate) use i::J;";
    let given: Vec<_> = given_out(root).into_iter().map(|(name, module)| format!("{module} {name}")).collect();
    assert_eq!(given, ["a X", "b Z", "b D", "b E", "h *"]);
    let items =
        "pub struct A { pub b: u8 } pub const fn c() {} pub(crate) fn d() {} m! { pub trait E {} } pub use x::F;";
    let items = declared(items.parse().unwrap());
    let items: Vec<_> = items.iter().filter(|name| !name.starts_with("Mock")).map(String::as_str).collect();
    assert_eq!(items, ["A", "E", "c"]);
}
