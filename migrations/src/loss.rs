//! What reverting migrations deletes.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm_migration::sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use sea_orm_migration::{DbErr, MigratorTrait};

use crate::Migrator;

/// What is deleted with its data.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loss {
    /// A table.
    Table(String),
    /// A column of a table that stays.
    Column {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
}

/// The tables and columns that reverting the last `steps` of the first `applied` migrations deletes. It is tried on an
/// empty database in memory, so that it is true of every kind of migration.
///
/// # Errors
/// If the database in memory refuses a migration.
pub async fn losses(applied: usize, steps: u32) -> Result<Vec<Loss>, DbErr> {
    let options = ConnectOptions::new("sqlite::memory:").max_connections(1).sqlx_logging(false).to_owned();
    let trial = Database::connect(options).await?;
    Migrator::up(&trial, Some(u32::try_from(applied).unwrap_or(u32::MAX))).await?;
    let before = columns(&trial).await?;
    Migrator::down(&trial, Some(steps)).await?;
    let after = columns(&trial).await?;
    trial.close().await?;
    let mut losses = Vec::new();
    for (table, columns) in before {
        match after.get(&table) {
            None => losses.push(Loss::Table(table)),
            Some(left) => losses.extend(
                columns.difference(left).map(|column| Loss::Column { table: table.clone(), column: column.clone() }),
            ),
        }
    }
    Ok(losses)
}

/// The columns of every table that holds data of its own: not those that are computed, nor those of an index.
async fn columns(db: &DatabaseConnection) -> Result<BTreeMap<String, BTreeSet<String>>, DbErr> {
    let sql = "SELECT t.name, c.name FROM pragma_table_list AS t JOIN pragma_table_info(t.name) AS c
        WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name <> 'seaql_migrations'";
    let mut tables: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for row in db.query_all_raw(Statement::from_string(DbBackend::Sqlite, sql)).await? {
        tables.entry(row.try_get_by_index(0)?).or_default().insert(row.try_get_by_index(1)?);
    }
    Ok(tables)
}
