use domain::Shop;
use infrastructure::db::Database;

use super::error::Failure;
use crate::config::Settings;
use crate::wiring::{self, StartError};

/// The database and the shop, for commands that work on data without serving.
pub(super) struct Tools {
    pub database: Database,
    pub shop: Shop,
}

impl Tools {
    /// Opens the database and applies pending migrations.
    ///
    /// # Errors
    /// If its amounts are in another currency than the configured one.
    pub async fn preparing(settings: &Settings) -> Result<Self, Failure> {
        let tools = Self::open(settings).await?;
        wiring::prepare_database(&tools.database, tools.shop.currency).await?;
        Ok(tools)
    }

    /// Opens the database without changing it.
    ///
    /// # Errors
    /// If a migration is pending, or its amounts are in another currency than the configured one.
    pub async fn prepared(settings: &Settings) -> Result<Self, Failure> {
        let tools = Self::of_any_currency(settings).await?;
        match tools.database.other_currency(tools.shop.currency).await? {
            Some(other) => Err(StartError::from(other).into()),
            None => Ok(tools),
        }
    }

    /// Opens the database without changing it, whatever the currency of its amounts.
    ///
    /// # Errors
    /// If a migration is pending.
    pub async fn of_any_currency(settings: &Settings) -> Result<Self, Failure> {
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
