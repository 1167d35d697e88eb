//! Rows, and what is read of them.

use sea_orm::{DbErr, FromQueryResult, QueryResult, TryGetable};
use serde::de::DeserializeOwned;

use super::cells::Cells;

/// A row that a database answered.
pub(super) enum Row {
    /// As sqlx has it.
    OfSqlx(QueryResult),
    /// As SQLite itself has it.
    Embedded(Cells),
}

/// What a row becomes. Models do by the names of their columns; what is read often may go by their places.
pub(super) trait FromRow: Sized + Send {
    /// Reads it.
    fn from_row(row: &Row) -> Result<Self, DbErr>;
}

impl<M: FromQueryResult + DeserializeOwned + Send> FromRow for M {
    fn from_row(row: &Row) -> Result<Self, DbErr> {
        row.part("")
    }
}

impl Row {
    /// The value at a place.
    pub fn at<T: TryGetable + DeserializeOwned>(&self, place: usize) -> Result<T, DbErr> {
        match self {
            Self::OfSqlx(row) => row.try_get_by_index(place),
            Self::Embedded(row) => row.at(place),
        }
    }

    /// What is made of the columns whose names begin with `prefix`.
    pub fn part<M: FromQueryResult + DeserializeOwned>(&self, prefix: &str) -> Result<M, DbErr> {
        match self {
            Self::OfSqlx(row) => M::from_query_result(row, prefix),
            Self::Embedded(row) => row.part(prefix),
        }
    }

    /// The same; `None` if nothing was joined, so that all of these are null.
    pub fn joined<M: FromQueryResult + DeserializeOwned>(&self, prefix: &str) -> Result<Option<M>, DbErr> {
        match self {
            Self::OfSqlx(row) => M::from_query_result_optional(row, prefix),
            Self::Embedded(row) if row.is_null(prefix) => Ok(None),
            Self::Embedded(row) => row.part(prefix).map(Some),
        }
    }
}
