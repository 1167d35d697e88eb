//! The document of the API, in OpenAPI 3.1 and in Swagger 2.0.
//!
//! The extractors and answers of each handler describe themselves to paperclip, with the rules of the domain's own
//! types. This module puts that together, adds what paperclip has no words for, and writes it in both versions.

mod about;
mod collect;
mod complete;
pub(crate) mod example;
mod failures;
mod headers;
pub(crate) mod schema;
mod swagger;
mod v3;

use std::sync::LazyLock;

use clap::ValueEnum;
use serde::Serialize;
use serde_json::{Map, Value};

pub(crate) use collect::{Describe, Routes, describe};
pub(crate) use failures::{may_fail, say_who};
pub(crate) use headers::header;

/// Something that can show what it looks like.
pub(crate) trait Example {
    /// Whether it is a page of a list.
    const IS_PAGE: bool = false;

    fn example() -> Self;
}

/// A form of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Swagger 2.0 in YAML
    SwaggerYaml,
    /// OpenAPI 3.1 in YAML
    OpenapiYaml,
    /// OpenAPI 3.1 in JSON
    OpenapiJson,
}

struct Documents {
    swagger_yaml: String,
    openapi_yaml: String,
    openapi_json: String,
}

/// Made once, when somebody asks for one of them.
static DOCUMENTS: LazyLock<Documents> = LazyLock::new(|| {
    let complete = complete::complete(collect::collect());
    let (swagger, openapi) = (swagger::write(complete.clone()), v3::write(complete));
    Documents { swagger_yaml: yaml(&swagger), openapi_yaml: yaml(&openapi), openapi_json: json(&openapi) }
});

/// The document of the API.
pub fn document(format: Format) -> &'static str {
    match format {
        Format::SwaggerYaml => &DOCUMENTS.swagger_yaml,
        Format::OpenapiYaml => &DOCUMENTS.openapi_yaml,
        Format::OpenapiJson => &DOCUMENTS.openapi_json,
    }
}

/// A document holds nothing that YAML or JSON cannot say, so this does not fail.
fn yaml(document: &impl Serialize) -> String {
    serde_yaml::to_string(document).unwrap_or_default()
}

fn json(document: &impl Serialize) -> String {
    serde_json::to_string_pretty(document).unwrap_or_default() + "\n"
}

/// The members of an object; none if it is something else.
fn members(value: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    value.as_object_mut().into_iter().flatten()
}

/// The objects of an object of objects.
fn objects(members: &mut Map<String, Value>) -> impl Iterator<Item = (&String, &mut Map<String, Value>)> {
    members.iter_mut().filter_map(|(name, member)| Some((name, member.as_object_mut()?)))
}

/// A text in an object; an empty one if there is none.
fn text<'a>(object: &'a Value, name: &str) -> &'a str {
    object.get(name).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests;
