//! The report, as Markdown and as JSON.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Serialize;

use crate::plan::{Bench, Compared, Goal, Row};
use crate::wrk;

const BEGIN: &str = "<!-- measured: written by the bench -->";
const END: &str = "<!-- end of what the bench writes -->";

/// All results, with hardware and versions.
#[derive(Serialize)]
struct Report<'a> {
    cpu: String,
    cores: usize,
    seconds_a_round: u32,
    rounds: u32,
    versions: &'a [(String, String)],
    rows: &'a [Row],
    facts: &'a [(String, f64)],
}

/// A result on one line.
pub fn line(row: &Row) -> String {
    let Row { scenario, database, connections, ours, floor } = row;
    let mut line = format!(
        "| {scenario} | {database} | {connections} | {:.0} ({:.0}–{:.0}) | {:.2} | {:.2} | {:.3} | {} | {} |",
        ours.per_second.median,
        ours.per_second.least,
        ours.per_second.most,
        ours.p50,
        ours.p99,
        ours.cpu,
        shown(ours.database_cpu, 3),
        shown(ours.resident, 0),
    );
    match floor {
        Some(compared) => line.push_str(&against(compared)),
        None => line.push_str(" | | | |"),
    }
    line
}

fn against(Compared { name, floor, ratio, goal }: &Compared) -> String {
    let (goal_text, met) = match goal {
        Goal::Speed(goal_at) => (format!("≥ {goal_at}"), goal.is_met(ratio.median)),
        Goal::Time(goal_at) | Goal::P99(goal_at) => (format!("≤ {goal_at}"), goal.is_met(ratio.median)),
    };
    format!(
        " {name}: {:.0}, p99 {:.2}, CPU {:.3} | **{:.2}** ({:.2}–{:.2}) | {goal_text} | {} |",
        floor.per_second.median,
        floor.p99,
        floor.cpu + floor.database_cpu.unwrap_or_default(),
        ratio.median,
        ratio.least,
        ratio.most,
        if met { "yes" } else { "no" },
    )
}

fn shown(number: Option<f64>, digits: usize) -> String {
    number.map_or_else(String::new, |number| format!("{number:.digits$}"))
}

/// Writes the results to `docs/performance.md`, between its marks, and to `docs/performance.json`.
pub fn write(bench: &Bench, docs: &Path) -> Result<()> {
    let mut versions = bench.versions.clone();
    versions.push((String::from("Storekeeper"), env!("CARGO_PKG_VERSION").to_owned()));
    versions.push((String::from("load generator"), wrk::version()?));
    let report = Report {
        cpu: cpu()?,
        cores: bench.workers,
        seconds_a_round: bench.plan.seconds,
        rounds: bench.plan.rounds,
        versions: &versions,
        rows: &bench.rows,
        facts: &bench.facts,
    };
    fs::write(docs.join("performance.json"), serde_json::to_string_pretty(&report)? + "\n")?;
    let path = docs.join("performance.md");
    let page = fs::read_to_string(&path)?;
    let (before, rest) = page.split_once(BEGIN).context("docs/performance.md has lost its first mark")?;
    let (_, after) = rest.split_once(END).context("docs/performance.md has lost its second mark")?;
    Ok(fs::write(&path, format!("{before}{BEGIN}\n{}{END}{after}", markdown(&report)?))?)
}

/// The name of the CPU with its family and model, because cloud providers hide which of a family it is.
fn cpu() -> Result<String> {
    let about = fs::read_to_string("/proc/cpuinfo")?;
    let field = |name: &str| {
        let value = about.lines().find_map(|line| line.split_once(':').filter(|(key, _)| key.trim() == name));
        value.map_or("?", |(_, value)| value.trim())
    };
    Ok(format!("{}, family {}, model {}", field("model name"), field("cpu family"), field("model")))
}

fn markdown(report: &Report<'_>) -> Result<String> {
    let mut text = String::new();
    let versions: Vec<_> = report.versions.iter().map(|(name, version)| format!("{name} {version}")).collect();
    let Report { cpu, cores, seconds_a_round, rounds, .. } = report;
    writeln!(
        text,
        "\n{cores} cores of {cpu}, {rounds} rounds of {seconds_a_round} s in turns; {}.\n",
        versions.join(", ")
    )?;
    text.push_str(
        "| scenario | database | connections | answers a second (spread) | p50 ms | p99 ms | CPU s for 1,000 | \
         of the database | memory MB | floor | ratio (spread) | goal | met |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for row in report.rows {
        writeln!(text, "{}", line(row))?;
    }
    text.push('\n');
    for (what, number) in report.facts {
        writeln!(text, "- {what}: {number:.1}")?;
    }
    text.push('\n');
    Ok(text)
}
