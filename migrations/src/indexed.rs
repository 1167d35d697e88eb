use sea_orm_migration::{
    DbErr, MigrationName, MigrationTrait, SchemaManager,
    async_trait::async_trait,
    sea_orm::{ConnectionTrait, DbBackend},
};

use crate::column::AddColumn;

/// Adds a column to a table, and an index that begins with it.
pub struct AddIndexedColumn {
    /// The column.
    pub column: AddColumn,
    /// The name of the index.
    pub index: &'static str,
    /// The columns of the index.
    pub columns: &'static str,
}

impl MigrationName for AddIndexedColumn {
    fn name(&self) -> &str {
        self.column.name()
    }
}

#[async_trait]
#[allow(elided_lifetimes_in_paths, reason = "async_trait asks for the signature as the trait has it")]
impl MigrationTrait for AddIndexedColumn {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let Self { column: AddColumn { table, column, definition, .. }, index, columns } = self;
        let db = manager.get_connection();
        if manager.get_database_backend() == DbBackend::Sqlite {
            // A migration is one transaction here.
            self.column.up(manager).await?;
            return db.execute_unprepared(&format!("CREATE INDEX {index} ON {table} ({columns})")).await.map(drop);
        }
        if manager.has_column(table, column).await? {
            return Ok(());
        }
        let definition = crate::dialect::types(manager.get_database_backend(), definition);
        let sql = format!("ALTER TABLE {table} ADD COLUMN {column} {definition}, ADD INDEX {index} ({columns})");
        db.execute_unprepared(&sql).await.map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let Self { column: AddColumn { table, column, .. }, index, .. } = self;
        let db = manager.get_connection();
        if manager.get_database_backend() == DbBackend::Sqlite {
            db.execute_unprepared(&format!("DROP INDEX {index}")).await?;
            return self.column.down(manager).await;
        }
        if !manager.has_column(table, column).await? {
            return Ok(());
        }
        let sql = format!("ALTER TABLE {table} DROP INDEX {index}, DROP COLUMN {column}");
        db.execute_unprepared(&sql).await.map(drop)
    }
}
