//! The configuration file, with the place of each value.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::reader::{Origin, SettingValue, Wrong};

/// Where a value stands in a file. Both count from 1, the column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FilePosition {
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
}

impl FilePosition {
    fn of(text: &str, byte: usize) -> Self {
        let before = text.get(..byte).unwrap_or(text);
        let line = before.rsplit('\n').next().unwrap_or_default();
        Self { line: before.matches('\n').count() + 1, column: line.chars().count() + 1 }
    }
}

/// Adds the values of a file by key, such as `server.bind`, and what cannot be read. No message quotes the file, which
/// may hold a secret.
pub(super) fn read(path: &Path, given: &mut BTreeMap<String, SettingValue>, wrong: &mut Vec<Wrong>) {
    let refused = |why: String, origin| Wrong::new("the configuration file", why, origin);
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => return wrong.push(refused(format!("cannot be read: {error}"), Origin::File(path.to_owned()))),
    };
    let origin = |byte| Origin::Line(path.to_owned(), FilePosition::of(&text, byte));
    match DeTable::parse(&text) {
        Ok(table) => flatten("", table.into_inner(), &origin, given, wrong),
        Err(error) => {
            let place = origin(error.span().unwrap_or_default().start);
            wrong.push(refused(format!("is not TOML: {}", error.message()), place));
        }
    }
}

/// Flattens tables: `{server: {bind: "…"}}` becomes `server.bind`. Lists become values separated by commas, as in the
/// environment.
fn flatten(
    section: &str,
    table: DeTable<'_>,
    origin: &impl Fn(usize) -> Origin,
    given: &mut BTreeMap<String, SettingValue>,
    wrong: &mut Vec<Wrong>,
) {
    for (name, value) in table {
        let key = if section.is_empty() { name.get_ref().to_string() } else { format!("{section}.{}", name.get_ref()) };
        let origin_here = origin(value.span().start);
        match value.into_inner() {
            DeValue::Table(table) => flatten(&key, table, origin, given, wrong),
            value => {
                if let Some(value) = text(value) {
                    given.insert(key, SettingValue { value, origin: origin_here });
                } else {
                    let problem = "must be a string, a number, true, false or a list of these";
                    wrong.push(Wrong::new(key, problem, origin_here));
                }
            }
        }
    }
}

/// A value as it would stand in the environment. `None` of a table, and of a list that holds one or another list.
fn text(value: DeValue<'_>) -> Option<String> {
    match value {
        DeValue::Array(list) => {
            let items = list.into_iter().map(Spanned::into_inner).map(scalar);
            Some(items.collect::<Option<Vec<_>>>()?.join(","))
        }
        value => scalar(value),
    }
}

fn scalar(value: DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.into_owned()),
        DeValue::Integer(number) => {
            let value = i64::from_str_radix(number.as_str(), number.radix()).ok();
            Some(value.map_or_else(|| number.to_string(), |value| value.to_string()))
        }
        DeValue::Float(number) => Some(number.to_string()),
        DeValue::Boolean(is) => Some(is.to_string()),
        DeValue::Datetime(time) => Some(time.to_string()),
        DeValue::Array(_) | DeValue::Table(_) => None,
    }
}
