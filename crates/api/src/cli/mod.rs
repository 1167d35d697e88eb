//! The command line.

mod check_config;
mod create_admin;
mod doctor;
mod error;
mod migrate;
mod progress;
mod seed;
mod serve;
mod tools;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::{Effective, Sources, load};
use crate::{logging, wiring};
use error::Failure;

/// A commerce back end in one binary: customers, products, stock, carts and orders behind a REST API.
///
/// Without a command it serves. Settings come from a file (`--config`, `STOREKEEPER_CONFIG`, or storekeeper.toml in the
/// working directory) and from environment variables such as `STOREKEEPER__SERVER__BIND`, which win. `check-config` shows
/// them all.
#[derive(Parser)]
#[command(name = "storekeeper", version)]
struct Cli {
    /// The configuration file, in TOML
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Prepare the database and serve the API, until a stop signal
    Serve,
    /// Change or show the schema of the database
    #[command(subcommand)]
    Migrate(migrate::Migrate),
    /// Fill the database with demo data: products with stock, customers with accounts, and orders
    ///
    /// The same numbers give the same names, prices, SKUs, stocks and orders. What is there already, by its SKU, user
    /// name or email address, stays as it is.
    Seed(seed::Seed),
    /// Check that what must always hold in the database does: stock is the sum of its movements, an order that of its
    /// lines, and so on
    ///
    /// Prints a line for each thing that breaks a rule, and exits with 1 if there is one. It changes nothing, and may run
    /// while the shop is open.
    Doctor,
    /// Make another administrator, and print its password once if it is not given
    CreateAdmin(create_admin::CreateAdmin),
    /// Check the configuration, and show every setting with where it comes from, secrets hidden
    CheckConfig,
}

/// Runs the program. Exits with 1 if something failed, with 2 if the command line or the configuration is wrong.
pub fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let _ = writeln!(std::io::stderr(), "storekeeper: {failure}");
            failure.code()
        }
    }
}

fn run(cli: Cli) -> Result<(), Failure> {
    let effective = load(&Sources::of_process(cli.config), wiring::check_database_url)?;
    logging::start(&effective.settings.log);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(dispatch(cli.command.unwrap_or(Command::Serve), effective))
}

async fn dispatch(command: Command, effective: Effective) -> Result<(), Failure> {
    let settings = &effective.settings;
    match command {
        Command::Serve => serve::run(settings).await,
        Command::Migrate(migrate) => migrate.run(settings).await,
        Command::Seed(seed) => seed.run(settings).await,
        Command::Doctor => doctor::run(settings).await,
        Command::CreateAdmin(create) => create.run(settings).await,
        Command::CheckConfig => {
            check_config::run(&effective);
            Ok(())
        }
    }
}

/// Prints a line. Nobody may be reading any more, which is no reason to fail.
fn say(line: impl std::fmt::Display) {
    let _ = writeln!(std::io::stdout(), "{line}");
}
