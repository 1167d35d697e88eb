//! Which words the sources do not use.

use super::sources::{Source, rust_files};

/// The words of a text in lower case, each with its line: `StatusCode`, `status_code` and `status code` are two words.
fn words(text: &str) -> Vec<(usize, String)> {
    let mut words = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let mut word = String::new();
        let mut before = ' ';
        for c in line.chars().chain([' ']) {
            let is_next = !c.is_alphanumeric() || (c.is_uppercase() && before.is_lowercase());
            if is_next && !word.is_empty() {
                words.push((number, std::mem::take(&mut word).to_lowercase()));
            }
            if c.is_alphanumeric() {
                word.push(c);
            }
            before = c;
        }
    }
    words
}

/// Where a file uses one of these words, or two of them one after the other.
fn uses(source: &Source, unwanted: &[&str], except: &[&str]) -> Vec<String> {
    let words = words(&source.text);
    let at = |at: usize| words.get(at).map(|(_, word)| word.as_str()).unwrap_or_default();
    let mut found = Vec::new();
    for (index, (line, word)) in words.iter().enumerate() {
        let pair = format!("{word} {}", at(index + 1));
        let around = format!("{} {word}", index.checked_sub(1).map(at).unwrap_or_default());
        if (unwanted.contains(&word.as_str()) || unwanted.contains(&pair.as_str()))
            && !except.contains(&around.as_str())
        {
            found.push(format!("{}:{line}: {word}", source.path));
        }
    }
    found
}

/// Expects that none of these files uses one of these words.
fn expect_none(sources: impl Iterator<Item = Source>, unwanted: &[&str], except: &[&str]) {
    let found: Vec<_> = sources.flat_map(|source| uses(&source, unwanted, except)).collect();
    assert!(found.is_empty(), "{} places:\n{}", found.len(), found.join("\n"));
}

#[test]
fn a_word_is_found_in_names_and_comments() {
    let text = "// A trip, put\n// off.\nfn in_lane(x: RoundTrip) -> OneLane {}\nlet tripod = planet;";
    let source = Source { path: "x.rs".to_owned(), text: text.to_owned() };
    let found = uses(&source, &["trip", "lane", "put off"], &["round trip"]);
    assert_eq!(found, ["x.rs:1: trip", "x.rs:1: put", "x.rs:3: lane", "x.rs:3: lane"]);
}

#[test]
fn the_application_names_no_http_no_json_and_no_runtime_handle() {
    let foreign = [
        "http",
        "json",
        "etag",
        "location",
        "handle",
        "status code",
        "status u16",
        "header",
        "url",
        "post",
        "api v1",
        "cookie",
        "cookies",
    ];
    let sources = rust_files("crates/application/src").into_iter().filter(|source| !source.is_test());
    // Where a customer's browser returns to is what a provider of payments has to know.
    expect_none(sources, &foreign, &["return url"]);
}

#[test]
fn the_application_measures_time_with_a_clock_that_tests_can_stop() {
    let sources = rust_files("crates/application/src").into_iter();
    let real = sources.filter(|source| {
        let text = source.production();
        let mut uses = text.lines().filter(|line| line.contains("std::time"));
        uses.any(|line| line.contains("Instant"))
    });
    assert_eq!(real.map(|source| source.path).collect::<Vec<_>>(), [""; 0]);
}

/// Words that mean something only to who knows this house. The field has words of its own: `docs/glossary.md`.
#[test]
fn no_source_uses_house_slang() {
    let slang = [
        "bet",
        "bets",
        "betting",
        "plenty",
        "lane",
        "lanes",
        "trip",
        "trips",
        "told",
        "put off",
        "puts off",
        "aside",
        "patient",
        "patiently",
        "turnstile",
    ];
    let folders = [
        "crates/domain/src",
        "crates/application/src",
        "crates/infrastructure/src",
        "crates/api/src",
        "crates/office/src",
        "crates/testkit/src",
        "migrations/src",
        "bench/src",
    ];
    expect_none(folders.into_iter().flat_map(rust_files), &slang, &["round trip", "round trips"]);
}
