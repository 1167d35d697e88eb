//! JSON schemas as Swagger 2.0 writes them, with two keywords that it lacks: `x-nullable`, and `not`.
//!
//! paperclip's own schemas have no room for lengths, patterns and large bounds. So ours travel inside of one of its:
//! [`carried`] packs them in, [`unpack`] takes them out when the document is put together.

use std::collections::BTreeMap;

use domain::{Lines, Rule};
use paperclip::v2::models::DefaultSchemaRaw;
use serde_json::{Map, Value, json};

/// Schemas that have a name.
pub(crate) type Definitions = BTreeMap<String, Value>;

/// Says that a schema of paperclip carries one of ours.
const CARRIED: &str = "carried";

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
        Rule::Email { max } => json!({ "type": "string", "format": "email", "maxLength": max }),
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

/// A schema of paperclip that carries one of ours.
pub(crate) fn carried(schema: Value) -> DefaultSchemaRaw {
    DefaultSchemaRaw { title: Some(CARRIED.to_owned()), example: Some(schema), ..Default::default() }
}

/// Takes out the schema that one of paperclip carries.
pub(super) fn carried_by(schema: &mut Value) -> Option<Value> {
    let members =
        schema.as_object_mut().filter(|members| members.get("title").is_some_and(|title| title == CARRIED))?;
    members.remove("example")
}

/// Takes out every schema that is carried somewhere in `value`.
pub(super) fn unpack(value: &mut Value) {
    if let Some(schema) = carried_by(value) {
        *value = schema;
    }
    match value {
        Value::Object(members) => members.values_mut().for_each(unpack),
        Value::Array(elements) => elements.iter_mut().for_each(unpack),
        _ => {}
    }
}

/// What paperclip derived from an answer: every field is always there, and those that it holds to be optional may be
/// null.
pub(super) fn always_there(schema: &mut Value) {
    let Some(members) = schema.as_object_mut() else { return };
    let required = members.remove("required").unwrap_or_default();
    let is_required = |name: &str| required.as_array().is_some_and(|names| names.iter().any(|one| one == name));
    let Some(properties) = members.get_mut("properties").and_then(Value::as_object_mut) else { return };
    for (name, property) in properties.iter_mut() {
        if !is_required(name) {
            *property = nullable(property.take());
        }
    }
    let names: Vec<_> = properties.keys().cloned().collect();
    members.insert("required".to_owned(), names.into());
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
