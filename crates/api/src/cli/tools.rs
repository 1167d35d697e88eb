use domain::Shop;
use infrastructure::db::Database;

use super::error::Failure;
use crate::config::Settings;
use crate::wiring;

/// What the commands need that work on the data of a shop and serve nobody.
pub(super) struct Tools {
    pub database: Database,
    pub shop: Shop,
}

impl Tools {
    /// For a command that may change the schema: brings it up to date.
    pub async fn preparing(settings: &Settings) -> Result<Self, Failure> {
        let tools = Self::open(settings).await?;
        tools.database.migrate_up().await?;
        Ok(tools)
    }

    /// For a command that only looks, or may be a trial: the schema must be up to date.
    pub async fn prepared(settings: &Settings) -> Result<Self, Failure> {
        let tools = Self::open(settings).await?;
        if tools.database.migration_status().await?.iter().all(|migration| migration.applied) {
            return Ok(tools);
        }
        Err(Failure::Failed("the schema is not up to date: run `storekeeper migrate up` first".into()))
    }

    async fn open(settings: &Settings) -> Result<Self, Failure> {
        let shop = Shop { currency: settings.shop.currency, lead_time_days: settings.shop.lead_time_days };
        Ok(Self { database: wiring::open_database(settings).await?, shop })
    }
}
