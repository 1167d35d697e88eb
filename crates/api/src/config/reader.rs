use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use super::FilePosition;
use super::meaning::meaning;
use super::near::nearest;
use super::sources::variable;

/// The source of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The default in the binary.
    Default,
    /// What `serve --demo` sets.
    Demo,
    /// The configuration file.
    File(PathBuf),
    /// A value in the configuration file.
    Line(PathBuf, FilePosition),
    /// The environment variable with this name.
    Environment(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::Demo => f.write_str("serve --demo"),
            Self::File(path) => write!(f, "file {}", path.display()),
            Self::Line(path, FilePosition { line, column }) => {
                write!(f, "file {}, line {line}, column {column}", path.display())
            }
            Self::Environment(name) => write!(f, "environment variable {name}"),
        }
    }
}

/// A value from a file or the environment.
#[derive(Debug, Clone)]
pub(super) struct SettingValue {
    pub(super) value: String,
    pub(super) origin: Origin,
}

/// A wrong setting. It does not contain the value, which may be a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The key, such as `server.bind`.
    pub key: String,
    /// What is allowed: follows the key in a sentence, such as "must be …".
    pub problem: String,
    /// The source of the wrong value.
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

/// A setting in force, for display.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The key, such as `server.bind`.
    pub key: &'static str,
    /// The value; a placeholder if it is a secret or not set.
    pub value: String,
    /// The value as it can be written into a file; `None` if it is a secret or not set.
    pub written: Option<String>,
    /// The source of the value.
    pub origin: Origin,
    /// The meaning of the key and what is allowed.
    pub meaning: &'static str,
}

/// What is displayed instead of a secret.
const HIDDEN: &str = "(hidden)";

impl Shown {
    /// Whether it is set, and a secret.
    pub fn is_hidden(&self) -> bool {
        self.written.is_none() && self.value == HIDDEN
    }
}

/// How a value is displayed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Show {
    Value,
    /// Hidden: only that it is set.
    Secret,
}

/// Takes the given values key by key, and collects errors and values for display.
pub(super) struct Reader {
    given: BTreeMap<String, SettingValue>,
    wrong: Vec<Wrong>,
    shown: Vec<Shown>,
}

impl Reader {
    pub(super) fn new(given: BTreeMap<String, SettingValue>, wrong: Vec<Wrong>) -> Self {
        Self { given, wrong, shown: Vec::new() }
    }

    /// A setting with a default. `None` if the value is refused; the reason is kept for [`Reader::finish`].
    pub(super) fn setting<T>(
        &mut self,
        key: &'static str,
        default: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        let default = SettingValue { value: default.to_owned(), origin: Origin::Default };
        let given = self.given.remove(key).unwrap_or(default);
        self.take(key, given, Show::Value, parse)
    }

    /// A setting without a default. `Some(None)` if it is missing or empty, `None` if the value is refused.
    pub(super) fn optional<T>(
        &mut self,
        key: &'static str,
        show: Show,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<Option<T>> {
        let Some(given) = self.given.remove(key).filter(|given| !given.value.is_empty()) else {
            self.show(key, "(not set)".to_owned(), None, Origin::Default);
            return Some(None);
        };
        self.take(key, given, show, parse).map(Some)
    }

    fn take<T>(
        &mut self,
        key: &'static str,
        given: SettingValue,
        show: Show,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        let SettingValue { value, origin } = given;
        let read = parse(&value).map_err(|problem| self.refuse(key, problem, origin.clone())).ok();
        let (value, written) = match show {
            Show::Secret => (HIDDEN.to_owned(), None),
            Show::Value if value.is_empty() => ("(none)".to_owned(), Some(value)),
            Show::Value => (value.clone(), Some(value)),
        };
        self.show(key, value, written, origin);
        read
    }

    fn show(&mut self, key: &'static str, value: String, written: Option<String>, origin: Origin) {
        self.shown.push(Shown { key, value, written, origin, meaning: meaning(key) });
    }

    /// The source of a key that was read.
    pub(super) fn origin(&self, key: &str) -> Origin {
        let shown = self.shown.iter().find(|shown| shown.key == key);
        shown.map_or(Origin::Default, |shown| shown.origin.clone())
    }

    pub(super) fn refuse(&mut self, key: &str, problem: impl Into<String>, origin: Origin) {
        self.wrong.push(Wrong::new(key, problem, origin));
    }

    /// Replaces the displayed value of a key.
    pub(super) fn show_instead(&mut self, key: &str, value: impl FnOnce(&str) -> String) {
        if let Some(shown) = self.shown.iter_mut().find(|shown| shown.key == key) {
            shown.value = value(&shown.value);
            shown.written = shown.written.is_some().then(|| shown.value.clone());
        }
    }

    /// The values for display and all errors. Keys that nobody has taken are errors.
    pub(super) fn finish(mut self) -> (Vec<Shown>, Vec<Wrong>) {
        for (key, given) in std::mem::take(&mut self.given) {
            let mut problem = match self.neighbours(&key).as_slice() {
                [] => "is not a known key; `check-config` lists all keys".to_owned(),
                known => format!("is not a known key; known keys are {}", known.join(", ")),
            };
            if let Some(meant) = self.meant(&key) {
                let meant = match given.origin {
                    Origin::Environment(_) => variable(meant),
                    _ => meant.to_owned(),
                };
                problem = format!("{problem}; did you mean {meant}?");
            }
            self.refuse(&key, problem, given.origin);
        }
        (self.shown, self.wrong)
    }

    /// The known key that a wrong one is meant to be.
    pub(super) fn meant(&self, key: &str) -> Option<&'static str> {
        nearest(key, &self.shown.iter().map(|shown| shown.key))
    }

    /// The known keys of the same section.
    fn neighbours(&self, key: &str) -> Vec<&'static str> {
        let section = key.split('.').next().unwrap_or_default();
        let same = |known: &&str| known.split('.').next() == Some(section);
        self.shown.iter().map(|shown| shown.key).filter(same).collect()
    }
}
