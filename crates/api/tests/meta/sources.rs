//! The source files of the workspace.

use std::ops::Range;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// A source file: its path from the top of the workspace, and its text.
pub struct Source {
    pub path: String,
    pub text: String,
}

/// The top of the workspace.
pub fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// Every Rust file below `folder`.
pub fn rust_files(folder: &str) -> Vec<Source> {
    let top = top();
    let mut sources = Vec::new();
    let mut folders = vec![top.join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let path = path.strip_prefix(&top).unwrap().to_str().unwrap().to_owned();
                sources.push(Source { path, text });
            }
        }
    }
    assert!(!sources.is_empty(), "{folder} has no source");
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    sources
}

/// Every Rust file of the workspace.
pub fn all() -> Vec<Source> {
    rust_files("crates").into_iter().chain(rust_files("migrations")).collect()
}

impl Source {
    /// Whether it is a test, and not part of the product.
    pub fn is_test(&self) -> bool {
        self.path.contains("/tests") || self.path.ends_with("/testing.rs")
    }

    /// The text without the items that only tests have, wherever they stand.
    pub fn production(&self) -> String {
        let mut text = self.text.clone();
        // From the last to the first, so that the ranges stay right.
        for range in items_of_tests(self.tokens()).into_iter().rev() {
            text.replace_range(range, "");
        }
        text
    }

    /// The text as the compiler reads it: without comments.
    pub fn tokens(&self) -> TokenStream {
        self.text.parse().unwrap_or_else(|error| panic!("{}: {error}", self.path))
    }
}

/// Where items stand that have the attribute `#[cfg(test)]`.
fn items_of_tests(tokens: TokenStream) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut trees = tokens.into_iter().peekable();
    while let Some(tree) = trees.next() {
        match (&tree, trees.peek()) {
            (TokenTree::Punct(mark), Some(TokenTree::Group(attribute))) if is_cfg_test(mark.as_char(), attribute) => {
                let begin = mark.span().byte_range().start;
                let mut end = attribute.span().byte_range().end;
                for rest in trees.by_ref() {
                    end = rest.span().byte_range().end;
                    let is_body = matches!(&rest, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
                    if is_body || matches!(&rest, TokenTree::Punct(mark) if mark.as_char() == ';') {
                        break;
                    }
                }
                found.push(begin..end);
            }
            (TokenTree::Group(group), _) => found.extend(items_of_tests(group.stream())),
            _ => {}
        }
    }
    found
}

fn is_cfg_test(mark: char, attribute: &Group) -> bool {
    mark == '#' && attribute.stream().to_string().replace(' ', "") == "cfg(test)"
}

#[test]
fn production_code_includes_what_follows_a_test_module() {
    let text = "fn a() {}\n#[cfg(test)]\n#[path = \"x\"]\nmod tests;\nimpl B { #[cfg(test)] fn c() { d } fn e() {} }\n";
    let source = Source { path: String::new(), text: text.to_owned() };
    assert_eq!(source.production(), "fn a() {}\n\nimpl B {  fn e() {} }\n");
}
