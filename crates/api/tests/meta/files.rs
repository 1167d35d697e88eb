//! How long a file is.

use super::sources::{Source, all, rust_files};

fn length(source: &Source) -> usize {
    source.production().lines().count()
}

#[test]
fn a_file_fits_a_few_screens() {
    let production = all().into_iter().filter(|source| !source.is_test());
    let mut lengths: Vec<_> = production.map(|source| (length(&source), source.path)).collect();
    let long: Vec<_> = lengths.iter().filter(|(lines, _)| *lines > 350).collect();
    assert!(long.is_empty(), "too long: {long:?}");
    lengths.sort();
    let (median, _) = lengths[lengths.len() / 2];
    assert!(median < 120, "the median file has {median} lines");
}

#[test]
fn the_database_engine_is_small_and_has_eight_concepts_at_most() {
    let engine = rust_files("crates/infrastructure/src/db/engine");
    let lines: usize = engine.iter().filter(|source| !source.is_test()).map(length).sum();
    assert!(lines <= 1600, "the engine has {lines} lines");
    let overview = engine.iter().find(|source| source.path.ends_with("engine/mod.rs")).unwrap();
    let concepts = overview.text.lines().filter(|line| line.starts_with("//! - [`")).count();
    assert!((1..=8).contains(&concepts), "the engine has {concepts} concepts");
}

#[test]
fn no_source_has_a_to_do_mark() {
    let marks =
        ["TO".to_owned() + "DO", "FIX".to_owned() + "ME", "unimpl".to_owned() + "emented!", "to".to_owned() + "do!("];
    let left: Vec<_> =
        all().into_iter().filter(|s| marks.iter().any(|mark| s.text.contains(mark.as_str()))).map(|s| s.path).collect();
    assert_eq!(left, [""; 0]);
}
