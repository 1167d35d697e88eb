//! Measurements and their summary.

use anyhow::Result;
use serde::{Deserialize, Serialize};

use crate::database::Database;
use crate::floor::Done;
use crate::process;
use crate::server::Server;
use crate::wrk::{self, Pressure, Requests};

/// The measurements of one round.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Sample {
    pub answers: u64,
    pub per_second: f64,
    /// Median latency in milliseconds.
    pub p50: f64,
    pub p99: f64,
    /// CPU seconds of the program per 1,000 responses.
    pub cpu: f64,
    /// CPU seconds of the database server per 1,000 responses, if it runs on this machine.
    pub database_cpu: Option<f64>,
    /// Resident memory in megabytes.
    pub resident: Option<f64>,
}

/// Measures a server for one round.
pub fn load(server: &Server, database: &Database, requests: &Requests, pressure: Pressure) -> Result<Sample> {
    let cost = || -> Result<_> {
        let database = database.process.map(process::cpu_seconds).transpose()?;
        Ok((process::cpu_seconds(server.id())?, database))
    };
    let before = cost()?;
    let answered = wrk::run(&server.address, requests, pressure)?;
    let after = cost()?;
    let thousands = thousands(answered.requests);
    Ok(Sample {
        answers: answered.requests,
        per_second: answered.per_second(),
        p50: answered.p50(),
        p99: answered.p99(),
        cpu: (after.0 - before.0) / thousands,
        database_cpu: after.1.zip(before.1).map(|(after, before)| (after - before) / thousands),
        resident: Some(process::resident(server.id())?),
    })
}

/// Measures a floor without HTTP for one round.
pub fn by_hand(database: &Database, floor: impl FnOnce() -> Result<Done>) -> Result<Sample> {
    let before = database.process.map(process::cpu_seconds).transpose()?;
    let done = floor()?;
    let after = database.process.map(process::cpu_seconds).transpose()?;
    let thousands = thousands(done.times);
    Ok(Sample {
        answers: done.times,
        per_second: thousands * 1e3 / done.seconds,
        p50: done.p50,
        p99: done.p99,
        cpu: done.cpu_seconds / thousands,
        database_cpu: after.zip(before).map(|(after, before)| (after - before) / thousands),
        resident: None,
    })
}

#[allow(clippy::cast_precision_loss, reason = "shown with three digits")]
fn thousands(count: u64) -> f64 {
    count as f64 / 1e3
}

/// Median, smallest and largest of some numbers.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Spread {
    pub median: f64,
    pub least: f64,
    pub most: f64,
}

impl Spread {
    /// `None` if there are no numbers.
    pub fn of(numbers: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut numbers: Vec<_> = numbers.into_iter().collect();
        numbers.sort_by(f64::total_cmp);
        let median = *numbers.get(numbers.len() / 2)?;
        Some(Self { median, least: *numbers.first()?, most: *numbers.last()? })
    }
}

/// The medians of all rounds of a program.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Summary {
    pub per_second: Spread,
    pub p50: f64,
    pub p99: f64,
    pub cpu: f64,
    pub database_cpu: Option<f64>,
    pub resident: Option<f64>,
}

impl Summary {
    pub fn of(rounds: &[Sample]) -> Option<Self> {
        let median = |number: fn(&Sample) -> f64| Spread::of(rounds.iter().map(number)).map(|spread| spread.median);
        Some(Self {
            per_second: Spread::of(rounds.iter().map(|round| round.per_second))?,
            p50: median(|round| round.p50)?,
            p99: median(|round| round.p99)?,
            cpu: median(|round| round.cpu)?,
            database_cpu: Spread::of(rounds.iter().filter_map(|round| round.database_cpu)).map(|spread| spread.median),
            resident: Spread::of(rounds.iter().filter_map(|round| round.resident)).map(|spread| spread.median),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_value() {
        let spread = Spread::of([9.0, 1.0, 2.0]).unwrap();
        assert_eq!((spread.median, spread.least, spread.most), (2.0, 1.0, 9.0));
        assert!(Spread::of([]).is_none());
    }
}
