use domain::Shop;
use infrastructure::db::Database;

use super::error::Failure;
use crate::config::Settings;
use crate::wiring::{self, StartError};

/// The database and the shop, for commands that work on data without serving.
pub(super) struct Tools {
    pub database: Database,
    pub shop: Shop,
    /// What URLs of pictures begin with.
    pub pictures_base: String,
    /// Whether it says nothing of what it does.
    is_quiet: bool,
}

impl Tools {
    /// Opens the database without creating it or changing its schema, to write amounts into it.
    ///
    /// # Errors
    /// If there is none, a migration is pending, or its amounts are in another currency than the configured one.
    pub async fn writing(settings: &Settings) -> Result<Self, Failure> {
        let tools = Self::of_any_currency(settings).await?;
        tools.database.hold_currency(tools.shop.currency).await?.map_err(StartError::from)?;
        Ok(tools)
    }

    /// Opens the database without changing it.
    ///
    /// # Errors
    /// If there is none, a migration is pending, or its amounts are in another currency than the configured one.
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
    /// If there is none, or a migration is pending.
    pub async fn of_any_currency(settings: &Settings) -> Result<Self, Failure> {
        let shop = Shop { currency: settings.shop.currency, lead_time_days: settings.shop.lead_time_days };
        let pictures_base = settings.own_media_base().unwrap_or_default();
        Ok(Self { database: wiring::open_prepared(settings).await?, shop, pictures_base, is_quiet: false })
    }

    /// The same, but they say nothing.
    #[must_use]
    pub const fn quiet(mut self) -> Self {
        self.is_quiet = true;
        self
    }

    /// Prints a line to standard output, unless they are quiet.
    pub fn say(&self, line: impl std::fmt::Display) {
        if !self.is_quiet {
            super::say(line);
        }
    }
}
