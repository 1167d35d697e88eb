//! JSON schemas as Swagger 2.0 writes them, with two keywords that it lacks: `x-nullable`, and `not`.

mod derived;

use std::collections::BTreeMap;

use domain::{Lines, Rule};
use serde_json::{Map, Value, json};

pub(crate) use derived::{Apiv2Schema, DefaultSchemaRaw, ResponseBody, of_response, page, text_format, with_schema};

/// Schemas by name.
pub(crate) type Definitions = BTreeMap<String, Value>;

/// Control characters, without line breaks and tabs.
const CONTROL: &str = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f";
/// Line breaks and tabs.
const BREAKS: &str = r"\t\n\r";
/// White space that is no control character: what trimming takes away, and what alone is blank.
const SPACE: &str = r" \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000";

/// The schema of what a rule lets through.
pub(crate) fn of(rule: &Rule) -> Value {
    match rule {
        Rule::Text { min, max, lines } => {
            json!({ "type": "string", "minLength": min, "maxLength": max, "pattern": text(*min > 0, *lines) })
        }
        Rule::Pattern { pattern, min, max } => {
            json!({ "type": "string", "minLength": min, "maxLength": max, "pattern": pattern })
        }
        Rule::Email { max } => json!({ "type": "string", "format": "idn-email", "maxLength": max }),
        Rule::Secret { min, max } => json!({
            "type": "string",
            "format": "password",
            "minLength": min,
            "maxLength": max,
            "pattern": r"^[^\u0000]*$",
            "description": format!("{min} to {max} bytes in UTF-8."),
        }),
        Rule::OneOf(words) => json!({ "type": "string", "enum": words }),
        Rule::Integer { min, max, except } => {
            let mut schema = json!({ "type": "integer", "format": "int64", "minimum": min, "maximum": max });
            if let Some(except) = except {
                add(&mut schema, "not", json!({ "enum": [except] }));
                add(&mut schema, "description", format!("Never {except}.").into());
            }
            schema
        }
        Rule::Id => json!({ "type": "string", "format": "uuid" }),
        Rule::Day => json!({ "type": "string", "format": "date" }),
        Rule::Time => json!({ "type": "string", "format": "date-time" }),
        Rule::Boolean => json!({ "type": "boolean" }),
    }
}

/// The regular expression of a text, in the syntax that ECMA-262, Python and Rust share.
fn text(some: bool, lines: Lines) -> String {
    let breaks = if lines == Lines::Many { "" } else { BREAKS };
    let any = format!("[^{CONTROL}{breaks}]*");
    if some { format!("^{any}[^{CONTROL}{BREAKS}{SPACE}]{any}$") } else { format!("^{any}$") }
}

/// The schema of the same values and null.
pub(crate) fn nullable(schema: Value) -> Value {
    let mut schema = if schema.get("$ref").is_some() { json!({ "allOf": [schema] }) } else { schema };
    add(&mut schema, "x-nullable", true.into());
    schema
}

/// The schema that is called `name`.
pub(crate) fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/definitions/{name}") })
}

/// Adds a member to an object.
pub(crate) fn add(object: &mut Value, name: &str, value: Value) {
    if let Value::Object(members) = object {
        members.insert(name.to_owned(), value);
    }
}

/// An object with these properties and no others.
pub(crate) fn closed(properties: Map<String, Value>, required: Vec<String>) -> Value {
    let mut schema = json!({ "type": "object", "additionalProperties": false });
    add(&mut schema, "properties", properties.into());
    if !required.is_empty() {
        add(&mut schema, "required", required.into());
    }
    schema
}
