//! Checks every response that a test gets against the API document.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use jsonschema::Validator;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    // The suite `meta` checks that this file is current.
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi/openapi.yaml");
    serde_yaml::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
});

static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

/// The document.
pub fn document() -> &'static Value {
    &DOCUMENT
}

/// Checks that status, headers and body of a response match the document. Paths and methods that are not in the
/// document are ignored.
#[track_caller]
pub fn check(method: &str, path: &str, status: u16, headers: &HeaderMap, body: &[u8]) {
    let Some(operation) = operation(method, path) else { return };
    let place = format!("{method} {path}: {status} {}", String::from_utf8_lossy(body));
    let answer = resolve(&operation["responses"][status.to_string()]);
    assert!(answer.is_object(), "not in the document: {place}");
    assert!(headers.contains_key("x-request-id"), "{place}");
    for name in DOCUMENT["components"]["headers"].as_object().unwrap().keys() {
        let documented = answer["headers"].get(name).is_some();
        assert!(documented || !headers.contains_key(name.as_str()), "{name} is not in the document: {place}");
    }
    let Some((media_type, content)) = answer["content"].as_object().and_then(|content| content.iter().next()) else {
        assert!(body.is_empty(), "{place}");
        return;
    };
    let said = headers["content-type"].to_str().unwrap();
    assert_eq!(said.split(';').next().unwrap(), media_type, "{place}");
    let is_json = media_type.ends_with("json") && !media_type.ends_with("ndjson");
    if is_json && method != "HEAD" {
        let body = serde_json::from_slice(body).unwrap();
        let errors: Vec<_> = validator(&content["schema"]).iter_errors(&body).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}: {place}");
    }
}

/// Checks that an event of the feed matches the schema of its type.
#[track_caller]
pub fn check_event(event: &Value) {
    let webhook = &DOCUMENT["webhooks"][event["type"].as_str().unwrap()]["post"];
    assert!(webhook.is_object(), "not in the document: {event}");
    let schema = &webhook["requestBody"]["content"]["application/json"]["schema"];
    let errors: Vec<_> = validator(schema).iter_errors(event).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}: {event}");
}

fn operation(method: &str, path: &str) -> Option<&'static Value> {
    let method = if method == "HEAD" { "get".to_owned() } else { method.to_lowercase() };
    let paths = DOCUMENT["paths"].as_object().unwrap();
    // A fixed segment takes precedence over a parameter: `run` is not an id.
    let alike = paths.iter().filter(|(template, _)| fits(template, path)).map(|(_, operations)| operations);
    paths.get(path).into_iter().chain(alike).find_map(|operations| operations.get(&method))
}

fn fits(template: &str, path: &str) -> bool {
    let (template, path): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
    template.len() == path.len()
        && template.iter().zip(&path).all(|(part, given)| part == given || (part.starts_with('{') && !given.is_empty()))
}

fn resolve(value: &'static Value) -> &'static Value {
    match value["$ref"].as_str() {
        Some(reference) => DOCUMENT.pointer(reference.strip_prefix('#').unwrap()).unwrap(),
        None => value,
    }
}

fn validator(schema: &Value) -> Arc<Validator> {
    let mut validators = VALIDATORS.lock().unwrap();
    let make = || {
        let root = json!({ "allOf": [schema], "components": DOCUMENT["components"] });
        Arc::new(jsonschema::options().should_validate_formats(true).build(&root).unwrap())
    };
    validators.entry(schema.to_string()).or_insert_with(make).clone()
}
