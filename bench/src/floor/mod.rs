//! Floors: programs that do the least work for each response. Each runs as its own process, so that its CPU time can be
//! measured.

pub mod http;
pub mod list;
pub mod orders;
pub mod passwords;

use std::future::Future;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use clap::Subcommand;
use serde::{Deserialize, Serialize};

use crate::process;

/// The subcommands with which the bench starts a floor.
#[derive(Subcommand)]
pub enum Floor {
    /// A bare actix-web server that answers the same bytes from memory
    Http(http::Http),
    /// The hand-written SQL of an order
    Orders(orders::Orders),
    /// The hand-written query of a list
    List(list::List),
    /// Verifies a password repeatedly
    Passwords(passwords::Passwords),
}

impl Floor {
    pub fn run(self) -> Result<()> {
        match self {
            Self::Http(floor) => floor.run(),
            Self::Orders(floor) => print(&tokio::runtime::Runtime::new()?.block_on(floor.run())?),
            Self::List(floor) => print(&tokio::runtime::Runtime::new()?.block_on(floor.run())?),
            Self::Passwords(floor) => print(&floor.run()?),
        }
    }
}

/// The result of a floor.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Done {
    pub times: u64,
    pub seconds: f64,
    pub p50: f64,
    pub p99: f64,
    pub cpu_seconds: f64,
}

fn print(done: &Done) -> Result<()> {
    serde_json::to_writer(std::io::stdout(), done)?;
    Ok(())
}

/// Runs a floor as its own process and waits for it.
pub fn run(arguments: &[&str], file: &Path) -> Result<Done> {
    let output = Command::new(std::env::current_exe()?)
        .arg("floor")
        .args(arguments)
        .arg(file)
        .stderr(Stdio::inherit())
        .output()
        .context("the floor cannot be started")?;
    ensure!(output.status.success(), "the floor failed");
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// Repeats `work` for `seconds` on this many concurrent tasks. Its argument is the number of previous runs.
async fn again<F, W>(tasks: u32, seconds: u32, work: W) -> Result<Done>
where
    W: Fn(usize) -> F + Clone + Send + 'static,
    F: Future<Output = Result<()>> + Send,
{
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let cpu = process::cpu_seconds(std::process::id())?;
    let began = Instant::now();
    let end = began + Duration::from_secs(seconds.into());
    let task = |_| {
        let work = work.clone();
        tokio::spawn(async move {
            let mut times = Vec::new();
            while Instant::now() < end {
                let began = Instant::now();
                work(NEXT.fetch_add(1, Ordering::Relaxed)).await?;
                times.push(began.elapsed());
            }
            anyhow::Ok(times)
        })
    };
    let running: Vec<_> = (0..tasks).map(task).collect();
    let mut times = Vec::new();
    for task in running {
        times.extend(task.await??);
    }
    done(times, began.elapsed(), process::cpu_seconds(std::process::id())? - cpu)
}

fn done(mut times: Vec<Duration>, took: Duration, cpu_seconds: f64) -> Result<Done> {
    times.sort_unstable();
    let at = |percent: usize| times.get(times.len() * percent / 100).map(|time| time.as_secs_f64() * 1e3);
    Ok(Done {
        times: u64::try_from(times.len())?,
        seconds: took.as_secs_f64(),
        p50: at(50).context("nothing was done")?,
        p99: at(99).context("nothing was done")?,
        cpu_seconds,
    })
}
