use sea_orm_migration::{
    DbErr, MigrationName, MigrationTrait, SchemaManager,
    async_trait::async_trait,
    sea_orm::{ConnectionTrait, DbBackend},
};

use crate::dialect;

/// Adds a column to a table.
pub struct AddColumn {
    /// The name of the migration.
    pub migration: &'static str,
    /// The table.
    pub table: &'static str,
    /// The name of the column.
    pub column: &'static str,
    /// Its type and what else there is to say, with the placeholders of [`dialect::types`].
    pub definition: &'static str,
}

impl MigrationName for AddColumn {
    fn name(&self) -> &str {
        self.migration
    }
}

#[async_trait]
#[allow(elided_lifetimes_in_paths, reason = "async_trait asks for the signature as the trait has it")]
impl MigrationTrait for AddColumn {
    // No "IF" here that MySQL knows; see `CreateIndex`.
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if self.is_there(manager).await? == Some(true) {
            return Ok(());
        }
        let definition = dialect::types(manager.get_database_backend(), self.definition);
        let sql = format!("ALTER TABLE {} ADD COLUMN {} {definition}", self.table, self.column);
        manager.get_connection().execute_unprepared(&sql).await.map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if self.is_there(manager).await? == Some(false) {
            return Ok(());
        }
        let sql = format!("ALTER TABLE {} DROP COLUMN {}", self.table, self.column);
        manager.get_connection().execute_unprepared(&sql).await.map(drop)
    }
}

impl AddColumn {
    /// Whether the column is there, or `None` on SQLite: there a migration is one transaction, so that it need not be
    /// asked, and a computed column is not listed, so that it could not.
    async fn is_there(&self, manager: &SchemaManager<'_>) -> Result<Option<bool>, DbErr> {
        match manager.get_database_backend() {
            DbBackend::Sqlite => Ok(None),
            _ => manager.has_column(self.table, self.column).await.map(Some),
        }
    }
}
