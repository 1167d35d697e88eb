use clap::Subcommand;
use infrastructure::db::migration_names;

use super::error::Failure;
use super::{hint, say};
use crate::config::Settings;
use crate::wiring::{self, StartError};

/// The subcommands of `migrate`.
#[derive(Subcommand)]
pub(super) enum Migrate {
    /// Apply all pending migrations; `serve` does this too
    Up,
    /// Revert the last migrations and delete the data in their tables
    Down {
        /// How many migrations to revert
        #[arg(long, value_name = "N", default_value_t = 1)]
        steps: u32,
    },
    /// List every migration as applied or pending
    Status,
}

impl Migrate {
    pub(super) async fn run(self, settings: &Settings) -> Result<(), Failure> {
        let opened = match self {
            Self::Up => wiring::open_database(settings).await,
            Self::Down { .. } | Self::Status => wiring::open_existing(settings).await,
        };
        let database = match opened {
            // Then everything is still to be done.
            Err(missing @ StartError::NoDatabase(_)) if matches!(self, Self::Status) => {
                hint(missing);
                migration_names().into_iter().for_each(|name| say(format_args!("pending  {name}")));
                return Ok(());
            }
            opened => opened?,
        };
        match self {
            Self::Up => database.migrate_up().await?,
            Self::Down { steps } => database.migrate_down(steps).await?,
            Self::Status => {}
        }
        for migration in database.migration_status().await? {
            let state = if migration.applied { "applied" } else { "pending" };
            say(format_args!("{state}  {}", migration.name));
        }
        database.close().await;
        Ok(())
    }
}
