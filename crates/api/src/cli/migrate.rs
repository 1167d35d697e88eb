use std::io::BufRead;

use clap::Subcommand;
use infrastructure::db::{Database, Deleted, migration_names};

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
    ///
    /// Says first which tables and columns it deletes and how many rows they have, and wants `yes` on standard input.
    /// It is refused while servers run on the database: stop them before.
    Down {
        /// How many migrations to revert
        #[arg(long, value_name = "N", default_value_t = 1)]
        steps: u32,
        /// Delete the data without asking
        #[arg(long)]
        yes: bool,
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
                for name in migration_names() {
                    say(format_args!("pending  {name}"));
                }
                return Ok(());
            }
            opened => opened?,
        };
        match self {
            Self::Up => database.migrate_up().await?,
            Self::Down { steps, yes } => down(&database, steps, yes).await?,
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

/// Reverts migrations, after it has said what that deletes.
async fn down(database: &Database, steps: u32, yes: bool) -> Result<(), Failure> {
    let status = database.migration_status().await?;
    let reverted: Vec<_> =
        status.iter().rev().filter(|it| it.applied).take(steps.try_into().unwrap_or(usize::MAX)).collect();
    let (Some(last), Some(first)) = (reverted.first(), reverted.last()) else {
        hint("there is no migration to revert");
        return Ok(());
    };
    let deleted = database.losses(steps).await?;
    hint(format_args!(
        "reverting {} migrations, from {} to {}, deletes for good:",
        reverted.len(),
        last.name,
        first.name
    ));
    for Deleted { what, rows } in &deleted {
        let kind = if what.contains('.') { "values" } else { "rows" };
        hint(format_args!("  {what}: {rows} {kind}"));
    }
    if deleted.is_empty() {
        hint("  nothing, only indexes or what can be computed again");
    }
    if !yes {
        confirm()?;
    }
    Ok(database.migrate_down(steps).await?)
}

/// Wants `yes` on standard input.
fn confirm() -> Result<(), Failure> {
    hint("type yes to go on:");
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    if answer.trim() == "yes" {
        return Ok(());
    }
    Err(Failure::Failed("nothing was reverted: the answer was not yes (--yes goes on without asking)".into()))
}
