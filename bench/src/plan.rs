//! The plan of measurements and their results.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use serde::{Deserialize, Serialize};

use crate::database::Database;
use crate::measure::{Sample, Spread, Summary};
use crate::server::Program;

/// The command-line arguments.
#[derive(Args, Clone)]
pub struct Plan {
    /// Run only this scenario and write no files. One of: product, list, revalidation, list-uncached, page-4000,
    /// search, order, hot-product, purchase, cart, prepaid-order (with payment), settled-notice, login, reads-beside-logins,
    /// footprint; with `--baseline` also priced-order, limited-order, quote
    #[arg(long, value_name = "NAME")]
    scenario: Option<String>,
    /// Seconds of a round
    #[arg(long, default_value_t = 2)]
    pub seconds: u32,
    /// Number of rounds of each program, in turns
    #[arg(long, default_value_t = 5)]
    pub rounds: u32,
    /// MySQL server, such as `mysql://root@127.0.0.1:3306`; a database is created there and dropped
    #[arg(long, value_name = "URL")]
    pub mysql: Option<String>,
    /// MariaDB server, likewise
    #[arg(long, value_name = "URL")]
    pub mariadb: Option<String>,
    /// Skip SQLite
    #[arg(long)]
    pub no_sqlite: bool,
    /// Measure with 1,000,000 products, too
    #[arg(long)]
    pub million: bool,
    /// Minutes of load for the measurement of memory; 0 skips it
    #[arg(long, value_name = "MINUTES", default_value_t = 0)]
    pub soak: u32,
    /// Storekeeper binary to use instead of building one
    #[arg(long, value_name = "FILE")]
    pub storekeeper: Option<PathBuf>,
    /// Another Storekeeper binary, such as that of the last release. Both are measured in turns, each on a database of
    /// its own; prints the ratios and writes no files
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
}

impl Plan {
    /// Whether one of these scenarios is to be measured.
    pub fn wants(&self, names: &[&str]) -> bool {
        self.scenario.as_deref().is_none_or(|only| names.contains(&only))
    }

    /// Whether all scenarios are to be measured against their floors.
    pub fn is_whole(&self) -> bool {
        self.scenario.is_none() && self.baseline.is_none()
    }
}

/// The target of a comparison.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    /// At least this multiple of the responses per second of the floor.
    Speed(f64),
    /// At most this multiple of the time per response of the floor.
    Time(f64),
    /// At most this multiple of the p99 latency of the floor.
    P99(f64),
}

impl Goal {
    fn ratio(self, ours: &Sample, floor: &Sample) -> f64 {
        match self {
            Self::Speed(_) => ours.per_second / floor.per_second,
            Self::Time(_) => floor.per_second / ours.per_second,
            Self::P99(_) => ours.p99 / floor.p99,
        }
    }

    /// Whether a ratio meets the target.
    pub fn is_met(self, ratio: f64) -> bool {
        match self {
            Self::Speed(goal) => ratio >= goal,
            Self::Time(goal) | Self::P99(goal) => ratio <= goal,
        }
    }
}

/// The result of a scenario on a database.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Row {
    pub scenario: String,
    pub database: String,
    pub connections: u32,
    pub ours: Summary,
    pub floor: Option<Compared>,
}

/// The comparison with a floor.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Compared {
    pub name: String,
    pub floor: Summary,
    /// The ratio, over all rounds.
    pub ratio: Spread,
    pub goal: Goal,
}

/// All measurements.
pub struct Bench {
    pub plan: Plan,
    pub program: Program,
    pub workers: usize,
    pub rows: Vec<Row>,
    /// The databases and their versions.
    pub versions: Vec<(String, String)>,
    /// Single numbers with their descriptions.
    pub facts: Vec<(String, f64)>,
}

impl Bench {
    pub fn new(plan: Plan, program: Program) -> Self {
        let workers = std::thread::available_parallelism().map_or(2, Into::into);
        Self { plan, program, workers, rows: Vec::new(), versions: Vec::new(), facts: Vec::new() }
    }

    /// Measures a program and its floor in turns.
    pub async fn compare(
        &mut self,
        (scenario, database, connections): (&str, &Database, u32),
        (name, goal): (&str, Goal),
        ours: impl AsyncFn(u32) -> Result<Sample>,
        floor: impl AsyncFn(u32) -> Result<Sample>,
    ) -> Result<()> {
        let (mut rounds, mut floors) = (Vec::new(), Vec::new());
        for round in 0..self.plan.rounds {
            rounds.push(ours(round).await.with_context(|| format!("{scenario} on {}", database.name))?);
            floors.push(floor(round).await.with_context(|| format!("{name} of {scenario} on {}", database.name))?);
        }
        let ratios = rounds.iter().zip(&floors).map(|(ours, floor)| goal.ratio(ours, floor));
        let compared = Compared {
            name: name.to_owned(),
            floor: Summary::of(&floors).context("no rounds")?,
            ratio: Spread::of(ratios).context("no rounds")?,
            goal,
        };
        self.add((scenario, database, connections), &rounds, Some(compared))
    }

    /// Records a single number.
    pub fn fact(&mut self, what: &str, number: f64) {
        eprintln!("{what}: {number:.1}");
        self.facts.push((what.to_owned(), number));
    }

    /// Measures one program.
    pub async fn alone(
        &mut self,
        (scenario, database, connections): (&str, &Database, u32),
        ours: impl AsyncFn(u32) -> Result<Sample>,
    ) -> Result<()> {
        let mut rounds = Vec::new();
        for round in 0..self.plan.rounds {
            rounds.push(ours(round).await.with_context(|| format!("{scenario} on {}", database.name))?);
        }
        self.add((scenario, database, connections), &rounds, None)
    }

    fn add(
        &mut self,
        (scenario, database, connections): (&str, &Database, u32),
        rounds: &[Sample],
        floor: Option<Compared>,
    ) -> Result<()> {
        let ours = Summary::of(rounds).context("no rounds")?;
        let row = Row { scenario: scenario.to_owned(), database: database.name.to_owned(), connections, ours, floor };
        eprintln!("{}", crate::report::line(&row));
        self.rows.push(row);
        Ok(())
    }
}
