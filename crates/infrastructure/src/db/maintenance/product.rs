use sea_orm::DbBackend;

use crate::db::engine::{Error, Executor as _, FromRow, Row};
use crate::db::pools::Pools;

/// The database in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// `SQLite`, `MySQL` or `MariaDB`.
    pub name: &'static str,
    /// Its version, as it says itself.
    pub version: String,
}

impl FromRow for Product {
    fn from_row(row: &Row) -> Result<Self, Error> {
        let version: String = row.at(0)?;
        Ok(Self { name: if version.contains("MariaDB") { "MariaDB" } else { "MySQL" }, version })
    }
}

pub(in crate::db) async fn product(pools: &Pools) -> Result<Product, Error> {
    let is_sqlite = pools.read.backend() == DbBackend::Sqlite;
    let sql = if is_sqlite { "SELECT sqlite_version()" } else { "SELECT CAST(VERSION() AS CHAR)" };
    let found: Vec<Product> = pools.read.rows(sql).await?;
    let product = found.into_iter().next().ok_or_else(Error::no_result)?;
    Ok(if is_sqlite { Product { name: "SQLite", ..product } } else { product })
}
