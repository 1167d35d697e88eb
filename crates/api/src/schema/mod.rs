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
/// What alone is blank and is no control character: white space, what Unicode lets a font ignore, and blank glyphs. The
/// syntax has no way to name those beyond U+FFFF.
const INVISIBLE: &str = concat!(
    r" \u00a0\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u1680\u17b4\u17b5",
    r"\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb",
);

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
    if some { format!("^{any}[^{CONTROL}{BREAKS}{INVISIBLE}]{any}$") } else { format!("^{any}$") }
}

/// The schema of the same values and null.
pub(crate) fn nullable(schema: Value) -> Value {
    let mut schema = if schema.get("$ref").is_some() { json!({ "allOf": [schema] }) } else { schema };
    add(&mut schema, "x-nullable", true.into());
    schema
}

/// The schema of the same texts and the empty one.
pub(crate) fn or_empty(mut schema: Value) -> Value {
    if let Some(Value::Array(words)) = schema.get_mut("enum") {
        words.push("".into());
        return schema;
    }
    if schema.get("minLength").is_some() {
        add(&mut schema, "minLength", 0.into());
    }
    if let Some(pattern) = schema.get("pattern").and_then(Value::as_str) {
        let either = format!("^$|{pattern}");
        add(&mut schema, "pattern", either.into());
    }
    // An empty text has no format, so that the description says what it would, and a pattern what an id looks like.
    if let Some(format) = schema.as_object_mut().and_then(|members| members.remove("format")) {
        if format == "uuid" {
            add(&mut schema, "pattern", "^$|^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$".into());
        }
        let described = format!("Empty, or of the format `{}`.", format.as_str().unwrap_or_default());
        add(&mut schema, "description", described.into());
    }
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
