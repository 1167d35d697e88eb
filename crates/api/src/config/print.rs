//! The configuration as a file.

use std::fmt::Write;

use super::reader::Shown;

/// The settings in force as TOML, each with its source, without secrets.
pub fn print(shown: &[Shown]) -> String {
    let line = |shown: &Shown, name: &str| match &shown.written {
        Some(value) => format!("{name} = {}  # {}\n", toml_value(shown, value), shown.origin),
        None => format!("# {name} = \"\"  # {}, {}\n", shown.value.trim_matches(['(', ')']), shown.origin),
    };
    sections(shown, line)
}

/// A file to start from: every key with its meaning and its default, which is in force as long as the line is a comment.
pub fn example(shown: &[Shown]) -> String {
    let line = |shown: &Shown, name: &str| {
        let value = match shown.key {
            // They depend on the machine and on the terminal.
            "server.workers" => "4".to_owned(),
            "log.format" => "\"json\"".to_owned(),
            _ => toml_value(shown, shown.written.as_deref().unwrap_or_default()),
        };
        format!("# {}\n# {name} = {value}\n", shown.meaning)
    };
    let head = "# Settings of Storekeeper: copy this file to storekeeper.toml and change what you need.\n\
        # A line that begins with # is a comment; below each meaning stands the default, or \"\" if there is none; `workers` and\n\
        # `log.format` are examples, since their defaults depend on machine and terminal.\n";
    format!("{head}\n{}", sections(shown, line))
}

fn sections(all: &[Shown], line: impl Fn(&Shown, &str) -> String) -> String {
    let (mut text, mut current) = (String::new(), "");
    for shown in all {
        let (section, name) = shown.key.split_once('.').unwrap_or(("", shown.key));
        if section != current {
            let gap = if current.is_empty() { "" } else { "\n" };
            // A string takes every text: the error cannot be.
            let _ = writeln!(text, "{gap}[{section}]");
            current = section;
        }
        text.push_str(&line(shown, name));
    }
    text
}

/// A number, true or false as such, a list as an array, and anything else as a string.
fn toml_value(shown: &Shown, value: &str) -> String {
    if shown.meaning.contains("separated by commas") {
        let items = value.split(',').map(str::trim).filter(|item| !item.is_empty());
        return format!("[{}]", items.map(quoted).collect::<Vec<_>>().join(", "));
    }
    let is_number = value.parse::<i64>().is_ok_and(|number| number.to_string() == value);
    if is_number || matches!(value, "true" | "false") { value.to_owned() } else { quoted(value) }
}

fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}
