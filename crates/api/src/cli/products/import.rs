use std::collections::HashSet;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use application::products::ReviseProducts;
use application::{Runner, RunnerPolicy};
use clap::Args;
use encoding_rs::Encoding;
use infrastructure::system::V7Ids;

use super::batch::{Batches, Reviewed};
use super::decimal::Decimal;
use super::encoding;
use super::format::{Format, HELP};
use super::input::Input;
use super::review::{Plan, Step};
use crate::cli::error::Failure;
use crate::cli::progress::Progress;
use crate::cli::say;
use crate::cli::tools::Tools;
use crate::config::Settings;
use crate::problem::Fault;

/// Products updated in one transaction. On SQLite other writers wait for it.
const CHANGES: usize = 100;
/// Time limit of such a transaction.
const DEADLINE: Duration = Duration::from_mins(1);
/// The most faults that are printed.
const MAX_FAULTS: usize = 100;

/// The arguments of `import`.
#[derive(Args)]
#[command(after_long_help = HELP)]
pub(in crate::cli) struct Import {
    /// The file, or - for standard input
    file: PathBuf,
    /// Format; by default that of the file extension (.csv, .ndjson, .jsonl), and CSV for standard input
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// How prices with decimal places are written; without it, they are whole minor units
    ///
    /// With it, every price of the file is in the unit of the currency, and converted exactly: 19.99 USD are 1999 minor
    /// units, and so are 19.9900; 20 USD are 2000. More decimal places than the currency has are refused, unless they
    /// are zeros. Groups of three digits may be separated by a space, an apostrophe, or the sign that is not the
    /// decimal one.
    #[arg(long, value_enum)]
    decimal: Option<Decimal>,
    /// Encoding of the file, such as utf-8, utf-16le, windows-1252 or shift-jis; found out by default
    ///
    /// By default it is that of the byte order mark, else UTF-8. A CSV file that holds no UTF-8 beyond ASCII is read as
    /// Windows-1252, which is printed.
    #[arg(long, value_name = "NAME", value_parser = encoding::named)]
    encoding: Option<&'static Encoding>,
    /// Check every line and print what an import would do, without writing anything
    #[arg(long)]
    dry_run: bool,
    /// Print and skip bad lines, and import the others
    #[arg(long)]
    skip_bad: bool,
}

impl Import {
    pub(in crate::cli) async fn run(self, settings: &Settings) -> Result<(), Failure> {
        let format = Format::of(self.format, &self.file)?;
        let mut input = Input::open(&self.file, format, self.encoding)?;
        let records = input.records(format)?;
        let tools = if self.dry_run { Tools::prepared(settings).await? } else { Tools::writing(settings).await? };
        let survey = Survey::of(&input, Batches::new(&tools, &input, records, self.decimal)).await?;
        survey.print_faults();
        if !survey.bad.is_empty() && !self.skip_bad {
            let (bad, all) = (survey.bad.len(), survey.bad.len() + survey.tally.lines());
            let why = format!("{bad} of {all} lines are bad; nothing was imported. --skip-bad imports the other lines");
            return Err(Failure::Failed(why.into()));
        }
        let tally = if self.dry_run {
            say(format_args!("dry run: nothing was imported. An import would give:"));
            survey.tally
        } else {
            let records = input.records(format)?;
            import(&tools, &survey, Batches::new(&tools, &input, records, self.decimal)).await?
        };
        tally.print(survey.bad.len());
        tools.database.close().await;
        Ok(())
    }
}

/// Number of lines by their effect.
#[derive(Default, Clone, Copy)]
struct Tally {
    made: usize,
    changed: usize,
    unchanged: usize,
    other_stock: usize,
}

impl Tally {
    fn count(&mut self, plan: &Plan) {
        self.other_stock += usize::from(plan.other_stock);
        *match plan.step {
            Step::Make(..) => &mut self.made,
            Step::Change(..) => &mut self.changed,
            Step::Nothing => &mut self.unchanged,
        } += 1;
    }

    fn add(&mut self, more: Self) {
        self.made += more.made;
        self.changed += more.changed;
        self.unchanged += more.unchanged;
        self.other_stock += more.other_stock;
    }

    fn lines(&self) -> usize {
        self.made + self.changed + self.unchanged
    }

    fn print(&self, skipped: usize) {
        let Self { made, changed, unchanged, other_stock } = self;
        say(format_args!("products: {made} created, {changed} updated, {unchanged} unchanged, {skipped} skipped"));
        if *other_stock > 0 {
            say(format_args!(
                "stock differs from the file for {other_stock} existing products; an import does not change it"
            ));
        }
    }
}

/// The result of checking a whole file.
#[derive(Default)]
struct Survey {
    tally: Tally,
    bad: HashSet<u64>,
    /// The first [`MAX_FAULTS`] faults, each with its line.
    faults: Vec<(u64, Fault)>,
}

impl Survey {
    async fn of(input: &Input, mut batches: Batches<'_>) -> Result<Self, Failure> {
        let (mut survey, nothing) = (Self::default(), HashSet::new());
        let progress = Progress::of("bytes read", input.length);
        loop {
            let batch = batches.next(&nothing).await?;
            if batch.is_empty() {
                progress.finish();
                return Ok(survey);
            }
            for (line, plan) in batch {
                match plan {
                    Ok(plan) => survey.tally.count(&plan),
                    Err(faults) => survey.refuse(line, faults),
                }
            }
            progress.reach(batches.position());
        }
    }

    fn refuse(&mut self, line: u64, faults: Vec<Fault>) {
        self.bad.insert(line);
        let room = MAX_FAULTS.saturating_sub(self.faults.len());
        self.faults.extend(faults.into_iter().take(room).map(|fault| (line, fault)));
    }

    /// Prints each fault to standard error: line, field, code, and what is allowed.
    fn print_faults(&self) {
        let mut out = std::io::stderr().lock();
        // Write errors are ignored: standard error may be closed.
        for (line, Fault { field, code, message }) in &self.faults {
            // The name of an unknown field may hold control characters.
            let _ = writeln!(out, "line {line}  {}  {code}  {message}", field.escape_debug());
        }
        let printed: HashSet<_> = self.faults.iter().map(|(line, _)| line).collect();
        if printed.len() < self.bad.len() {
            let _ = writeln!(out, "and {} more bad lines", self.bad.len() - printed.len());
        }
    }
}

/// Imports the lines that the survey found good. Each batch is checked again before it is written, because products or
/// the file may have changed in the meantime.
///
/// # Errors
/// The first failure, with the number of lines that are imported.
async fn import(tools: &Tools, survey: &Survey, mut batches: Batches<'_>) -> Result<Tally, Failure> {
    let progress = Progress::of("products", survey.tally.lines() as u64);
    let mut done = Tally::default();
    loop {
        match next(tools, survey, &mut batches).await {
            Ok(batch) if batch.lines() == 0 => break,
            Ok(batch) => {
                done.add(batch);
                progress.add(batch.lines());
            }
            Err(failure) => {
                let lines = format!("{} of {} lines", done.lines(), survey.tally.lines());
                let why = format!("stopped after {lines}, which stay imported; run the same import again to continue");
                return Err(Failure::Failed(format!("{why}: {failure}").into()));
            }
        }
    }
    progress.finish();
    Ok(done)
}

/// Imports the next batch.
async fn next(tools: &Tools, survey: &Survey, batches: &mut Batches<'_>) -> Result<Tally, Failure> {
    let batch = batches.next(&survey.bad).await?;
    let plans = batch.into_iter().map(still_good).collect::<Result<Vec<_>, _>>()?;
    let (mut tally, mut new, mut changes) = (Tally::default(), Vec::new(), Vec::new());
    for plan in plans {
        tally.count(&plan);
        match plan.step {
            Step::Make(product, stock) => new.push((product, stock)),
            Step::Change(id, change) => changes.push((id, change)),
            Step::Nothing => {}
        }
    }
    if !new.is_empty() {
        tools.database.bulk_products(&new).await?;
    }
    let policy = RunnerPolicy { deadline: DEADLINE, ..RunnerPolicy::default() };
    let (clock, ids, keys) = (Arc::new(tools.database.clock()), Arc::new(V7Ids), tools.database.queries().idempotency);
    let runner = Runner::new(tools.database.transactions(), keys, clock, ids, tools.shop, policy);
    for some in changes.chunks(CHANGES) {
        runner.run(ReviseProducts::new(some.to_vec())).await?;
    }
    Ok(tally)
}

/// The plan of a line that is still good.
///
/// # Errors
/// [`Failure::Failed`] if the line became bad since the survey.
fn still_good((line, plan): Reviewed) -> Result<Plan, Failure> {
    plan.map_err(|faults| {
        let why = faults.first().map(|fault| format!("{} {}", fault.field, fault.message)).unwrap_or_default();
        Failure::Failed(format!("line {line} has become bad since it was checked: {why}").into())
    })
}
