//! Compares Storekeeper with floors: programs that show what the hardware and the database can do at best.
//!
//! ```sh
//! cargo run --release -p bench -- --mysql mysql://root@127.0.0.1:3316 --mariadb mysql://root@127.0.0.1:3306
//! cargo run --release -p bench -- --scenario order
//! cargo run --release -p bench -- --baseline ../before/storekeeper
//! ```
//!
//! The first writes `docs/performance.md` and `docs/performance.json`; the second prints one scenario; the third
//! compares with another binary of Storekeeper. All build the server first. They need Linux and the Debian package `wrk`.

#![allow(clippy::disallowed_methods, reason = "its ids and times are not those of the shop")]

mod database;
mod floor;
mod instructions;
mod measure;
mod plan;
mod prices;
mod process;
mod report;
mod scenarios;
mod server;
mod shop;
mod wrk;

use std::path::Path;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::floor::Floor;
use crate::instructions::Instructions;
use crate::plan::{Bench, Plan};
use crate::server::Program;

/// Measures Storekeeper against what the hardware and the database allow
#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    plan: Plan,
    #[command(subcommand)]
    part: Option<Part>,
}

#[derive(Subcommand)]
enum Part {
    /// Count the instructions of the hot paths and compare them with the recorded ones
    Instructions(Instructions),
    /// Run a floor (used by the bench itself)
    #[command(subcommand, hide = true)]
    Floor(Floor),
}

fn main() -> Result<()> {
    let Cli { plan, part } = Cli::parse();
    match part {
        Some(Part::Floor(floor)) => floor.run(),
        Some(Part::Instructions(guard)) => tokio::runtime::Runtime::new()?.block_on(guard.run()),
        None => tokio::runtime::Runtime::new()?.block_on(measure(plan)),
    }
}

async fn measure(plan: Plan) -> Result<()> {
    let program = plan.storekeeper.clone().map_or_else(Program::build, |file| Ok(Program(file)))?;
    let mut bench = Bench::new(plan, program);
    match bench.plan.baseline.clone() {
        Some(file) => scenarios::against(&mut bench, &Program(file)).await?,
        None => scenarios::run(&mut bench).await?,
    }
    if bench.plan.is_whole() {
        report::write(&bench, &Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs"))?;
    }
    Ok(())
}
