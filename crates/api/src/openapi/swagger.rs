//! The document in Swagger 2.0.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::about::{Info, Link};
use super::complete::Complete;
use super::{objects, text};
use crate::operation::Tag;

/// In the order in which people read it.
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
    let Complete { mut paths, mut definitions, responses, tags } = complete;
    for (_, operation) in objects(&mut paths).flat_map(|(_, methods)| objects(methods)) {
        operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten().for_each(flatten);
    }
    // The examples of answers stand with the answers; only those of bodies have no other place.
    for (_, schema) in objects(&mut definitions).filter(|(_, schema)| !schema.contains_key("additionalProperties")) {
        schema.remove("example");
    }
    paths.values_mut().chain(definitions.values_mut()).for_each(drop_not);
    Document {
        swagger: "2.0",
        info: Info::SWAGGER,
        consumes: ["application/json"],
        produces: ["application/json", crate::problem::MEDIA_TYPE],
        tags,
        external_docs: Link::REPOSITORY,
        paths,
        definitions,
        responses,
        security_definitions: token(),
    }
}

/// The scheme of OpenAPI 3.1, as a header.
fn token() -> Value {
    json!({ "JWT": {
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        "description": "`Bearer ` and the `access_token` that `POST /api/v1/auth/login` gives.",
    }})
}

/// Only the body has a schema here; of the other parameters it is a part.
fn flatten(parameter: &mut Value) {
    if text(parameter, "in") == "body" {
        return;
    }
    let Some(parameter) = parameter.as_object_mut() else { return };
    if let Some(Value::Object(schema)) = parameter.remove("schema") {
        // Of two descriptions that of the parameter says more.
        for (name, value) in schema {
            parameter.entry(name).or_insert(value);
        }
    }
}

/// There is no `not` in Swagger 2.0; the description says it.
fn drop_not(value: &mut Value) {
    match value {
        Value::Object(members) => {
            // A field could have that name, but a field is described by its type.
            if members.contains_key("type") {
                members.remove("not");
            }
            members.values_mut().for_each(drop_not);
        }
        Value::Array(elements) => elements.iter_mut().for_each(drop_not),
        _ => {}
    }
}
