//! Describes every operation: its own description, the signature of its handler, and what all operations share.

use std::collections::BTreeMap;

use actix_web::http::Method;
use domain::access::Scope;
use serde_json::{Map, Value, json};

use super::errors::{self, Asked};
use super::{headers, text};
use crate::etag::tags_schema;
use crate::media::{JSON, MERGE_PATCH};
use crate::operation::{Needs, Operation, Parameter, ParameterLocation, Signature, Success, Tag};
use crate::problem::{self, Kind};
use crate::routes::{Endpoint, Route};
use crate::schema::{self, Definitions};

/// Where the model keeps the examples of all kinds of problem of a response.
pub(super) const EXAMPLES: &str = "x-examples";

/// The problems of every operation.
const ALWAYS: [Kind; 3] = [Kind::URI_TOO_LONG, Kind::HEADERS_TOO_LARGE, Kind::INTERNAL];
/// The problems of every operation below [`BASE`].
/// An API key in the address is a bad query anywhere.
const API: [Kind; 3] = [Kind::BAD_QUERY, Kind::RATE_LIMITED, Kind::UNAVAILABLE];
/// The problems of every operation of the API that may write.
const WRITES: [Kind; 2] = [Kind::STORAGE_FULL, Kind::OUTCOME_UNKNOWN];
/// The path of the API. Error responses of operations below it are shared.
const BASE: &str = "/api/";

/// The common model from which both documents are written: Swagger 2.0, with examples, schemas for all parameters, and
/// the keywords of [`schema`].
#[derive(Clone)]
pub(super) struct Complete {
    /// Operations by path and method.
    pub(super) paths: Map<String, Value>,
    pub(super) definitions: Map<String, Value>,
    /// Error responses that operations share.
    pub(super) responses: Map<String, Value>,
    pub(super) tags: Vec<&'static Tag>,
}

/// The model of these routes.
pub(super) fn complete(routes: &[Route]) -> Complete {
    let (mut paths, mut responses) = (Map::new(), Map::new());
    let (mut definitions, mut tags) = (Definitions::new(), Vec::new());
    definitions.insert(problem::SCHEMA_NAME.to_owned(), problem::schema());
    for route in routes {
        let mut methods = Map::new();
        for endpoint in &route.endpoints {
            let Some(operation) = &endpoint.operation else { continue };
            if !tags.contains(&operation.tag) {
                tags.push(operation.tag);
            }
            let mut signature = (endpoint.signature)();
            define(&mut definitions, std::mem::take(&mut signature.definitions));
            let described = describe(route.path, endpoint, operation, signature, &definitions, &mut responses);
            methods.insert(endpoint.method.as_str().to_ascii_lowercase(), described);
        }
        if !methods.is_empty() {
            paths.insert(route.path.to_owned(), methods.into());
        }
    }
    Complete { paths, definitions: definitions.into_iter().collect(), responses, tags }
}

/// Adds definitions. Of two with the same name the one with an example is kept: a body that is a part of another body
/// has no example.
fn define(all: &mut Definitions, new: Definitions) {
    for (name, definition) in new {
        if definition.get("example").is_some() || !all.contains_key(&name) {
            all.insert(name, definition);
        }
    }
}

fn describe(
    path: &str,
    endpoint: &Endpoint,
    operation: &Operation,
    mut signature: Signature,
    definitions: &Definitions,
    shared: &mut Map<String, Value>,
) -> Value {
    let (method, needs) = (&endpoint.method, endpoint.needs);
    let is_api = path.starts_with(BASE);
    let success = signature.success.take().unwrap_or_default();
    let mut problems = signature.problems;
    problems.extend(operation.problems);
    problems.extend(ALWAYS);
    problems.extend(API.iter().filter(|_| is_api));
    problems.extend(WRITES.iter().filter(|_| is_api && *method != Method::GET));
    let mut parameters = parameters(path, signature.parameters);
    let mut answers = Map::new();
    // A GET with an ETag can be conditional.
    if *method == Method::GET && success.headers.contains(&"ETag") {
        parameters.push(if_none_match());
        problems.push(Kind::BAD_HEADER);
        answers.insert("304".to_owned(), answer("Not Modified", &["ETag"]));
    }
    if signature.moves {
        answers.insert("308".to_owned(), answer("Permanent Redirect", &["Location"]));
    }
    if let Some(body) = signature.body {
        parameters.push(body_parameter(body, definitions));
    }
    if !signature.raw_body.is_empty() {
        let schema = json!({ "type": "string", "format": "binary" });
        parameters.push(json!({ "in": "body", "name": "body", "required": true, "schema": schema }));
    }
    answers.insert(success.status.as_str().to_owned(), describe_success(&success, definitions));
    for status in signature.also {
        let description = status.canonical_reason().unwrap_or_default();
        let other = describe_success(&Success { description, ..success.clone() }, definitions);
        answers.insert(status.as_str().to_owned(), other);
    }
    for other in &signature.others {
        answers.insert(other.status.as_str().to_owned(), describe_success(other, definitions));
    }
    let query = parameters.iter().find(|one| text(one, "in") == "query").map(|one| text(one, "name"));
    let asked = Asked { path, body: signature.body.and_then(|name| definitions.get(name)), query };
    answers.extend(describe_problems(&problems, is_api, asked, shared));
    let is_json = success.media_type.is_empty() || success.media_type == JSON;
    let scopes: Vec<_> = match needs {
        Needs::Scopes(scopes) => scopes.iter().map(Scope::as_str).collect(),
        _ => Vec::new(),
    };
    let security = if signature.access.takes_token() { json!([{ "JWT": scopes }]) } else { json!([]) };
    let mut described = json!({
        "tags": [operation.tag.name],
        "operationId": operation.id,
        "summary": operation.summary,
        "description": format!("{}\n\n{}", operation.description, signature.access.sentence(needs.scopes())),
        "responses": answers,
        "security": security,
    });
    if !parameters.is_empty() {
        schema::add(&mut described, "parameters", parameters.into());
    }
    if !is_json {
        schema::add(&mut described, "produces", json!([success.media_type]));
    }
    if !signature.raw_body.is_empty() {
        schema::add(&mut described, "consumes", json!(signature.raw_body));
    }
    if *method == Method::PATCH {
        schema::add(&mut described, "consumes", json!([JSON, MERGE_PATCH]));
    }
    described
}

/// The parameters. Path parameters get their names from the path.
fn parameters(path: &str, parameters: Vec<Parameter>) -> Vec<Value> {
    let mut parts = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let described = parameters.into_iter().map(|Parameter { location, name, description, schema }| match location {
        ParameterLocation::Path => {
            json!({ "in": "path", "name": parts.next().unwrap_or_default(), "required": true, "schema": schema })
        }
        ParameterLocation::Query => {
            json!({ "in": "query", "name": name, "description": description, "schema": schema })
        }
        ParameterLocation::Header => {
            json!({ "in": "header", "name": name, "description": description, "schema": schema })
        }
    });
    described.collect()
}

fn if_none_match() -> Value {
    json!({
        "in": "header",
        "name": "If-None-Match",
        "description": "The ETag of what the client has already; 304 if nothing has changed.",
        "schema": tags_schema(),
    })
}

/// The body parameter. It is optional if the body has no required field: no body means an empty object.
fn body_parameter(name: &str, definitions: &Definitions) -> Value {
    let mut body = json!({ "in": "body", "name": "body", "schema": schema::reference(name) });
    if definitions.get(name).is_some_and(|schema| schema.get("required").is_some()) {
        schema::add(&mut body, "required", true.into());
    }
    body
}

/// A response with these headers. Those of every response are described once, in the general part of the document.
fn answer(description: &str, names: &[&str]) -> Value {
    let headers: Map<_, _> = names.iter().map(|name| ((*name).to_owned(), headers::header(name))).collect();
    let mut described = json!({ "description": description });
    if !headers.is_empty() {
        schema::add(&mut described, "headers", headers.into());
    }
    described
}

fn describe_success(success: &Success, definitions: &Definitions) -> Value {
    let mut described = answer(success.description, success.headers);
    if let Some(schema) = &success.schema {
        let name = text(schema, "$ref").strip_prefix("#/definitions/").unwrap_or_default();
        if let Some(example) = definitions.get(name).and_then(|definition| definition.get("example")) {
            schema::add(&mut described, "examples", json!({ JSON: example }));
        }
        schema::add(&mut described, "schema", schema.clone());
    }
    described
}

/// The error responses by status. Operations of the API refer to shared ones, whose examples are of the first operation
/// that can answer so.
fn describe_problems(
    problems: &[Kind],
    is_api: bool,
    asked: Asked<'_>,
    shared: &mut Map<String, Value>,
) -> Map<String, Value> {
    let mut by_status: BTreeMap<_, Vec<Kind>> = BTreeMap::new();
    for kind in Kind::ALL.iter().filter(|kind| problems.contains(kind)) {
        by_status.entry(kind.status).or_default().push(*kind);
    }
    let described = by_status.into_iter().map(|(status, kinds)| {
        let described = if is_api {
            let name = kinds.iter().map(|kind| name_of(kind.slug)).collect::<Vec<_>>().join("Or");
            let reference = json!({ "$ref": format!("#/responses/{name}") });
            shared.entry(name).or_insert_with(|| describe_kinds(&kinds, asked));
            reference
        } else {
            describe_kinds(&kinds, asked)
        };
        (status.as_str().to_owned(), described)
    });
    described.collect()
}

/// The response for several kinds of problem with one status.
fn describe_kinds(kinds: &[Kind], asked: Asked<'_>) -> Value {
    let said: Vec<_> = kinds.iter().map(|kind| format!("`/problems/{}`: {}.", kind.slug, kind.title)).collect();
    let mut described = answer(&said.join("\n\n"), &headers::of_problems(kinds));
    schema::add(&mut described, "schema", schema::reference(problem::SCHEMA_NAME));
    let example = |kind: &Kind| (kind.slug.to_owned(), errors::document(*kind, asked));
    let examples: Map<_, _> = kinds.iter().map(example).collect();
    if let Some(first) = kinds.first().and_then(|kind| examples.get(kind.slug)) {
        schema::add(&mut described, "examples", json!({ problem::MEDIA_TYPE: first }));
    }
    schema::add(&mut described, EXAMPLES, examples.into());
    described
}

/// `StaleVersion` for `stale-version`.
fn name_of(slug: &str) -> String {
    slug.split('-').map(capitalized).collect()
}

pub(super) fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}
