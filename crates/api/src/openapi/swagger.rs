//! The document in Swagger 2.0.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::about::{Info, Link};
use super::complete::{Complete, EXAMPLES};
use super::{members, objects, text};
use crate::media::JSON;
use crate::operation::Tag;

/// The document. The order of fields is that of the output.
#[derive(Serialize)]
pub(super) struct Document {
    swagger: &'static str,
    info: Info,
    consumes: [&'static str; 1],
    produces: [&'static str; 2],
    tags: Vec<&'static Tag>,
    #[serde(rename = "externalDocs", skip_serializing_if = "Option::is_none")]
    external_docs: Option<Link>,
    paths: Map<String, Value>,
    definitions: Map<String, Value>,
    responses: Map<String, Value>,
    #[serde(rename = "securityDefinitions")]
    security_definitions: Value,
}

pub(super) fn write(complete: Complete) -> Document {
    let Complete { mut paths, mut definitions, mut responses, tags } = complete;
    // There is room for one example.
    for (_, answer) in objects(&mut responses) {
        answer.remove(EXAMPLES);
    }
    for (_, operation) in objects(&mut paths).flat_map(|(_, methods)| objects(methods)) {
        for (_, answer) in operation.get_mut("responses").and_then(Value::as_object_mut).into_iter().flat_map(objects) {
            answer.remove(EXAMPLES);
        }
        // Its scheme has no scopes; the description names them.
        for scopes in
            operation.get_mut("security").and_then(Value::as_array_mut).into_iter().flatten().flat_map(members)
        {
            *scopes.1 = json!([]);
        }
        operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten().for_each(flatten);
    }
    // Examples of responses are in the responses; only request bodies keep them in the schema.
    for (_, schema) in objects(&mut definitions).filter(|(_, schema)| !schema.contains_key("additionalProperties")) {
        schema.remove("example");
    }
    paths.values_mut().chain(definitions.values_mut()).for_each(drop_not);
    let types = definitions.iter().map(|(name, schema)| (name.clone(), text(schema, "type").to_owned())).collect();
    paths.values_mut().chain(definitions.values_mut()).for_each(|value| type_nullable(value, &types));
    Document {
        swagger: "2.0",
        info: Info::SWAGGER,
        consumes: [JSON],
        produces: [JSON, crate::problem::MEDIA_TYPE],
        tags,
        external_docs: Link::REPOSITORY,
        paths,
        definitions,
        responses,
        security_definitions: token(),
    }
}

/// The bearer scheme as a header, because Swagger 2.0 has no bearer scheme.
fn token() -> Value {
    json!({ "JWT": {
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        "description": "`Bearer ` and the `access_token` that `POST /api/v1/auth/login` gives, or the secret of an API key.",
    }})
}

/// Moves the schema of a parameter into the parameter: in Swagger 2.0 only a body has a schema.
fn flatten(parameter: &mut Value) {
    if text(parameter, "in") == "body" {
        return;
    }
    let Some(parameter) = parameter.as_object_mut() else { return };
    if let Some(Value::Object(schema)) = parameter.remove("schema") {
        // The description of the parameter takes precedence over that of its schema.
        for (name, value) in schema {
            parameter.entry(name).or_insert(value);
        }
    }
}

/// Removes `not`, which Swagger 2.0 does not have. The description has the rule too.
fn drop_not(value: &mut Value) {
    match value {
        Value::Object(members) => {
            // Only in schemas, which have a type: `not` could also be the name of a field.
            if members.contains_key("type") {
                members.remove("not");
            }
            members.values_mut().for_each(drop_not);
        }
        Value::Array(elements) => elements.iter_mut().for_each(drop_not),
        _ => {}
    }
}

/// Gives a type to each reference that may be null: `x-nullable` says something of a type, and nothing without one.
fn type_nullable(value: &mut Value, types: &BTreeMap<String, String>) {
    match value {
        Value::Object(members) => {
            members.values_mut().for_each(|member| type_nullable(member, types));
            if !members.contains_key("x-nullable") {
                return;
            }
            let referred =
                members.get("allOf").and_then(|all| text(all.get(0)?, "$ref").strip_prefix("#/definitions/"));
            if let Some(data_type) = referred.and_then(|name| types.get(name)) {
                members.insert("type".to_owned(), data_type.as_str().into());
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(|element| type_nullable(element, types)),
        _ => {}
    }
}
