//! The command line.

mod announce;
mod backup;
mod check_config;
mod create_admin;
mod demo;
mod doctor;
mod error;
mod health;
mod migrate;
mod openapi;
mod password;
mod picture_files;
mod products;
mod progress;
mod restore;
mod seed;
mod send_test_mail;
mod serve;
mod set_password;
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
/// Without a command, storekeeper runs `serve`. Settings come from a file (`--config`, `STOREKEEPER_CONFIG`, or
/// storekeeper.toml in the working directory) and from environment variables such as `STOREKEEPER__SERVER__BIND`, which
/// override the file. `check-config` lists all settings.
#[derive(Parser)]
#[command(name = "storekeeper", version)]
struct Cli {
    /// Configuration file in TOML; it must exist
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Migrate the database, create the first administrator, and serve the API until a stop signal
    Serve(demo::Serve),
    /// Apply, revert or list the migrations of the database schema
    #[command(subcommand)]
    Migrate(migrate::Migrate),
    /// Fill the database with demo data: products with stock, customers with accounts, and orders
    ///
    /// The same numbers give the same names, prices, SKUs, stocks and orders. Products, customers and orders that
    /// already exist (by SKU, by user name or email address, by id) are skipped.
    ///
    /// With --shop there are also zones, shipping methods, tax rates and promotions with the codes SPRING10, THANKS,
    /// FREESHIP, WELCOME and WELCOME-FRIENDS, goods that show them, and orders at what they cost. From then on the shop
    /// sells as one with taxes and shipping: orders need an `expected_total` and a shipping method.
    Seed(seed::Seed),
    /// Check every invariant of the database, such as: stock is the sum of its movements, the total of an order is the
    /// sum of its lines
    ///
    /// Prints a line for each violation and exits with 1 if there is one. It changes nothing and can run while the
    /// server is running.
    ///
    /// With --media it also compares pictures with their files.
    ///
    /// With --payments it also asks the providers for every payment, and prints a line for each difference, and for each
    /// payment that a provider was not able to answer for.
    Doctor(doctor::Doctor),
    /// Copy the SQLite database with its keys and pictures into a new folder, while the server runs
    ///
    /// The copy is checked as `doctor` does before it gets its name. Pictures are copied from the folder beside the
    /// database, not from where `media.store` says. MySQL and MariaDB are backed up by their own tools; the command says
    /// how.
    Backup(backup::Backup),
    /// Replace the SQLite database, its keys and pictures by a backup
    ///
    /// The backup is copied, migrated and checked before anything is touched. No server may run on the database.
    Restore(restore::Restore),
    /// Write all products to a file, including archived ones, with their stock, in order of creation
    ///
    /// Importing the file into an empty database and exporting again gives the same file, byte for byte.
    Export(products::Export),
    /// Create and update products from a file: one of `export`, of Shopify, of `WooCommerce`, or one's own
    ///
    /// Every line is checked before anything is written, and each error is printed with its line number. If a line is
    /// bad, nothing is imported and the exit code is 1, unless --skip-bad is given. If the file cannot be read, the
    /// exit code is 2. A transaction creates up to 1,000 products or updates up to 100. If an import is interrupted,
    /// committed transactions stay; running the same import again does the rest and leaves finished products unchanged.
    ///
    /// The stock in the file is the initial stock of new products. Existing products keep their stock, because units
    /// may have been sold since the file was written, unless --stock is given, or the file is about nothing but stock.
    /// Two products cannot swap their SKUs in one import.
    Import(products::Import),
    /// Check whether the server that runs with this configuration is ready
    ///
    /// Exits with 0 if it is and with 1 if it is not: for the health check of a container engine or a service manager.
    Health,
    /// Create another administrator; without --password-stdin, generate a password and print it once
    CreateAdmin(create_admin::CreateAdmin),
    /// Set the password of an account, for when it is lost; without --password-stdin, generate one and print it once
    ///
    /// It ends every login of the account, and a lockout after failed logins. It can run while the server is running.
    SetPassword(set_password::SetPassword),
    /// Print the OpenAPI document or write it to a file; needs neither configuration nor database
    Openapi(openapi::OpenApi),
    /// Send a mail at once, to try whether the settings `mail.*` are right
    SendTestMail(send_test_mail::SendTestMail),
    /// Check the configuration and print every setting with its source, without secrets
    ///
    /// If `media.store` is set, a small file is stored there, read and deleted again. If the shop sends mail, every
    /// template is tried with sample data, and the mail server is connected to.
    CheckConfig(check_config::CheckConfig),
}

/// Runs the program. The exit code is 1 if the command failed, 2 if the command line or the configuration is wrong.
pub fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let _ = writeln!(std::io::stderr(), "storekeeper: {failure}");
            failure.code()
        }
    }
}

/// The runtime for everything but HTTP, which has its own threads, one for each core. One thread for four cores is
/// enough, because the work is mostly waiting for the database, and each additional thread costs wake-ups.
fn runtime() -> io::Result<Runtime> {
    let threads = available_parallelism().map_or(1, |cores| cores.get().div_ceil(4));
    Builder::new_multi_thread().worker_threads(threads).enable_all().build()
}

fn run(cli: Cli) -> Result<(), Failure> {
    if let Some(Command::Openapi(openapi)) = &cli.command {
        return openapi.run();
    }
    let command = cli.command.unwrap_or_else(|| Command::Serve(demo::Serve::default()));
    let is_demo = matches!(&command, Command::Serve(asked) if asked.demo);
    let effective = load(&Sources { is_demo, ..Sources::of_process(cli.config) }, &wiring::CHECKS)?;
    let _flush = logging::start(&effective.settings.log)?;
    for name in &effective.ignored {
        tracing::warn!(name, "this environment variable is not a setting: settings begin with STOREKEEPER__");
    }
    runtime()?.block_on(dispatch(command, effective))
}

async fn dispatch(command: Command, effective: Effective) -> Result<(), Failure> {
    let settings = &effective.settings;
    if command.works_on_database() {
        hint(format_args!("database: {}", wiring::database_url(settings)?));
    }
    match command {
        Command::Serve(asked) => serve::run(&asked, effective).await,
        Command::Migrate(migrate) => migrate.run(settings).await,
        Command::Seed(seed) => seed.run(settings).await,
        Command::Doctor(doctor) => doctor.run(settings).await,
        Command::Backup(backup) => backup.run(settings).await,
        Command::Restore(restore) => restore.run(settings).await,
        Command::Export(export) => export.run(settings).await,
        Command::Import(import) => import.run(settings).await,
        Command::Health => health::run(settings),
        Command::CreateAdmin(create) => create.run(settings).await,
        Command::SetPassword(set) => set.run(settings).await,
        Command::SendTestMail(send) => send.run(settings).await,
        Command::CheckConfig(check) => check.run(&effective).await,
        Command::Openapi(openapi) => openapi.run(),
    }
}

impl Command {
    /// Whether it opens the database. `serve` does too, and logs which one.
    const fn works_on_database(&self) -> bool {
        match self {
            Self::Migrate(_)
            | Self::Seed(_)
            | Self::Doctor(_)
            | Self::Backup(_)
            | Self::Restore(_)
            | Self::Export(_)
            | Self::Import(_)
            | Self::CreateAdmin(_)
            | Self::SetPassword(_) => true,
            Self::Serve(_) | Self::Health | Self::Openapi(_) | Self::CheckConfig(_) | Self::SendTestMail(_) => false,
        }
    }
}

/// Prints a line to standard error. Write errors are ignored: standard error may be closed.
fn hint(line: impl std::fmt::Display) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Prints a line to standard output. Write errors are ignored: standard output may be closed.
fn say(line: impl std::fmt::Display) {
    let _ = writeln!(std::io::stdout(), "{line}");
}
