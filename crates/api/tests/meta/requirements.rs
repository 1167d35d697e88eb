//! Every row of `docs/requirements.md` has a test that names it.

use std::collections::BTreeSet;

use super::sources::{all, top};

/// The rows: `| R1 | … |`.
fn rows() -> BTreeSet<u32> {
    let text = std::fs::read_to_string(top().join("docs/requirements.md")).unwrap();
    let ids = text.lines().filter_map(|line| line.strip_prefix("| R")?.split(' ').next()?.parse().ok());
    ids.collect()
}

/// The rows that the name of a test says it proves: `…_r60_r61`.
fn proven(name: &str) -> impl Iterator<Item = u32> {
    name.split('_').filter_map(|word| word.strip_prefix('r')?.parse().ok())
}

#[test]
fn every_requirement_has_a_test_that_names_it() {
    let names: Vec<_> = all()
        .iter()
        .flat_map(|source| source.text.split(|c: char| !c.is_alphanumeric() && c != '_'))
        .flat_map(proven)
        .collect();
    let unproven: Vec<_> = rows().into_iter().filter(|row| !names.contains(row)).collect();
    assert!(rows().len() > 20 && unproven.is_empty(), "no test names R{unproven:?}");
}
