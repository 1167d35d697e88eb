//! The document in OpenAPI 3.1.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::about::{Info, Link};
use super::complete::{Complete, EXAMPLES};
use super::webhooks::webhooks;
use super::{members, objects, text};
use crate::extract::FORM;
use crate::media::JSON;
use crate::operation::Tag;
use crate::problem::MEDIA_TYPE;

/// The document. The order of fields is that of the output.
#[derive(Serialize)]
pub(super) struct Document {
    openapi: &'static str,
    info: Info,
    servers: Value,
    tags: Vec<&'static Tag>,
    #[serde(rename = "externalDocs", skip_serializing_if = "Option::is_none")]
    external_docs: Option<Link>,
    paths: Map<String, Value>,
    webhooks: Map<String, Value>,
    components: Components,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Components {
    schemas: Map<String, Value>,
    responses: Map<String, Value>,
    headers: Map<String, Value>,
    security_schemes: Value,
}

pub(super) fn write(complete: Complete) -> Document {
    let Complete { mut paths, definitions: mut schemas, mut responses, tags } = complete;
    let mut headers = Map::new();
    for (_, operation) in objects(&mut paths).flat_map(|(_, methods)| objects(methods)) {
        rewrite_operation(operation, &schemas, &mut headers);
    }
    for (_, answer) in objects(&mut responses) {
        rewrite_answer(answer, MEDIA_TYPE, &mut headers);
    }
    for (_, schema) in objects(&mut schemas) {
        // Examples are where the schema is used.
        schema.remove("example");
    }
    let mut webhooks = webhooks(&mut schemas);
    paths
        .values_mut()
        .chain(webhooks.values_mut())
        .chain(schemas.values_mut())
        .chain(responses.values_mut())
        .for_each(rewrite_schemas);
    Document {
        openapi: "3.1.0",
        info: Info::OPENAPI,
        servers: json!([{ "url": "/", "description": "The server that gave this document." }]),
        tags,
        external_docs: Link::REPOSITORY,
        paths,
        webhooks,
        components: Components { schemas, responses, headers, security_schemes: bearer() },
    }
}

/// The bearer scheme (RFC 6750).
fn bearer() -> Value {
    json!({ "JWT": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "The `access_token` that `POST /api/v1/auth/login` gives, or the secret of an API key.",
    }})
}

fn rewrite_operation(
    operation: &mut Map<String, Value>,
    definitions: &Map<String, Value>,
    headers: &mut Map<String, Value>,
) {
    let produces = operation.remove("produces").and_then(|types| Some(types.get(0)?.as_str()?.to_owned()));
    let produces = produces.as_deref().unwrap_or(JSON);
    let consumes = operation.remove("consumes").and_then(|types| serde_json::from_value(types).ok());
    let consumes: Vec<String> = consumes.unwrap_or_else(|| vec![JSON.to_owned()]);
    if let Some(Value::Array(parameters)) = operation.remove("parameters") {
        let (body, others): (Vec<_>, Vec<_>) = parameters.into_iter().partition(|one| text(one, "in") == "body");
        let parameters = others.clone();
        if !others.is_empty() {
            operation.insert("parameters".to_owned(), others.into());
        }
        for mut body in body {
            let required = body.get("required").is_some();
            let schema = body.get_mut("schema").map(Value::take).unwrap_or_default();
            let example = example(&schema, definitions);
            let mut content = json!({ "schema": schema.clone() });
            if !example.is_null() {
                crate::schema::add(&mut content, "example", example);
            }
            let of = |media_type: &String| {
                if media_type == FORM { json!({ "schema": form(&schema, &parameters) }) } else { content.clone() }
            };
            let content: Map<_, _> = consumes.iter().map(|media_type| (media_type.clone(), of(media_type))).collect();
            operation.insert("requestBody".to_owned(), json!({ "required": required, "content": content }));
        }
    }
    let Some(Value::Object(answers)) = operation.get_mut("responses") else { return };
    for (status, answer) in objects(answers) {
        let media_type = if status.starts_with(['4', '5']) { MEDIA_TYPE } else { produces };
        rewrite_answer(answer, media_type, headers);
    }
}

/// A form with a file, whose other fields say what parameters say. As in a query string, no others are taken.
fn form(file: &Value, parameters: &[Value]) -> Value {
    let in_query = parameters.iter().filter(|one| text(one, "in") == "query");
    let mut fields: Map<_, _> =
        in_query.map(|one| (text(one, "name").to_owned(), one.get("schema").cloned().unwrap_or_default())).collect();
    fields.insert("file".to_owned(), file.clone());
    json!({ "type": "object", "required": ["file"], "properties": fields, "additionalProperties": false })
}

fn rewrite_answer(answer: &mut Map<String, Value>, media_type: &str, headers: &mut Map<String, Value>) {
    let example = answer.remove("examples").and_then(|mut examples| Some(examples.get_mut(media_type)?.take()));
    let examples = answer.remove(EXAMPLES);
    if let Some(schema) = answer.remove("schema") {
        let mut content = json!({ "schema": schema });
        match examples {
            Some(Value::Object(examples)) if examples.len() > 1 => {
                let named = examples.into_iter().map(|(name, value)| (name, json!({ "value": value })));
                crate::schema::add(&mut content, "examples", named.collect::<Map<_, _>>().into());
            }
            _ => example.into_iter().for_each(|example| crate::schema::add(&mut content, "example", example)),
        }
        answer.insert("content".to_owned(), json!({ media_type: content }));
    }
    for (name, header) in answer.get_mut("headers").into_iter().flat_map(members) {
        let reference = json!({ "$ref": format!("#/components/headers/{name}") });
        let header = std::mem::replace(header, reference);
        let (description, data_type) = (text(&header, "description"), text(&header, "type"));
        headers.insert(name.clone(), json!({ "description": description, "schema": { "type": data_type } }));
    }
}

fn example(schema: &Value, definitions: &Map<String, Value>) -> Value {
    let name = text(schema, "$ref").strip_prefix("#/definitions/").unwrap_or_default();
    definitions.get(name).and_then(|definition| definition.get("example")).cloned().unwrap_or_default()
}

/// Rewrites nullable types and references for OpenAPI 3.1: null is a type, and schemas are in `components`.
fn rewrite_schemas(value: &mut Value) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get_mut("$ref") {
                *reference = reference.replace("#/definitions/", "#/components/schemas/");
                *reference = reference.replace("#/responses/", "#/components/responses/");
            }
            // A parameter that is given several times is the default here.
            members.remove("collectionFormat");
            members.values_mut().for_each(rewrite_schemas);
            if members.remove("x-nullable").is_some() {
                take_null(members);
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(rewrite_schemas),
        _ => {}
    }
}

fn take_null(schema: &mut Map<String, Value>) {
    if let Some(Value::Array(all)) = schema.remove("allOf") {
        let null = json!({ "type": "null" });
        schema.insert("anyOf".to_owned(), all.into_iter().chain([null]).collect());
    }
    if let Some(data_type) = schema.remove("type") {
        schema.insert("type".to_owned(), json!([data_type, "null"]));
    }
    if let Some(Value::Array(words)) = schema.get_mut("enum") {
        words.push(Value::Null);
    }
}
