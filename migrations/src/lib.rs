//! Storekeeper's database schema, step by step.
//!
//! Each migration is one DDL statement, since MySQL commits after each of them anyway: a migration is either done or
//! not. Tables and indexes are written as plain SQL with a few placeholders for what the databases call differently
//! (see `dialect`). What is not here is not here on purpose: no triggers, no procedures, no cascades, and no foreign
//! key that leaves its aggregate, except those that tie an account to its customer, and what products have to the terms
//! and attributes that it is of.

mod column;
mod dialect;
mod emails;
mod index;
mod indexed;
mod loss;
mod schema;
mod sql;
mod table;

pub use loss::{Loss, losses};

use std::collections::BTreeSet;

use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, EntityTrait, Statement};
use sea_orm_migration::{
    DbErr, MigrationTrait, MigratorTrait, SchemaManager, prelude::IntoSchemaManagerConnection, seaql_migrations,
};

struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        schema::migrations()
    }
}

/// The names of all migrations, in order.
pub fn names() -> Vec<String> {
    schema::migrations().iter().map(|migration| migration.name().to_owned()).collect()
}

/// What a database holds.
#[derive(Debug, Default)]
pub struct Contents {
    /// The names of the migrations that it has had.
    pub applied: BTreeSet<String>,
    /// Tables of others, if nothing of Storekeeper's is there: the database belongs to another program.
    pub strangers: Vec<String>,
}

/// The table in which migrations are noted.
const NOTES: &str = "seaql_migrations";
/// What may be there before the first migration is noted: a crash may have come in between.
const BEFORE_THE_FIRST_NOTE: [&str; 3] = [NOTES, "migration_lock", "customers"];

/// Looks at a database. It is only read.
///
/// # Errors
/// If the database does not answer.
pub async fn contents(db: impl IntoSchemaManagerConnection<'_>) -> Result<Contents, DbErr> {
    let manager = SchemaManager::new(db);
    let tables = tables(&manager).await?;
    let is_there = |table: &str| tables.iter().any(|name| name == table);
    if is_there(NOTES) {
        if !manager.has_column(NOTES, "version").await? || !manager.has_column(NOTES, "applied_at").await? {
            return Ok(Contents { strangers: vec![NOTES.to_owned()], ..Contents::default() });
        }
        let rows = seaql_migrations::Entity::find().all(manager.get_connection()).await?;
        if !rows.is_empty() {
            let applied = rows.into_iter().map(|row| row.version).collect();
            return Ok(Contents { applied, ..Contents::default() });
        }
    }
    let is_ours = !is_there("customers") || manager.has_column("customers", "email_key").await?;
    let may_be_there = |name: &String| {
        BEFORE_THE_FIRST_NOTE.contains(&name.as_str()) && (name != "customers" || is_ours) || is_of_a_tool(name)
    };
    let strangers = tables.iter().filter(|name| !may_be_there(name)).cloned().collect();
    Ok(Contents { applied: BTreeSet::new(), strangers })
}

/// SQLite's own tables, and those of what copies the file.
fn is_of_a_tool(table: &str) -> bool {
    table.starts_with("sqlite_") || table.starts_with("_litestream_")
}

/// The names of all tables and views, in order.
async fn tables(manager: &SchemaManager<'_>) -> Result<Vec<String>, DbErr> {
    let backend = manager.get_database_backend();
    let sql = match backend {
        DbBackend::Sqlite => "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name",
        _ => "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY name",
    };
    let rows = manager.get_connection().query_all_raw(Statement::from_string(backend, sql)).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}

/// Applies every migration that the database has not had.
///
/// # Errors
/// If the database refuses one of them. Those before it stay applied, if the database cannot undo DDL.
pub async fn up(db: impl IntoSchemaManagerConnection<'_>) -> Result<(), DbErr> {
    Migrator::up(db, None).await
}

/// Takes back the last `steps` migrations.
///
/// # Errors
/// As [`up`].
pub async fn down(db: impl IntoSchemaManagerConnection<'_>, steps: u32) -> Result<(), DbErr> {
    Migrator::down(db, Some(steps)).await
}
