use std::fmt::Display;
use std::sync::Arc;

use rusqlite::types::{FromSql, Value, ValueRef};
use sea_orm::{FromQueryResult, QueryResult, TryGetable};
use serde::de::value::{Error as SerdeError, MapDeserializer, SeqDeserializer};
use serde::de::{DeserializeOwned, Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::{Error, ErrorKind};

/// A row of a result.
pub(in crate::db) enum Row {
    Server(QueryResult),
    Sqlite(SqliteRow),
}

/// What can be decoded from a row. A model goes by the names of its columns; what is hot goes by their positions.
pub(in crate::db) trait FromRow: Sized + Send {
    fn from_row(row: &Row) -> Result<Self, Error>;
}

impl<M: FromQueryResult + DeserializeOwned + Send> FromRow for M {
    fn from_row(row: &Row) -> Result<Self, Error> {
        row.model("")
    }
}

impl Row {
    /// The value of a column, counted from 0.
    pub fn at<T: TryGetable + FromSql>(&self, column: usize) -> Result<T, Error> {
        match self {
            Self::Server(row) => Ok(row.try_get_by_index(column)?),
            Self::Sqlite(row) => {
                let value =
                    row.values.get(column).ok_or_else(|| broken(format_args!("there is no column {column}")))?;
                T::column_result(ValueRef::from(value))
                    .map_err(|error| broken(format_args!("column {column}: {error}")))
            }
        }
    }

    /// The model whose columns have this prefix.
    pub fn model<M: FromQueryResult + DeserializeOwned>(&self, prefix: &str) -> Result<M, Error> {
        match self {
            Self::Server(row) => Ok(M::from_query_result(row, prefix)?),
            Self::Sqlite(row) => M::deserialize(MapDeserializer::new(row.columns(prefix))).map_err(broken),
        }
    }

    /// The same; `None` if all its columns are null, because no row was joined.
    pub fn joined_model<M: FromQueryResult + DeserializeOwned>(&self, prefix: &str) -> Result<Option<M>, Error> {
        match self {
            Self::Server(row) => Ok(M::from_query_result_optional(row, prefix)?),
            Self::Sqlite(row) if row.columns(prefix).all(|(_, cell)| *cell.0 == Value::Null) => Ok(None),
            Self::Sqlite(_) => self.model(prefix).map(Some),
        }
    }
}

fn broken(what: impl Display) -> Error {
    Error::new(ErrorKind::Other, format!("a row cannot be read: {what}"))
}

/// A row of SQLite. SQLite has no type for ids or booleans, so the target says what a value is: for one value through
/// [`FromSql`], for a model through serde.
pub(in crate::db) struct SqliteRow {
    pub columns: Arc<[String]>,
    pub values: Vec<Value>,
}

impl SqliteRow {
    fn columns(&self, prefix: &str) -> impl Iterator<Item = (&str, Cell<'_>)> {
        let named = self.columns.iter().zip(&self.values);
        named.filter_map(move |(name, value)| Some((name.strip_prefix(prefix)?, Cell(value))))
    }
}

#[derive(Clone, Copy)]
struct Cell<'a>(&'a Value);

impl<'de> IntoDeserializer<'de, SerdeError> for Cell<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Cell<'de> {
    type Error = SerdeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, SerdeError> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Integer(number) => visitor.visit_i64(*number),
            Value::Real(number) => visitor.visit_f64(*number),
            Value::Text(text) => visitor.visit_borrowed_str(text),
            Value::Blob(bytes) => visitor.visit_borrowed_bytes(bytes),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, SerdeError> {
        if *self.0 == Value::Null { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, SerdeError> {
        match self.0 {
            Value::Integer(number) => visitor.visit_bool(*number != 0),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, SerdeError> {
        match self.0 {
            Value::Blob(bytes) => visitor.visit_seq(SeqDeserializer::new(bytes.iter().copied())),
            _ => self.deserialize_any(visitor),
        }
    }

    /// Ids are bytes, not text.
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

    #[derive(Debug, PartialEq, Deserialize, FromQueryResult)]
    struct Found {
        id: Uuid,
        body: Option<Vec<u8>>,
        note: Option<String>,
        active: bool,
        count: i64,
    }

    fn row<const N: usize>(columns: [(&str, Value); N]) -> Row {
        let (columns, values): (Vec<_>, _) = columns.into_iter().map(|(name, value)| (name.to_owned(), value)).unzip();
        Row::Sqlite(SqliteRow { columns: columns.into(), values })
    }

    #[test]
    fn the_target_says_what_a_value_of_sqlite_is() {
        let id = Uuid::from_u128(7);
        let bytes = || Value::Blob(id.as_bytes().to_vec());
        let row = row([
            ("A_id", bytes()),
            ("A_body", bytes()),
            ("A_note", Value::Null),
            ("A_active", Value::Integer(1)),
            ("A_count", Value::Integer(-3)),
            ("B_id", Value::Null),
        ]);
        let found = Found { id, body: Some(id.as_bytes().to_vec()), note: None, active: true, count: -3 };
        assert_eq!(row.joined_model::<Found>("A_").unwrap(), Some(found));
        assert_eq!(row.joined_model::<Found>("B_").unwrap(), None);
        assert_eq!(row.at::<Uuid>(0).unwrap(), id);
        assert_eq!(row.at::<Option<String>>(2).unwrap(), None);
        assert!(row.at::<bool>(3).unwrap());
    }

    #[test]
    fn a_value_of_another_type_is_an_error() {
        let row = row([("id", Value::Text("no id".into())), ("count", Value::Null)]);
        assert!(row.at::<Uuid>(0).is_err() && row.at::<i64>(1).is_err() && row.at::<i64>(2).is_err());
        assert!(row.model::<Found>("").is_err());
    }
}
