use sea_orm_migration::{
    DbErr, MigrationName, MigrationTrait, SchemaManager,
    async_trait::async_trait,
    sea_orm::{ConnectionTrait, DbBackend},
};

/// A change that has little in common on different databases.
pub struct Sql {
    /// The name of the migration.
    pub migration: &'static str,
    /// The change on SQLite, if there is one.
    pub sqlite: Option<Change>,
    /// The change on MySQL and MariaDB, if there is one.
    pub server: Option<Change>,
}

/// A statement and the one that takes it back. Both can be run again.
pub struct Change {
    /// There.
    pub up: &'static str,
    /// And back.
    pub down: &'static str,
}

impl Sql {
    fn change(&self, manager: &SchemaManager<'_>) -> Option<&Change> {
        match manager.get_database_backend() {
            DbBackend::Sqlite => self.sqlite.as_ref(),
            _ => self.server.as_ref(),
        }
    }
}

impl MigrationName for Sql {
    fn name(&self) -> &str {
        self.migration
    }
}

#[async_trait]
#[allow(elided_lifetimes_in_paths, reason = "async_trait asks for the signature as the trait has it")]
impl MigrationTrait for Sql {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let Some(Change { up, .. }) = self.change(manager) else { return Ok(()) };
        manager.get_connection().execute_unprepared(up).await.map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let Some(Change { down, .. }) = self.change(manager) else { return Ok(()) };
        manager.get_connection().execute_unprepared(down).await.map(drop)
    }
}
