use std::fmt::Display;
use std::str::FromStr as _;
use std::sync::Arc;

use rusqlite::types::{FromSql, Value, ValueRef};
use sea_orm::{
    ActiveModelTrait, ColumnTrait as _, ColumnType, EntityTrait, FromQueryResult, ModelTrait, QueryResult, TryGetable,
    TryIntoModel,
};

use super::{Error, ErrorKind};

/// A row of a result.
pub(in crate::db) enum Row {
    Server(QueryResult),
    Sqlite(SqliteRow),
}

/// A row of SQLite, which has no type for ids or booleans. The target says what a value is: [`FromSql`] for one value,
/// the columns of the entity for a model.
pub(in crate::db) struct SqliteRow {
    /// The names of the columns, each on a line of its own: all in one text, because most rows are read by position.
    pub columns: Arc<str>,
    pub values: Vec<Value>,
}

/// A type that is decoded from a row. Models find their columns by name; types on hot paths find them by position.
pub(in crate::db) trait FromRow: Sized + Send {
    fn from_row(row: &Row) -> Result<Self, Error>;
}

/// The model of an entity.
pub(in crate::db) trait Model: Sized + Send {
    /// Decodes the columns that have this prefix.
    fn from_columns(row: &Row, prefix: &str) -> Result<Self, Error>;
}

type ActiveModel<M> = <<M as ModelTrait>::Entity as EntityTrait>::ActiveModel;
type Column<M> = <<M as ModelTrait>::Entity as EntityTrait>::Column;

impl<M> Model for M
where
    M: ModelTrait + FromQueryResult + Send,
    ActiveModel<M>: TryIntoModel<M>,
{
    fn from_columns(row: &Row, prefix: &str) -> Result<Self, Error> {
        let row = match row {
            Row::Server(row) => return Ok(M::from_query_result(row, prefix)?),
            Row::Sqlite(row) => row,
        };
        let mut model = <ActiveModel<M> as ActiveModelTrait>::default();
        for (name, value) in row.columns(prefix) {
            if let Ok(column) = Column::<M>::from_str(name) {
                model.try_set(column, typed(column.def().get_column_type(), value)?)?;
            }
        }
        Ok(model.try_into_model()?)
    }
}

impl<M: Model> FromRow for M {
    fn from_row(row: &Row) -> Result<Self, Error> {
        M::from_columns(row, "")
    }
}

impl Row {
    /// The value of a column, counted from 0.
    pub fn at<T: TryGetable + FromSql>(&self, column: usize) -> Result<T, Error> {
        let row = match self {
            Self::Server(row) => return Ok(row.try_get_by_index(column)?),
            Self::Sqlite(row) => row,
        };
        let value = row.values.get(column).ok_or_else(|| broken("there is no such column"))?;
        T::column_result(ValueRef::from(value)).map_err(broken)
    }

    /// The model whose columns have this prefix; `None` if all are null, because no row was joined.
    pub fn joined<M: Model + FromQueryResult>(&self, prefix: &str) -> Result<Option<M>, Error> {
        match self {
            Self::Server(row) => Ok(M::from_query_result_optional(row, prefix)?),
            Self::Sqlite(row) if row.columns(prefix).all(|(_, value)| *value == Value::Null) => Ok(None),
            Self::Sqlite(_) => M::from_columns(self, prefix).map(Some),
        }
    }
}

impl SqliteRow {
    fn columns(&self, prefix: &str) -> impl Iterator<Item = (&str, &Value)> {
        let columns = self.columns.lines().zip(&self.values);
        columns.filter_map(move |(name, value)| Some((name.strip_prefix(prefix)?, value)))
    }
}

/// The value of a column of this type.
fn typed(column: &ColumnType, value: &Value) -> Result<sea_orm::Value, Error> {
    let value = ValueRef::from(value);
    match column {
        ColumnType::Uuid => Option::<uuid::Uuid>::column_result(value).map(Into::into),
        ColumnType::Boolean => Option::<bool>::column_result(value).map(Into::into),
        ColumnType::BigInteger => Option::<i64>::column_result(value).map(Into::into),
        ColumnType::String(_) => Option::<String>::column_result(value).map(Into::into),
        ColumnType::VarBinary(_) => Option::<Vec<u8>>::column_result(value).map(Into::into),
        other => return Err(broken(format_args!("no column may be {other:?}"))),
    }
    .map_err(broken)
}

fn broken(what: impl Display) -> Error {
    Error::new(ErrorKind::Other, format!("a row cannot be read: {what}"))
}

#[cfg(test)]
mod tests;
