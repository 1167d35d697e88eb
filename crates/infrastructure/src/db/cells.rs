//! A row of SQLite, read as serde reads: SQLite tells no ids from other bytes and no truths from numbers, so that what
//! is read says what it is.

use std::sync::Arc;

use rusqlite::types::Value;
use sea_orm::DbErr;
use serde::de::value::{Error, MapDeserializer, SeqDeserializer};
use serde::de::{DeserializeOwned, Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

/// The values of a row, each with the name of its column.
pub(super) struct Cells {
    pub names: Arc<[String]>,
    pub values: Vec<Value>,
}

impl Cells {
    /// The value at a place.
    pub fn at<T: DeserializeOwned>(&self, place: usize) -> Result<T, DbErr> {
        let value = self.values.get(place).ok_or_else(|| DbErr::Type(format!("there is no column {place}")))?;
        T::deserialize(Cell(value)).map_err(|error| unread(&error))
    }

    /// What is made of the columns whose names begin with `prefix`.
    pub fn part<T: DeserializeOwned>(&self, prefix: &str) -> Result<T, DbErr> {
        T::deserialize(MapDeserializer::new(self.columns(prefix))).map_err(|error| unread(&error))
    }

    /// Whether all of these are null.
    pub fn is_null(&self, prefix: &str) -> bool {
        self.columns(prefix).all(|(_, cell)| matches!(cell.0, Value::Null))
    }

    fn columns(&self, prefix: &str) -> impl Iterator<Item = (&str, Cell<'_>)> {
        let named = self.names.iter().zip(&self.values);
        named.filter_map(move |(name, value)| Some((name.strip_prefix(prefix)?, Cell(value))))
    }
}

fn unread(error: &Error) -> DbErr {
    DbErr::Type(error.to_string())
}

#[derive(Clone, Copy)]
struct Cell<'a>(&'a Value);

impl<'de> IntoDeserializer<'de, Error> for Cell<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Cell<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Integer(number) => visitor.visit_i64(*number),
            Value::Real(number) => visitor.visit_f64(*number),
            Value::Text(text) => visitor.visit_borrowed_str(text),
            Value::Blob(bytes) => visitor.visit_borrowed_bytes(bytes),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Integer(number) => visitor.visit_bool(*number != 0),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Blob(bytes) => visitor.visit_seq(SeqDeserializer::new(bytes.iter().copied())),
            _ => self.deserialize_any(visitor),
        }
    }

    /// Ids are bytes, not texts.
    fn is_human_readable(&self) -> bool {
        false
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct newtype_struct
        tuple tuple_struct map struct enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use uuid::Uuid;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Found {
        id: Uuid,
        body: Option<Vec<u8>>,
        note: Option<String>,
        active: bool,
        count: i64,
    }

    fn row(columns: Vec<(&str, Value)>) -> Cells {
        let (names, values): (Vec<_>, Vec<_>) =
            columns.into_iter().map(|(name, value)| (name.to_owned(), value)).unzip();
        Cells { names: names.into(), values }
    }

    #[test]
    fn what_is_read_says_what_a_value_is() {
        let id = Uuid::from_u128(7);
        let bytes = || Value::Blob(id.as_bytes().to_vec());
        let row = row(vec![
            ("A_id", bytes()),
            ("A_body", bytes()),
            ("A_note", Value::Null),
            ("A_active", Value::Integer(1)),
            ("A_count", Value::Integer(-3)),
            ("B_id", Value::Null),
        ]);
        let found = Found { id, body: Some(id.as_bytes().to_vec()), note: None, active: true, count: -3 };
        assert_eq!(row.part::<Found>("A_").unwrap(), found);
        assert!(row.is_null("B_") && !row.is_null("A_"));
        assert_eq!(row.at::<Uuid>(0).unwrap(), id);
        assert_eq!(row.at::<Option<String>>(2).unwrap(), None);
    }

    #[test]
    fn what_is_not_what_it_should_be_is_an_error() {
        let row = row(vec![("id", Value::Text("no id".into())), ("count", Value::Null)]);
        assert!(row.at::<Uuid>(0).is_err() && row.at::<i64>(1).is_err() && row.at::<i64>(2).is_err());
        assert!(row.part::<Found>("").is_err());
    }
}
