use sea_orm_migration::{
    DbErr, MigrationName, MigrationTrait, SchemaManager,
    async_trait::async_trait,
    sea_orm::{ConnectionTrait, DbBackend},
};

/// Makes an index.
pub struct CreateIndex {
    /// The name of the migration.
    pub migration: &'static str,
    /// The name of the index.
    pub index: &'static str,
    /// The table.
    pub table: &'static str,
    /// Its columns.
    pub columns: &'static str,
}

impl MigrationName for CreateIndex {
    fn name(&self) -> &str {
        self.migration
    }
}

#[async_trait]
#[allow(elided_lifetimes_in_paths, reason = "async_trait asks for the signature as the trait has it")]
impl MigrationTrait for CreateIndex {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        self.make("INDEX", "", manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if !manager.has_index(self.table, self.index).await? {
            return Ok(());
        }
        let sql = match manager.get_database_backend() {
            DbBackend::Sqlite => format!("DROP INDEX {}", self.index),
            _ => format!("DROP INDEX {} ON {}", self.index, self.table),
        };
        manager.get_connection().execute_unprepared(&sql).await.map(drop)
    }
}

impl CreateIndex {
    // MySQL knows no "IF" here, so it is asked for beforehand: a crash may have come between the statement and the note
    // that it was run.
    async fn make(&self, kind: &str, only: &str, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        if manager.has_index(self.table, self.index).await? {
            return Ok(());
        }
        let sql = format!("CREATE {kind} {} ON {} ({}){only}", self.index, self.table, self.columns);
        manager.get_connection().execute_unprepared(&sql).await.map(drop)
    }
}

/// Makes an index in which no two rows are the same, unless a column is `NULL`.
pub struct CreateUniqueIndex(pub CreateIndex);

impl MigrationName for CreateUniqueIndex {
    fn name(&self) -> &str {
        self.0.name()
    }
}

#[async_trait]
#[allow(elided_lifetimes_in_paths, reason = "async_trait asks for the signature as the trait has it")]
impl MigrationTrait for CreateUniqueIndex {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        self.0.make("UNIQUE INDEX", "", manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        self.0.down(manager).await
    }
}

/// Makes an index for what few rows have: on SQLite of the rows in which `column` is not `NULL`, so that the others cost
/// nothing. Servers know only indexes of all rows.
pub struct CreateSparseIndex {
    /// The index.
    pub index: CreateIndex,
    /// The column that few rows have.
    pub column: &'static str,
}

impl MigrationName for CreateSparseIndex {
    fn name(&self) -> &str {
        self.index.name()
    }
}

#[async_trait]
#[allow(elided_lifetimes_in_paths, reason = "async_trait asks for the signature as the trait has it")]
impl MigrationTrait for CreateSparseIndex {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let only = match manager.get_database_backend() {
            DbBackend::Sqlite => format!(" WHERE {} IS NOT NULL", self.column),
            _ => String::new(),
        };
        self.index.make("INDEX", &only, manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        self.index.down(manager).await
    }
}
