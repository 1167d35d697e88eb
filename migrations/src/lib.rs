//! Storekeeper's database schema, step by step.
//!
//! Each migration is one DDL statement, since MySQL commits after each of them anyway: a migration is either done or
//! not. Tables and indexes are written as plain SQL with a few placeholders for what the databases call differently
//! (see `dialect`). What is not here is not here on purpose: no triggers, no procedures, no cascades, and no foreign
//! key that leaves its aggregate, except those that tie an account to its customer.

mod column;
mod dialect;
mod emails;
mod index;
mod schema;
mod sql;
mod table;

use std::collections::BTreeSet;

use sea_orm_migration::sea_orm::EntityTrait;
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

/// The names of the migrations that a database has had. It is only read.
///
/// # Errors
/// If the database does not answer.
pub async fn applied(db: impl IntoSchemaManagerConnection<'_>) -> Result<BTreeSet<String>, DbErr> {
    let manager = SchemaManager::new(db);
    if !manager.has_table("seaql_migrations").await? {
        return Ok(BTreeSet::new());
    }
    let rows = seaql_migrations::Entity::find().all(manager.get_connection()).await?;
    Ok(rows.into_iter().map(|row| row.version).collect())
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
