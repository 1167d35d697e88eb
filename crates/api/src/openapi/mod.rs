//! The API document in OpenAPI 3.1 and Swagger 2.0.
//!
//! Each route has an operation, which is written by hand, and a signature, which follows from the types that its
//! handler takes and returns. This module puts them together, and writes the document in both versions.

mod about;
mod complete;
mod errors;
mod headers;
mod swagger;
mod v3;
mod webhooks;

use std::sync::LazyLock;

use clap::ValueEnum;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::context::Documents;
use crate::routes::table;

/// Version and format of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Swagger 2.0 in YAML
    SwaggerYaml,
    /// OpenAPI 3.1 in YAML
    OpenapiYaml,
    /// OpenAPI 3.1 in JSON
    OpenapiJson,
}

/// The documents, generated from the routes at first use.
pub static DOCUMENTS: LazyLock<Documents> = LazyLock::new(|| {
    let complete = complete::complete(&table().routes);
    let (swagger, openapi) = (swagger::write(complete.clone()), v3::write(complete));
    Documents { swagger_yaml: yaml(&swagger), openapi_yaml: yaml(&openapi), openapi_json: json(&openapi) }
});

/// The API document in a format.
pub fn document(format: Format) -> &'static str {
    match format {
        Format::SwaggerYaml => &DOCUMENTS.swagger_yaml,
        Format::OpenapiYaml => &DOCUMENTS.openapi_yaml,
        Format::OpenapiJson => &DOCUMENTS.openapi_json,
    }
}

/// The document as YAML. Serialising cannot fail, because it consists of JSON values only.
fn yaml(document: &impl Serialize) -> String {
    serde_yaml::to_string(document).unwrap_or_default()
}

fn json(document: &impl Serialize) -> String {
    serde_json::to_string_pretty(document).unwrap_or_default() + "\n"
}

/// The members of an object; empty for any other value.
fn members(value: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    value.as_object_mut().into_iter().flatten()
}

/// The members that are objects.
fn objects(members: &mut Map<String, Value>) -> impl Iterator<Item = (&String, &mut Map<String, Value>)> {
    members.iter_mut().filter_map(|(name, member)| Some((name, member.as_object_mut()?)))
}

/// The string member of an object; empty if it is missing.
fn text<'a>(object: &'a Value, name: &str) -> &'a str {
    object.get(name).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests;
