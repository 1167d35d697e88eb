use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use config::{Environment, File, FileFormat, Source, Value, ValueKind};

use super::reader::{Given, Origin, Wrong};

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
            broken: broken.into_iter().filter_map(Result::err).filter(|name| is_setting(name)).collect(),
        }
    }

    /// The given values by key, with those of the environment before those of the file, and what cannot be read.
    pub(super) fn read(&self) -> (BTreeMap<String, Given>, Vec<Wrong>) {
        let mut given = BTreeMap::new();
        let unreadable = |name: &String| Wrong::new(name, "must be UTF-8", Origin::Environment(name.clone()));
        let mut wrong: Vec<_> = self.broken.iter().map(unreadable).collect();
        match self.file.as_deref().map_or_else(|| Ok(HashMap::new()), read_file) {
            Ok(values) => values.into_iter().for_each(|(key, value)| {
                flatten(&key, value, &Origin::File(self.file.clone().unwrap_or_default()), &mut given, &mut wrong);
            }),
            Err(problem) => wrong.push(problem),
        }
        let environment = Environment::with_prefix(PREFIX).prefix_separator("__").separator("__");
        let values =
            environment.source(Some(self.environment.clone().into_iter().collect())).collect().unwrap_or_default();
        for (key, value) in values {
            let origin = Origin::Environment(format!("{PREFIX}__{}", key.to_uppercase().replace('.', "__")));
            flatten(&key, value, &origin, &mut given, &mut wrong);
        }
        (given, wrong)
    }
}

fn unicode((name, value): (OsString, OsString)) -> Result<(String, String), String> {
    let name = name.to_string_lossy().into_owned();
    value.into_string().map(|value| (name.clone(), value)).map_err(|_| name)
}

fn is_setting(name: &str) -> bool {
    name.to_uppercase().starts_with(&format!("{PREFIX}__"))
}

fn read_file(path: &Path) -> Result<HashMap<String, Value>, Wrong> {
    let wrong = |why: String| Wrong::new("the configuration file", why, Origin::File(path.to_owned()));
    let text = std::fs::read_to_string(path).map_err(|error| wrong(format!("cannot be read: {error}")))?;
    let values = File::from_str(&text, FileFormat::Toml).collect();
    // Only the first line of the message, which has the position: the rest quotes the file, which may hold a secret.
    let place = |error: config::ConfigError| error.to_string().lines().next().unwrap_or_default().to_owned();
    values.map(|values| values.into_iter().collect()).map_err(|error| wrong(format!("is not TOML: {}", place(error))))
}

/// Flattens tables: `{server: {bind: "…"}}` becomes `server.bind`. Lists become values separated by commas, as in the
/// environment.
fn flatten(key: &str, value: Value, origin: &Origin, given: &mut BTreeMap<String, Given>, wrong: &mut Vec<Wrong>) {
    let text = match value.kind {
        ValueKind::Table(table) => {
            for (name, value) in table {
                flatten(&format!("{key}.{name}"), value, origin, given, wrong);
            }
            return;
        }
        ValueKind::Array(list) => {
            list.into_iter().map(Value::into_string).collect::<Result<Vec<_>, _>>().map(|list| list.join(","))
        }
        _ => value.into_string(),
    };
    match text {
        Ok(value) => drop(given.insert(key.to_owned(), Given { value, origin: origin.clone() })),
        Err(_) => {
            wrong.push(Wrong::new(key, "must be a string, a number, true, false or a list of these", origin.clone()));
        }
    }
}
