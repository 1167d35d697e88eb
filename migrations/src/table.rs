use sea_orm_migration::{
    DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait::async_trait, sea_orm::ConnectionTrait,
};

use crate::dialect;

/// Makes a table.
pub struct CreateTable {
    /// The name of the migration.
    pub migration: &'static str,
    /// The name of the table.
    pub table: &'static str,
    /// Whether its rows are small and best kept in order of the primary key.
    pub clustered: bool,
    /// Columns and constraints, with the placeholders of [`dialect::types`].
    pub definition: &'static str,
}

impl MigrationName for CreateTable {
    fn name(&self) -> &str {
        self.migration
    }
}

#[async_trait]
#[allow(elided_lifetimes_in_paths, reason = "async_trait asks for the signature as the trait has it")]
impl MigrationTrait for CreateTable {
    // "IF" makes it safe to go on after a crash between the statement and the note that it was run.
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        let definition = dialect::types(backend, self.definition);
        let options = dialect::options(backend, self.clustered);
        let sql = format!("CREATE TABLE IF NOT EXISTS {} ({definition}) {options}", self.table);
        manager.get_connection().execute_unprepared(&sql).await.map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sql = format!("DROP TABLE IF EXISTS {}", self.table);
        manager.get_connection().execute_unprepared(&sql).await.map(drop)
    }
}
