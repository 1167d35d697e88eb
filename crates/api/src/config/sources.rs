use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use config::{Environment, File, FileFormat, Source, Value, ValueKind};

use super::reader::{Given, Origin, Wrong};

/// What begins the name of every environment variable that is a setting.
const PREFIX: &str = "STOREKEEPER";
/// The file that is read if it is there and no other is named.
const USUAL_FILE: &str = "storekeeper.toml";
/// The environment variable that names the file.
const FILE_VARIABLE: &str = "STOREKEEPER_CONFIG";

/// Where settings come from, besides the defaults.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// A file in TOML, which must be there.
    pub file: Option<PathBuf>,
    /// Environment variables.
    pub environment: HashMap<String, String>,
    /// Environment variables that are not Unicode.
    pub broken: Vec<String>,
}

impl Sources {
    /// The sources of this process: the environment, and the file that the command line or the environment names, or
    /// the usual one if it is there.
    pub fn of_process(file: Option<PathBuf>) -> Self {
        let (good, broken): (Vec<_>, Vec<_>) = std::env::vars_os().map(unicode).partition(Result::is_ok);
        let usual = || Some(PathBuf::from(USUAL_FILE)).filter(|path| path.exists());
        Self {
            file: file.or_else(|| std::env::var_os(FILE_VARIABLE).map(PathBuf::from)).or_else(usual),
            environment: good.into_iter().filter_map(Result::ok).collect(),
            broken: broken.into_iter().filter_map(Result::err).filter(|name| is_setting(name)).collect(),
        }
    }

    /// The value of every key that is given, the environment's before the file's, and what cannot be read.
    pub(super) fn read(&self) -> (BTreeMap<String, Given>, Vec<Wrong>) {
        let mut given = BTreeMap::new();
        let unreadable = |name: &String| Wrong::new(name, "is not Unicode", Origin::Environment(name.clone()));
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
    // The message of the parser quotes the line, which may hold a secret: its first line says where, and no more.
    let place = |error: config::ConfigError| error.to_string().lines().next().unwrap_or_default().to_owned();
    values.map(|values| values.into_iter().collect()).map_err(|error| wrong(format!("is not TOML: {}", place(error))))
}

/// `{server: {bind: "…"}}` as `server.bind`. Lists become what they are in the environment: separated by commas.
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
        Err(_) => wrong.push(Wrong::new(key, "must be a text, a number, true or false", origin.clone())),
    }
}
