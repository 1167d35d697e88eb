//! What requests give products of attributes: an object with a member for each.

use application::assignments::MOST_GIVEN;
use domain::attributes::{AttributeCode, AttributeInput};
use domain::{Code, Invalid};
use serde_json::{Map, Value, json};

use crate::extract::read::Read;
use crate::extract::{Fields, FromFields, Report};
use crate::schema::{self, Definitions};

/// Parser of what a field gives.
pub(in crate::routes) struct GivenAttributes;

/// A body that gives all this, by the codes of the attributes.
pub(crate) struct Assignment(pub(in crate::routes) Vec<(String, AttributeInput)>);

/// The value of a member; what it means depends on the type of the attribute.
fn given(value: Value) -> Result<AttributeInput, Invalid> {
    let wrong = || Invalid::new(Code::WrongType, "must be a string, a list of strings, a number, true, false or null");
    Ok(match value {
        Value::Null => AttributeInput::Nothing,
        Value::Bool(value) => AttributeInput::Boolean(value),
        Value::String(text) => AttributeInput::Text(text),
        // `3.0` is a whole number, too.
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < 1e15 => {
                AttributeInput::Number(format!("{float:.0}"))
            }
            _ => AttributeInput::Number(number.to_string()),
        },
        Value::Array(elements) => {
            let text = |element| match element {
                Value::String(text) => Ok(text),
                _ => Err(wrong()),
            };
            AttributeInput::Texts(elements.into_iter().map(text).collect::<Result<_, _>>()?)
        }
        Value::Object(_) => return Err(wrong()),
    })
}

fn too_many() -> Invalid {
    Invalid::new(Code::TooLong, format!("must have at most {MOST_GIVEN} members"))
}

/// The schema: an object whose members are the codes of attributes.
fn schema() -> Value {
    let value = json!({
        "description": "Of a choice the slug or id of a term, or a list of them, the main one first; else a text, a number, \
            true, false, or a day such as `2026-11-27`. Null takes away.",
    });
    json!({ "type": "object", "maxProperties": MOST_GIVEN, "additionalProperties": value })
}

impl Read for GivenAttributes {
    type Out = Vec<(String, AttributeInput)>;

    fn read(&self, value: Value, path: &str, report: &mut Report) -> Option<Self::Out> {
        let members = match value {
            Value::Object(members) if members.len() <= MOST_GIVEN => members,
            Value::Object(_) => return report.keep(path, Err(too_many())),
            _ => return report.keep(path, Err(Invalid::new(Code::WrongType, "must be an object"))),
        };
        let read: Vec<_> = members
            .into_iter()
            .map(|(name, value)| {
                let shown: String = name.chars().take(64).collect();
                Some((name, report.keep(&format!("{path}.{shown}"), given(value))?))
            })
            .collect();
        read.into_iter().collect()
    }

    fn schema(&self, _: &mut Definitions) -> Value {
        schema()
    }
}

impl FromFields for Assignment {
    const NAME: &'static str = "Assignment";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let members: Map<String, Value> = fields.rest();
        if members.len() > MOST_GIVEN {
            fields.refuse_object(too_many());
            return None;
        }
        let mut all = Vec::new();
        for (name, value) in members {
            match given(value) {
                Ok(given) => all.push((name, given)),
                Err(invalid) => fields.refuse(&name.chars().take(64).collect::<String>(), invalid),
            }
        }
        Some(Self(all))
    }

    fn example() -> Value {
        let code = AttributeCode::CATEGORY;
        json!({ code: ["mugs", "gifts"], "colour": "blue", "tag": ["new", "sale"], "capacity_ml": 350, "season": null })
    }

    fn define(definitions: &mut Definitions) {
        let mut schema = schema();
        schema::add(&mut schema, "example", Self::example());
        definitions.insert(Self::NAME.to_owned(), schema);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_read_as_they_are_written_r203() {
        let number = |text: &str| AttributeInput::Number(text.to_owned());
        for (value, read) in [
            (json!(null), AttributeInput::Nothing),
            (json!(true), AttributeInput::Boolean(true)),
            (json!("blue"), AttributeInput::Text("blue".to_owned())),
            (json!(["a", "b"]), AttributeInput::Texts(vec!["a".to_owned(), "b".to_owned()])),
            (json!([]), AttributeInput::Texts(Vec::new())),
            (json!(350), number("350")),
            (json!(-3.0), number("-3")),
            (json!(0.35), number("0.35")),
            (json!(18_446_744_073_709_551_615_u64), number("18446744073709551615")),
        ] {
            assert_eq!(given(value.clone()).unwrap(), read, "{value}");
        }
        for bad in [json!({}), json!([1]), json!([["a"]]), json!([null])] {
            assert_eq!(given(bad.clone()).unwrap_err().code, Code::WrongType, "{bad}");
        }
    }
}
