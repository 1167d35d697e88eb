//! The rows of an import, some at a time.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use application::{Clock, Error, Queries};
use domain::imports::{Column, Import, ImportStatus, NextRows, PartLimit, Reading, RowError, RowStatus, Translated};

use super::error;
use crate::files::{Known, Line, Plan, Reviewer, lines};

/// The most rows that are read, compared and written together. On SQLite other writers wait for it.
pub(super) const ROWS: u64 = 100;

/// The most bytes of such rows: 4 MiB. A single row may have more.
const BYTES: u64 = 4 * 1024 * 1024;

const PART: PartLimit = PartLimit { rows: ROWS, bytes: BYTES };

/// Notes on lines other than refusals, by line.
pub(super) type Notes = BTreeMap<u64, Vec<String>>;

/// Refused rows.
pub(super) type Refused = Vec<(u64, Vec<RowError>)>;

/// Some rows, and what they say.
pub(super) struct Part {
    lines: Vec<Line>,
    /// The last line of which all is said.
    pub to: u64,
    /// The lines that were refused before.
    refused: BTreeSet<u64>,
    /// What is said of lines.
    pub notes: Notes,
    pub is_last: bool,
}

/// The rows of an import, read part by part.
pub(super) struct Parts<'a> {
    queries: &'a Queries,
    pub import: &'a Import,
    reading: Reading,
    pub reviewer: Reviewer,
    /// The last line that was read.
    read: u64,
    /// The lines of which nothing is said yet, and that were refused before.
    refused: BTreeSet<u64>,
}

impl Part {
    /// The columns that each line has.
    pub fn columns(&self) -> HashMap<u64, Vec<Column>> {
        let columns = |line: &Line| {
            let members = line.value.as_ref().ok()?.as_object()?;
            Some((line.number, members.keys().filter_map(|name| Column::parse(name)).collect()))
        };
        self.lines.iter().filter_map(columns).collect()
    }
}

impl<'a> Parts<'a> {
    /// From the first row on.
    pub(super) const fn new(queries: &'a Queries, import: &'a Import, reading: Reading, reviewer: Reviewer) -> Self {
        Self { queries, import, reading, reviewer, read: 0, refused: BTreeSet::new() }
    }

    /// Goes on after a line.
    pub(super) const fn go_on_after(&mut self, line: u64) {
        self.read = line;
    }

    /// Reads all rows once before the import if the format needs that, as when some rows depend on later ones.
    pub(super) async fn look_first(&mut self) -> Result<(), Error> {
        let mut after = 0;
        while self.reading.looks_first() {
            let NextRows { rows, are_last } = self.queries.imports.next_rows(self.import.id, after, PART).await?;
            for row in &rows {
                after = row.row.line;
                self.reading.look(&row.row);
            }
            if are_last {
                break;
            }
        }
        Ok(())
    }

    /// Reads the next rows.
    pub(super) async fn next(&mut self) -> Result<Part, Error> {
        let next = self.queries.imports.next_rows(self.import.id, self.read, PART).await?;
        let NextRows { rows, are_last: is_last } = next;
        let is_refused = |status| status == RowStatus::Failed && self.import.status == ImportStatus::Running;
        self.refused.extend(rows.iter().filter(|row| is_refused(row.status)).map(|row| row.row.line));
        let mut read = Translated::default();
        for row in rows {
            self.read = row.row.line;
            let more = self.reading.read(row.row);
            read.rows.extend(more.rows);
            read.faults.extend(more.faults);
            read.notes.extend(more.notes);
        }
        let mut to = self.reading.waits_from().map_or(self.read, |line| line - 1);
        if is_last {
            let more = self.reading.finish();
            read.rows.extend(more.rows);
            read.faults.extend(more.faults);
            read.notes.extend(more.notes);
            to = self.read;
        }
        let refused = self.refused.clone();
        // What waits for the next part is not refused a second time there.
        self.refused = self.refused.split_off(&(to + 1));
        let mut notes = Notes::new();
        for (line, note) in read.notes.drain(..) {
            let said = notes.entry(line).or_default();
            if !said.iter().any(|one| *one == note.0) {
                said.push(note.0.into_owned());
            }
        }
        Ok(Part { lines: lines(read), to, refused, notes, is_last })
    }

    /// Compares a part with the stored products.
    pub(super) async fn review(&mut self, part: Part, clock: &dyn Clock) -> Result<(Vec<Plan>, Refused, Known), Error> {
        let lines = part.lines.into_iter().filter(|line| !part.refused.contains(&line.number)).collect();
        let (reviewed, known) = self.reviewer.review(self.queries, clock, lines).await?;
        let (mut plans, mut refused) = (Vec::new(), Refused::new());
        for (line, plan) in reviewed {
            match plan {
                Ok(plan) => plans.push(plan),
                Err(faults) => refused.push((line, faults.into_iter().map(error).collect())),
            }
        }
        Ok((plans, refused, known))
    }
}
