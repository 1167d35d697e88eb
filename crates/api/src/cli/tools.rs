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
    /// Opens the database without creating it or changing its schema.
    ///
    /// # Errors
    /// If there is none, or a migration is pending.
    pub async fn prepared(settings: &Settings) -> Result<Self, Failure> {
        let shop = Shop { currency: settings.shop.currency, lead_time_days: settings.shop.lead_time_days };
        Ok(Self { database: wiring::open_prepared(settings).await?, shop })
    }
}
