use clap::Subcommand;

use super::error::Failure;
use super::say;
use crate::config::Settings;
use crate::wiring;

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
