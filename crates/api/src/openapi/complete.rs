//! Adds what holds for every operation, and what paperclip has no words for.

use paperclip::v2::models::DefaultApiRaw;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::failures::kinds;
use super::{headers, members, objects, schema, text};
use crate::etag::tags_schema;
use crate::problem::{self, Kind, Problem};

/// What every request can run into.
const ALWAYS: [Kind; 3] = [Kind::URI_TOO_LONG, Kind::HEADERS_TOO_LARGE, Kind::INTERNAL];
/// What every request to the API can run into.
const API: [Kind; 2] = [Kind::RATE_LIMITED, Kind::UNAVAILABLE];
/// Who may call what has no other rule.
const ANYBODY: &str = "Anybody";
/// The answers that many operations share are those to requests below this path.
const BASE: &str = "/api/";

/// The complete document: Swagger 2.0, with examples, parameters that have a schema, and the keywords of [`schema`].
#[derive(Clone)]
pub(super) struct Complete {
    /// Operations by path and method.
    pub(super) paths: Map<String, Value>,
    pub(super) definitions: Map<String, Value>,
    /// Failures that many operations share.
    pub(super) responses: Map<String, Value>,
    pub(super) security_definitions: Value,
}

pub(super) fn complete(api: DefaultApiRaw) -> Complete {
    let mut paths = object(api.paths);
    let mut definitions = object(api.definitions);
    for definition in definitions.values_mut() {
        match schema::carried_by(definition) {
            Some(carried) => *definition = carried,
            None => schema::always_there(definition),
        }
    }
    paths.values_mut().chain(definitions.values_mut()).for_each(schema::unpack);
    definitions.insert(problem::SCHEMA_NAME.to_owned(), problem::schema());
    let mut responses = Map::new();
    for (path, methods) in objects(&mut paths) {
        for (method, operation) in objects(methods) {
            complete_operation(path, method, operation, &definitions);
            if path.starts_with(BASE) {
                share_failures(operation, &mut responses);
            }
        }
    }
    let security_definitions = object(api.security_definitions).into();
    Complete { paths, definitions, responses, security_definitions }
}

fn object(value: impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(value) {
        Ok(Value::Object(members)) => members,
        _ => Map::new(),
    }
}

fn complete_operation(path: &str, method: &str, operation: &mut Map<String, Value>, definitions: &Map<String, Value>) {
    if !operation.contains_key("security") {
        operation.insert("security".to_owned(), json!([]));
        let description = operation.get("description").and_then(Value::as_str).unwrap_or_default();
        if !description.contains(ANYBODY) {
            let description = format!("{description}\n\n{ANYBODY} may call it.");
            operation.insert("description".to_owned(), description.into());
        }
    }
    let is_api = path.starts_with(BASE);
    let writes = method != "get";
    let mut failures = ALWAYS.to_vec();
    failures.extend(API.iter().filter(|_| is_api));
    failures.extend(Some(Kind::OUTCOME_UNKNOWN).filter(|_| is_api && writes));
    if !writes && is_conditional(operation) {
        answer_not_modified(operation);
        failures.push(Kind::BAD_HEADER);
    }
    let Some(answers) = operation.get_mut("responses").and_then(Value::as_object_mut) else { return };
    for kind in failures {
        let answer = answers.entry(kind.status.as_str()).or_insert_with(|| json!({ "description": "" }));
        let slugs = format!("{}{}\n", text(answer, "description"), kind.slug);
        schema::add(answer, "description", slugs.into());
    }
    for (status, answer) in objects(answers) {
        if status.starts_with(['4', '5']) {
            describe_failure(answer);
        } else if let Some(example) = example_of(answer, definitions) {
            answer.insert("examples".to_owned(), json!({ "application/json": example }));
        }
        headers::add(answer, &["X-Request-Id"]);
        if is_api {
            headers::add(answer, &["RateLimit", "RateLimit-Policy"]);
        }
    }
}

/// Whether the answer has an entity tag.
fn is_conditional(operation: &Map<String, Value>) -> bool {
    operation.get("responses").is_some_and(|answers| answers.pointer("/200/headers/ETag").is_some())
}

/// A client that names the tag of what it has gets no body.
fn answer_not_modified(operation: &mut Map<String, Value>) {
    let parameter = json!({
        "in": "header",
        "name": "If-None-Match",
        "description": "The ETag of what the client has already; 304 if nothing has changed.",
        "schema": tags_schema(),
    });
    if let Value::Array(parameters) = operation.entry("parameters").or_insert_with(|| json!([])) {
        parameters.push(parameter);
    }
    if let Some(Value::Object(answers)) = operation.get_mut("responses") {
        let mut not_modified = Map::new();
        not_modified.insert("description".to_owned(), "Not Modified".into());
        headers::add(&mut not_modified, &["ETag"]);
        answers.insert("304".to_owned(), not_modified.into());
    }
}

/// What kinds of problem a status stands for here.
fn describe_failure(answer: &mut Map<String, Value>) {
    let kinds = kinds(answer.get("description").and_then(Value::as_str).unwrap_or_default());
    let said: Vec<_> = kinds.iter().map(|kind| format!("`/problems/{}`: {}.", kind.slug, kind.title)).collect();
    answer.insert("description".to_owned(), said.join("\n\n").into());
    answer.insert("schema".to_owned(), schema::reference(problem::SCHEMA_NAME));
    headers::add(answer, &headers::of_problems(&kinds));
    if let Some(kind) = kinds.first() {
        answer.insert("examples".to_owned(), json!({ problem::MEDIA_TYPE: example_problem(*kind) }));
    }
}

fn example_problem(kind: Kind) -> Value {
    let document = Problem::new(kind, kind.title).document("/api/v1/products", super::example::REQUEST_ID);
    serde_json::from_slice(&document).unwrap_or_default()
}

/// Puts the failures of an operation under names, where others that fail the same way find them.
fn share_failures(operation: &mut Map<String, Value>, shared: &mut Map<String, Value>) {
    for (status, answer) in operation.get_mut("responses").into_iter().flat_map(members) {
        if status.starts_with(['4', '5']) {
            let name = name_of(text(answer, "description"));
            let reference = json!({ "$ref": format!("#/responses/{name}") });
            shared.insert(name, std::mem::replace(answer, reference));
        }
    }
}

/// `StaleVersion` for "`/problems/stale-version`: …". Several are joined.
fn name_of(description: &str) -> String {
    let slugs = description.split('`').filter_map(|code| code.strip_prefix("/problems/"));
    let names: Vec<_> = slugs.map(|slug| slug.split('-').map(capitalized).collect::<String>()).collect();
    names.join("Or")
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}

/// The example of what an answer shows.
fn example_of(answer: &Map<String, Value>, definitions: &Map<String, Value>) -> Option<Value> {
    let name = answer.get("schema")?.get("$ref")?.as_str()?.strip_prefix("#/definitions/")?;
    definitions.get(name)?.get("example").cloned()
}
