use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use super::meaning::meaning;

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The binary.
    Default,
    /// A file.
    File(PathBuf),
    /// An environment variable.
    Environment(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => write!(f, "file {}", path.display()),
            Self::Environment(name) => write!(f, "environment variable {name}"),
        }
    }
}

/// A value that somebody has given.
#[derive(Debug, Clone)]
pub(super) struct Given {
    pub(super) value: String,
    pub(super) origin: Origin,
}

/// A setting that is wrong. It never quotes the value, which may be a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The key.
    pub key: String,
    /// What is allowed.
    pub problem: String,
    /// Who set it.
    pub origin: Origin,
}

impl Wrong {
    pub(super) fn new(key: impl Into<String>, problem: impl Into<String>, origin: Origin) -> Self {
        Self { key: key.into(), problem: problem.into(), origin }
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key, problem, origin } = self;
        write!(f, "{key} {problem} ({origin})")
    }
}

/// A setting as it is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The key.
    pub key: &'static str,
    /// The value, if it is not a secret.
    pub value: String,
    /// Where it comes from.
    pub origin: Origin,
    /// What the key means.
    pub meaning: &'static str,
}

/// Whether a value is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Show {
    Value,
    /// That there is one, and no more.
    Secret,
}

/// The given values, to be taken key by key.
pub(super) struct Reader {
    given: BTreeMap<String, Given>,
    wrong: Vec<Wrong>,
    shown: Vec<Shown>,
}

impl Reader {
    pub(super) fn new(given: BTreeMap<String, Given>, wrong: Vec<Wrong>) -> Self {
        Self { given, wrong, shown: Vec::new() }
    }

    /// A setting with a default. `None` if it is wrong, which is noted.
    pub(super) fn setting<T>(
        &mut self,
        key: &'static str,
        default: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        let default = Given { value: default.to_owned(), origin: Origin::Default };
        let given = self.given.remove(key).unwrap_or(default);
        self.take(key, given, Show::Value, parse)
    }

    /// A setting that may be missing; an empty one is.
    pub(super) fn optional<T>(
        &mut self,
        key: &'static str,
        show: Show,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<Option<T>> {
        let Some(given) = self.given.remove(key).filter(|given| !given.value.is_empty()) else {
            self.show(key, "(not set)".to_owned(), Origin::Default);
            return Some(None);
        };
        self.take(key, given, show, parse).map(Some)
    }

    fn take<T>(
        &mut self,
        key: &'static str,
        given: Given,
        show: Show,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        let Given { value, origin } = given;
        let read = parse(&value).map_err(|problem| self.refuse(key, problem, origin.clone())).ok();
        let value = match show {
            Show::Secret => "(hidden)".to_owned(),
            Show::Value if value.is_empty() => "(none)".to_owned(),
            Show::Value => value,
        };
        self.show(key, value, origin);
        read
    }

    fn show(&mut self, key: &'static str, value: String, origin: Origin) {
        self.shown.push(Shown { key, value, origin, meaning: meaning(key) });
    }

    pub(super) fn refuse(&mut self, key: &str, problem: impl Into<String>, origin: Origin) {
        self.wrong.push(Wrong::new(key, problem, origin));
    }

    /// Shows another value than the one that was given.
    pub(super) fn show_instead(&mut self, key: &str, value: impl FnOnce(&str) -> String) {
        if let Some(shown) = self.shown.iter_mut().find(|shown| shown.key == key) {
            shown.value = value(&shown.value);
        }
    }

    /// What was read, if nothing was wrong and nothing is left over.
    pub(super) fn finish(mut self) -> (Vec<Shown>, Vec<Wrong>) {
        for (key, given) in std::mem::take(&mut self.given) {
            let problem = match self.neighbours(&key).as_slice() {
                [] => "is not a key; `check-config` shows all keys".to_owned(),
                known => format!("is not a key; known are {}", known.join(", ")),
            };
            self.refuse(&key, problem, given.origin);
        }
        (self.shown, self.wrong)
    }

    /// The keys of the same section.
    fn neighbours(&self, key: &str) -> Vec<&'static str> {
        let section = key.split('.').next().unwrap_or_default();
        let same = |known: &&str| known.split('.').next() == Some(section);
        self.shown.iter().map(|shown| shown.key).filter(same).collect()
    }
}
