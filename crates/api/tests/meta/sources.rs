//! The source files of the workspace.

use std::path::{Path, PathBuf};

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

    /// The text without the tests that stand in the same file.
    pub fn production(&self) -> &str {
        self.text.split("#[cfg(test)]").next().unwrap()
    }
}
