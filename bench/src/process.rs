//! CPU time and memory of a process, from `/proc`.

use std::fs;

use anyhow::{Context, Result};

/// Ticks per second in `/proc` (`USER_HZ`), the same on every Linux.
const TICKS: f64 = 100.0;

/// CPU seconds of a process: all threads, user and kernel mode.
pub fn cpu_seconds(id: u32) -> Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat"))?;
    // The name, in parentheses, may contain any character; fields 14 and 15 are the 12th and 13th after it.
    let fields: Vec<_> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |place: usize| fields.get(place).and_then(|field| field.parse::<f64>().ok()).context("no such field");
    Ok((ticks(11)? + ticks(12)?) / TICKS)
}

/// Resident memory of a process, in megabytes.
pub fn resident(id: u32) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{id}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    let kilobytes: f64 = line.split_whitespace().next().context("no number")?.parse()?;
    Ok(kilobytes / 1024.0)
}
