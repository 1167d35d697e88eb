//! Every row of `docs/requirements.md` has a test that names it.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::sources::{all, top};

/// The rows: `| R1 | … |`.
fn rows() -> BTreeSet<u32> {
    let text = std::fs::read_to_string(top().join("docs/requirements.md")).unwrap();
    let ids = text.lines().filter_map(|line| line.strip_prefix("| R")?.split(' ').next()?.parse().ok());
    ids.collect()
}

/// The ids at the end of the name of a test: `…_r60_r61`.
fn ids(name: &str) -> impl Iterator<Item = (char, u32)> {
    let id = |word: &str| {
        let mut chars = word.chars();
        let kind = chars.next().filter(char::is_ascii_lowercase)?;
        Some((kind, chars.as_str().parse().ok()?))
    };
    name.rsplit('_').map_while(id)
}

/// The rows that the name of a test says it proves: `…_r60_r61`.
fn proven(name: &str) -> impl Iterator<Item = u32> {
    name.split('_').filter_map(|word| word.strip_prefix('r')?.parse().ok())
}

/// The names of the tests: of functions with an attribute such as `#[tokio::test]`, and those that are given to
/// `on_every_database!`.
fn names_of_tests(tokens: TokenStream) -> Vec<String> {
    let trees: Vec<_> = tokens.into_iter().collect();
    let (mut names, mut is_test) = (Vec::new(), false);
    for (at, tree) in trees.iter().enumerate() {
        let before = |distance: usize| at.checked_sub(distance).map(|at| trees[at].to_string()).unwrap_or_default();
        match tree {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket && before(1) == "#" => {
                is_test |= is_attribute_of_tests(group.stream());
            }
            TokenTree::Group(group) if before(1) == "!" && before(2) == "on_every_database" => {
                names.extend(group.stream().into_iter().map(|tree| tree.to_string()));
            }
            TokenTree::Group(group) => names.extend(names_of_tests(group.stream())),
            TokenTree::Ident(name) if before(1) == "fn" && std::mem::take(&mut is_test) => names.push(name.to_string()),
            _ => {}
        }
    }
    names
}

fn is_attribute_of_tests(attribute: TokenStream) -> bool {
    let path = attribute.into_iter().take_while(|tree| !matches!(tree, TokenTree::Group(_)));
    path.last().is_some_and(|last| last.to_string() == "test")
}

#[test]
fn every_requirement_has_a_test_that_names_it() {
    let names = all().into_iter().flat_map(|source| names_of_tests(source.tokens()));
    let proven: BTreeSet<_> = names.flat_map(|name| proven(&name).collect::<Vec<_>>()).collect();
    let unproven: Vec<_> = rows().difference(&proven).copied().collect();
    assert!(rows().len() > 20 && unproven.is_empty(), "no test names R{unproven:?}");
}

#[test]
fn ids_at_the_end_of_names_of_tests_are_documented() {
    let rows = rows();
    // The numbers of the worked examples of prices.
    let is_known = |(kind, number)| (kind == 'r' && rows.contains(&number)) || (kind == 'n' && number <= 25);
    let names = all().into_iter().flat_map(|source| names_of_tests(source.tokens()));
    let unknown: BTreeSet<_> = names.filter(|name| !ids(name).all(is_known)).collect();
    assert!(unknown.is_empty(), "end with ids that no document has: {unknown:#?}");
    assert_eq!(ids("an_order_of_2_r60_x7").collect::<Vec<_>>(), [('x', 7), ('r', 60)]);
}

#[test]
fn only_names_of_tests_count() {
    let text = "// a_r1\n/// b_r2\n#[test] fn c_r3() { d_r4(\"e_r5\"); }\n#[cfg(test)] mod f_r6 { async fn g_r7() {}\n\
        #[tokio::test(flavor = \"x\")] #[ignore] async fn h_r8() {} }\non_every_database!(i_r9, j_r10);";
    assert_eq!(names_of_tests(text.parse().unwrap()), ["c_r3", "h_r8", "i_r9", ",", "j_r10"]);
}
