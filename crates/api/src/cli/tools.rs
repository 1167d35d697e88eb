use domain::Shop;
use infrastructure::db::Database;

use super::error::Failure;
use crate::config::Settings;
use crate::wiring;

/// The database and the shop, for commands that work on data without serving.
pub(super) struct Tools {
    pub database: Database,
    pub shop: Shop,
}

impl Tools {
    /// Opens the database and applies pending migrations.
    pub async fn preparing(settings: &Settings) -> Result<Self, Failure> {
        let tools = Self::open(settings).await?;
        tools.database.migrate_up().await?;
        tools.database.agree_on_time().await?;
        Ok(tools)
    }

    /// Opens the database without changing its schema.
    ///
    /// # Errors
    /// If a migration is pending.
    pub async fn prepared(settings: &Settings) -> Result<Self, Failure> {
        let tools = Self::open(settings).await?;
        if tools.database.migration_status().await?.iter().all(|migration| migration.applied) {
            tools.database.agree_on_time().await?;
            return Ok(tools);
        }
        Err(Failure::Failed("the schema is not up to date: run `storekeeper migrate up` first".into()))
    }

    async fn open(settings: &Settings) -> Result<Self, Failure> {
        let shop = Shop { currency: settings.shop.currency, lead_time_days: settings.shop.lead_time_days };
        Ok(Self { database: wiring::open_database(settings).await?, shop })
    }
}
