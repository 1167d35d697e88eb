//! The command line.

mod check_config;
mod create_admin;
mod doctor;
mod error;
mod health;
mod migrate;
mod openapi;
mod products;
mod progress;
mod seed;
mod serve;
mod tools;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread::available_parallelism;

use clap::{Parser, Subcommand};
use tokio::runtime::{Builder, Runtime};

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
    /// Write all products to a file, archived ones too, with their stock, in the order in which they were made
    ///
    /// What `import` makes of it is exported as the same file, byte for byte.
    Export(products::Export),
    /// Make and change products by a file, such as `export` writes
    ///
    /// Every line is checked before anything is written. What is wrong is told by line, and nothing is imported if
    /// anything is, unless --skip-bad is given; then it exits with 1, and with 2 if the file cannot be read. Products are
    /// then made a thousand in a transaction and changed a hundred in one. If that is broken off, what was committed
    /// stays; the same import again does the rest, since what is there already is left as it is.
    ///
    /// Stock is that of new products, and is their first movement. A product that is there keeps its stock, since some of
    /// it may have been sold after the file was written: adjust it by the API. Two products cannot exchange their SKUs in
    /// one import.
    Import(products::Import),
    /// Ask the server that runs with this configuration whether it is ready
    ///
    /// Exits with 1 if it is not, for whoever watches over it: a container engine, a service manager.
    Health,
    /// Make another administrator, and print its password once if it is not given
    CreateAdmin(create_admin::CreateAdmin),
    /// Print the document of the API, or write it into a file; needs neither configuration nor database
    Openapi(openapi::OpenApi),
    /// Check the configuration, and show every setting with where it comes from, secrets hidden
    CheckConfig(check_config::CheckConfig),
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

/// HTTP has threads of its own, one for each core. What is left is talking to the database, which is mostly waiting: each
/// thread more has to be woken for it.
fn runtime() -> io::Result<Runtime> {
    let threads = available_parallelism().map_or(1, |cores| cores.get().div_ceil(4));
    Builder::new_multi_thread().worker_threads(threads).enable_all().build()
}

fn run(cli: Cli) -> Result<(), Failure> {
    if let Some(Command::Openapi(openapi)) = &cli.command {
        return openapi.run();
    }
    let effective = load(&Sources::of_process(cli.config), wiring::check_database_url)?;
    let _flush = logging::start(&effective.settings.log)?;
    runtime()?.block_on(dispatch(cli.command.unwrap_or(Command::Serve), effective))
}

async fn dispatch(command: Command, effective: Effective) -> Result<(), Failure> {
    let settings = &effective.settings;
    match command {
        Command::Serve => serve::run(settings).await,
        Command::Migrate(migrate) => migrate.run(settings).await,
        Command::Seed(seed) => seed.run(settings).await,
        Command::Doctor => doctor::run(settings).await,
        Command::Export(export) => export.run(settings).await,
        Command::Import(import) => import.run(settings).await,
        Command::Health => health::run(settings),
        Command::CreateAdmin(create) => create.run(settings).await,
        Command::CheckConfig(check) => {
            check.run(&effective);
            Ok(())
        }
        Command::Openapi(openapi) => openapi.run(),
    }
}

/// Prints a line. Nobody may be reading any more, which is no reason to fail.
fn say(line: impl std::fmt::Display) {
    let _ = writeln!(std::io::stdout(), "{line}");
}
