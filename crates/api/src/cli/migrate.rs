use clap::Subcommand;

use super::error::Failure;
use super::say;
use crate::config::Settings;
use crate::wiring;

/// What to do with the schema.
#[derive(Subcommand)]
pub(super) enum Migrate {
    /// Apply every migration that is not applied yet; `serve` does it too
    Up,
    /// Take back the last migrations, with all that is in their tables
    Down {
        /// How many
        #[arg(long, value_name = "N", default_value_t = 1)]
        steps: u32,
    },
    /// Show every migration and whether it is applied
    Status,
}

impl Migrate {
    pub(super) async fn run(self, settings: &Settings) -> Result<(), Failure> {
        let database = wiring::open_database(settings).await?;
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
