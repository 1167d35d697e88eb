use std::collections::{BTreeMap, HashSet};

use application::{Clock as _, Queries};

use super::input::Input;
use crate::cli::error::Failure;
use crate::cli::tools::Tools;
use crate::files::{Entry, Known, Line, Notes, Plan, Prices, Records, Seen};
use crate::problem::Fault;

/// Lines in a batch: looked up together.
const LINES: usize = 1000;

/// A line number with its plan or its faults.
pub(super) type Reviewed = (u64, Result<Plan, Vec<Fault>>);

/// Reads a file in batches of lines and compares them with the database.
pub(super) struct Batches<'a> {
    tools: &'a Tools,
    queries: Queries,
    input: &'a Input,
    records: Records,
    prices: Prices,
    counts: bool,
    seen: Seen,
}

impl<'a> Batches<'a> {
    pub fn new(tools: &'a Tools, input: &'a Input, records: Records, counts: bool) -> Self {
        let prices = Prices { currency: tools.shop.currency, decimal: records.decimal(input.manner.decimal) };
        let counts = counts || records.is_stock_alone();
        let queries = tools.database.queries();
        Self { tools, queries, input, records, prices, counts, seen: Seen::default() }
    }

    /// The next batch without the lines in `left_out`, compared with the current products. Empty at the end of the
    /// file.
    pub async fn next(&mut self, left_out: &HashSet<u64>) -> Result<Vec<Reviewed>, Failure> {
        let (mut entries, mut refused) = (Vec::new(), BTreeMap::new());
        let mut lines = Vec::new();
        while lines.len() < LINES
            && let Some(Line { number: line, value, defines, columns }) =
                self.records.next().map_err(|error| self.input.unusable(&error))?
        {
            if left_out.contains(&line) {
                continue;
            }
            lines.push(line);
            let read = |value| Entry::read(line, value, (defines, &columns), (self.tools.shop, self.prices));
            match value.and_then(read) {
                Ok(entry) => entries.push(entry),
                Err(faults) => drop(refused.insert(line, faults)),
            }
        }
        let known = Known::of(&self.queries, entries.iter()).await?;
        let now = self.tools.database.clock().now();
        let mut entries = entries.into_iter();
        let mut review = |line| match refused.remove(&line) {
            Some(faults) => (line, Err(faults)),
            None => match entries.next() {
                Some(entry) => (line, self.seen.review(entry, &known, self.counts, now)),
                None => (line, Err(Vec::new())),
            },
        };
        Ok(lines.into_iter().map(&mut review).collect())
    }

    /// Bytes of the file read so far.
    pub fn position(&self) -> u64 {
        self.records.position()
    }

    /// Whether the stock in the file is that of existing products.
    pub const fn counts(&self) -> bool {
        self.counts
    }

    /// What was left out so far.
    pub fn notes(&self) -> Notes {
        self.records.notes()
    }
}
