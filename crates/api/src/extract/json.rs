use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::problem::{Kind, Problem};

/// Parses JSON. An object with a repeated member is refused, because it is ambiguous which of the two counts.
///
/// # Errors
/// `malformed-json` with the position, and without the content.
pub(crate) fn parse(bytes: &[u8]) -> Result<Value, Problem> {
    if let Err(error) = std::str::from_utf8(bytes) {
        let detail = format!("The body is not UTF-8: byte {} is not valid.", error.valid_up_to());
        return Err(Problem::new(Kind::MALFORMED_JSON, detail));
    }
    let strict: Strict = serde_json::from_slice(bytes)
        .map_err(|error| Problem::new(Kind::MALFORMED_JSON, format!("The body is not JSON: {error}.")))?;
    Ok(strict.0)
}

/// A JSON value in which no object has a repeated member.
pub(crate) struct Strict(pub(crate) Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

impl<'de> DeserializeSeed<'de> for StrictVisitor {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = elements.next_element_seed(StrictVisitor)? {
            list.push(element);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if map.insert(name, members.next_value_seed(StrictVisitor)?).is_some() {
                return Err(A::Error::custom("a member of an object is named twice"));
            }
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> String {
        parse(text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn json_values_are_read_unchanged() {
        let text = r#"{"a":[1,-2,1.5,"x",null,true,{}],"b":18446744073709551615}"#;
        assert_eq!(parse(text.as_bytes()).unwrap(), serde_json::from_str::<Value>(text).unwrap());
    }

    #[test]
    fn broken_json_is_refused_with_its_position_and_without_its_content() {
        let text = "{\n \"secret\": hunter2}";
        let refusal = refusal(text);
        assert!(refusal.contains("line 2") && !refusal.contains("hunter2"), "{refusal}");
    }

    #[test]
    fn a_repeated_member_of_an_object_is_refused() {
        assert!(refusal(r#"{"a":1,"b":{"c":1,"c":2}}"#).contains("named twice"));
    }

    #[test]
    fn deep_nesting_and_broken_utf8_are_refused() {
        assert!(refusal(&"[".repeat(100_000)).contains("recursion limit"));
        assert!(parse(b"{\"a\":\"\xff\"}").unwrap_err().to_string().contains("UTF-8"));
    }
}
