use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::path::PathBuf;

use config::{Environment, Source as _};

use super::reader::{Origin, SettingValue, Wrong};
use super::{demo, file};

/// The prefix of environment variables that are settings, before `__`.
const PREFIX: &str = "STOREKEEPER";
/// The file that is read if it exists and no other file is named.
const DEFAULT_FILE: &str = "storekeeper.toml";
/// The environment variable with the path of the file.
const FILE_VARIABLE: &str = "STOREKEEPER_CONFIG";

/// The sources of settings besides the defaults.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// A TOML file, which must exist.
    pub file: Option<PathBuf>,
    /// Environment variables by name.
    pub environment: HashMap<String, String>,
    /// Names of settings in the environment whose value is not UTF-8.
    pub broken: Vec<String>,
    /// Whether they are those of `serve --demo`.
    pub is_demo: bool,
}

impl Sources {
    /// The sources of this process: its environment, and the file that the command line names, else
    /// `STOREKEEPER_CONFIG`, else `storekeeper.toml` in the working directory if it exists.
    pub fn of_process(file: Option<PathBuf>) -> Self {
        let (good, broken): (Vec<_>, Vec<_>) = std::env::vars_os().map(unicode).partition(Result::is_ok);
        let default = || Some(PathBuf::from(DEFAULT_FILE)).filter(|path| path.exists());
        Self {
            file: file.or_else(|| std::env::var_os(FILE_VARIABLE).map(PathBuf::from)).or_else(default),
            environment: good.into_iter().filter_map(Result::ok).collect(),
            is_demo: false,
            broken: broken.into_iter().filter_map(Result::err).filter(|name| is_setting(name)).collect(),
        }
    }

    /// The given values by key, with those of the environment before those of the file, and what cannot be read.
    pub(super) fn read(&self) -> (BTreeMap<String, SettingValue>, Vec<Wrong>) {
        let mut given = BTreeMap::new();
        let unreadable = |name: &String| Wrong::new(name, "must be UTF-8", Origin::Environment(name.clone()));
        let mut wrong: Vec<_> = self.broken.iter().map(unreadable).collect();
        if let Some(path) = &self.file {
            file::read(path, &mut given, &mut wrong);
        }
        let environment = Environment::with_prefix(PREFIX).prefix_separator("__").separator("__");
        let values = environment.source(Some(self.environment.clone().into_iter().collect())).collect();
        for (key, value) in values.unwrap_or_default() {
            let origin = Origin::Environment(variable(&key));
            given.insert(key, SettingValue { value: value.into_string().unwrap_or_default(), origin });
        }
        if self.is_demo {
            demo::add(&mut given, &mut wrong);
        }
        (given, wrong)
    }

    /// The variables that begin like a setting, with one underscore instead of two. Those that Kubernetes makes for a
    /// service with the name `storekeeper` are not among them.
    pub(super) fn misspelt(&self) -> impl Iterator<Item = &str> {
        let begins = format!("{PREFIX}_");
        self.environment.keys().map(String::as_str).filter(move |name| {
            let rest = name.to_uppercase().strip_prefix(&begins).map(str::to_owned);
            rest.is_some_and(|rest| !rest.starts_with('_') && *name != FILE_VARIABLE && !is_of_kubernetes(&rest))
        })
    }

    /// The value of `RUST_LOG`.
    pub(super) fn rust_log(&self) -> Option<&str> {
        self.environment.get("RUST_LOG").map(String::as_str)
    }
}

/// `SERVICE_HOST`, `SERVICE_PORT_HTTP`, `PORT`, `PORT_8080_TCP_ADDR` and the like.
fn is_of_kubernetes(rest: &str) -> bool {
    let is_port = |port: &str| port.starts_with(|c: char| c.is_ascii_digit());
    rest == "SERVICE_HOST"
        || rest.starts_with("SERVICE_PORT")
        || rest == "PORT"
        || rest.strip_prefix("PORT_").is_some_and(is_port)
}

/// The environment variable of a key.
pub(super) fn variable(key: &str) -> String {
    format!("{PREFIX}__{}", key.to_uppercase().replace('.', "__"))
}

fn unicode((name, value): (OsString, OsString)) -> Result<(String, String), String> {
    let name = name.to_string_lossy().into_owned();
    value.into_string().map(|value| (name.clone(), value)).map_err(|_| name)
}

fn is_setting(name: &str) -> bool {
    name.to_uppercase().starts_with(&format!("{PREFIX}__"))
}
