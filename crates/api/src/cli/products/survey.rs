//! What checking a whole file finds.

use std::collections::HashSet;
use std::io::Write as _;

use application::imports::Effect;

use super::batch::Batches;
use super::input::Input;
use crate::cli::error::Failure;
use crate::cli::progress::Progress;
use crate::cli::say;
use crate::files::Notes;
use crate::problem::Fault;

/// The most faults that are printed.
const MAX_FAULTS: usize = 100;

/// Number of lines by their effect.
#[derive(Default, Clone, Copy)]
pub(super) struct Tally {
    pub made: usize,
    pub changed: usize,
    pub unchanged: usize,
    pub other_stock: usize,
}

impl Tally {
    pub fn count(&mut self, effect: Effect) {
        *match effect {
            Effect::Created => &mut self.made,
            Effect::Updated => &mut self.changed,
            Effect::Unchanged => &mut self.unchanged,
        } += 1;
    }

    pub fn lines(&self) -> usize {
        self.made + self.changed + self.unchanged
    }

    pub fn print(&self, skipped: usize) {
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
pub(super) struct Survey {
    pub tally: Tally,
    pub bad: HashSet<u64>,
    /// The first [`MAX_FAULTS`] faults, each with its line.
    faults: Vec<(u64, Fault)>,
    notes: Notes,
}

impl Survey {
    pub async fn of(input: &Input, mut batches: Batches<'_>) -> Result<Self, Failure> {
        let (mut survey, nothing) = (Self::default(), HashSet::new());
        let progress = Progress::of("bytes read", input.length);
        loop {
            let batch = batches.next(&nothing).await?;
            if batch.is_empty() {
                progress.finish();
                survey.notes = batches.notes();
                return Ok(survey);
            }
            for (line, plan) in batch {
                match plan {
                    Ok(plan) => {
                        survey.tally.other_stock += usize::from(plan.other_stock);
                        survey.tally.count(plan.effect);
                    }
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
    pub fn print_faults(&self) {
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

impl Survey {
    /// Prints what was left out of the file, each once.
    pub fn print_notes(&self) {
        for (note, (times, line)) in &self.notes {
            say(format_args!("{} ({times} times, first in line {line})", note.0));
        }
    }
}
