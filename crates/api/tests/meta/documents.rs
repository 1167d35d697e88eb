//! What is written from the program: the documents of the API, and tables in other documents.
//! `UPDATE_DOCUMENTS=1` writes them anew.

use std::fmt::Write;

use api::config::{Shown, Sources, example, load};
use api::openapi::{Format, document};
use api::wiring::CHECKS;
use serde_json::Value;

use super::sources::top;

/// Holds a document against what it should be; or writes it.
fn expect(path: &str, text: &str) {
    let file = top().join(path);
    if std::env::var_os("UPDATE_DOCUMENTS").is_some() {
        return std::fs::write(file, text).unwrap();
    }
    // A comparison by `assert_eq` would print both of them.
    let is_current = std::fs::read_to_string(file).unwrap_or_default() == text;
    assert!(is_current, "{path} is not what the program says: run this test with UPDATE_DOCUMENTS=1 to write it anew");
}

/// The same for what stands between two marks of a document.
fn expect_within(path: &str, mark: &str, table: &str) {
    let text = std::fs::read_to_string(top().join(path)).unwrap();
    let (begin, end) = (format!("<!-- {mark} -->\n"), format!("<!-- end of {mark} -->"));
    let (before, rest) = text.split_once(&begin).unwrap_or_else(|| panic!("{path} has no {begin}"));
    let (_, after) = rest.split_once(&end).unwrap_or_else(|| panic!("{path} has no {end}"));
    expect(path, &format!("{before}{begin}{table}{end}{after}"));
}

#[test]
fn the_documents_of_the_api_are_current_r75() {
    expect("openapi/swagger.yaml", document(Format::SwaggerYaml));
    expect("openapi/openapi.yaml", document(Format::OpenapiYaml));
}

/// The default of a key, as it is on any machine.
fn default(shown: &Shown) -> String {
    match (shown.key, shown.value.as_str()) {
        ("server.workers", _) => "one for each core".to_owned(),
        ("log.format", _) => "`pretty` on a terminal, else `json`".to_owned(),
        (_, "(none)" | "(not set)") => "none".to_owned(),
        (_, value) => format!("`{value}`"),
    }
}

#[test]
fn the_table_of_settings_is_current_r73() {
    let settings = load(&Sources::default(), &CHECKS).unwrap().shown;
    assert!(settings.len() > 30 && settings.iter().all(|shown| !shown.meaning.is_empty()), "{settings:?}");
    let mut table = String::from("| key | default | meaning |\n| --- | --- | --- |\n");
    for shown in &settings {
        writeln!(table, "| `{}` | {} | {} |", shown.key, default(shown), shown.meaning).unwrap();
    }
    expect_within("docs/configuration.md", "settings", &table);
}

#[test]
fn the_example_of_a_configuration_file_is_current() {
    expect("config.example.toml", &example(&load(&Sources::default(), &CHECKS).unwrap().shown));
}

/// A row for each endpoint: where, and what for.
fn endpoints() -> String {
    let document: Value = serde_json::from_str(document(Format::OpenapiJson)).unwrap();
    let mut table = String::new();
    for tag in document["tags"].as_array().unwrap() {
        let name = tag["name"].as_str().unwrap();
        write!(table, "\n**{name}**\n\n| endpoint | does |\n| --- | --- |\n").unwrap();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                if operation["tags"][0] == name {
                    let summary = operation["summary"].as_str().unwrap();
                    writeln!(table, "| `{} {path}` | {summary} |", method.to_uppercase()).unwrap();
                }
            }
        }
    }
    table + "\n"
}

#[test]
fn the_table_of_endpoints_is_current_r75() {
    let table = endpoints();
    assert!(table.matches("/api/v1/").count() > 40, "{table}");
    expect_within("docs/endpoints.md", "endpoints", &table);
}
