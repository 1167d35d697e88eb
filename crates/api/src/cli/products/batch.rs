use std::collections::HashSet;

use super::decimal::{Decimal, Prices};
use super::entry::Entry;
use super::input::Input;
use super::records::Records;
use super::review::{Known, Plan, Seen};
use crate::cli::error::Failure;
use crate::cli::tools::Tools;
use crate::problem::Fault;

/// Lines in a batch: looked up, and created, together.
const LINES: usize = 1000;

/// A line number with the parsed line or its faults.
type Line<T> = (u64, Result<T, Vec<Fault>>);
/// A line number with its plan or its faults.
pub(super) type Reviewed = Line<Plan>;

/// Reads a file in batches of lines and compares them with the database.
pub(super) struct Batches<'a> {
    tools: &'a Tools,
    input: &'a Input,
    records: Records,
    prices: Prices,
    seen: Seen,
}

impl<'a> Batches<'a> {
    pub fn new(tools: &'a Tools, input: &'a Input, records: Records, decimal: Option<Decimal>) -> Self {
        let prices = Prices { currency: tools.shop.currency, decimal };
        Self { tools, input, records, prices, seen: Seen::default() }
    }

    /// The next batch without the lines in `left_out`, compared with the current products. Empty at the end of the
    /// file.
    pub async fn next(&mut self, left_out: &HashSet<u64>) -> Result<Vec<Reviewed>, Failure> {
        let lines = self.read(left_out)?;
        let known = Known::of(&self.tools.database, lines.iter().filter_map(|(_, entry)| entry.as_ref().ok())).await?;
        let mut review = |line, entry: Entry| self.seen.review(line, entry, &known).map_err(|fault| Vec::from([fault]));
        Ok(lines.into_iter().map(|(line, entry)| (line, entry.and_then(|entry| review(line, entry)))).collect())
    }

    /// Bytes of the file read so far.
    pub fn position(&self) -> u64 {
        self.records.position()
    }

    fn read(&mut self, left_out: &HashSet<u64>) -> Result<Vec<Line<Entry>>, Failure> {
        let mut lines = Vec::new();
        while lines.len() < LINES
            && let Some(record) = self.records.next().map_err(|error| self.input.unusable(&error))?
        {
            if !left_out.contains(&record.line) {
                let members = record.value.map_err(|fault| Vec::from([fault]));
                lines.push((
                    record.line,
                    members.and_then(|members| Entry::read(members, self.tools.shop, self.prices)),
                ));
            }
        }
        Ok(lines)
    }
}
