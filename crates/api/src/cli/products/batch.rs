use std::collections::HashSet;

use application::Queries;

use super::input::Input;
use crate::cli::error::Failure;
use crate::cli::tools::Tools;
use crate::files::{Notes, Records, ReviewOptions, Reviewed, Reviewer};
use crate::wiring;

/// Lines in a batch: looked up together.
const LINES: usize = 1000;

/// Reads a file in batches of lines and compares them with the database.
pub(super) struct Batches<'a> {
    tools: &'a Tools,
    queries: Queries,
    input: &'a Input,
    records: Records,
    reviewer: Reviewer,
}

impl<'a> Batches<'a> {
    pub fn new(tools: &'a Tools, input: &'a Input, records: Records, counts: bool) -> Self {
        let decimal = records.decimal(input.manner.decimal);
        let options = ReviewOptions {
            counts_stock: counts || records.is_stock_alone(),
            fetches_pictures: input.manner.fetch_media,
        };
        let queries = tools.database.queries();
        let reviewer = Reviewer::new(tools.shop, decimal, options, wiring::taxonomies(&tools.database, &queries));
        Self { tools, queries, input, records, reviewer }
    }

    /// The next batch without the lines in `left_out`, compared with the current products. Empty at the end of the
    /// file.
    pub async fn next(&mut self, left_out: &HashSet<u64>) -> Result<Vec<Reviewed>, Failure> {
        let mut lines = Vec::new();
        while lines.len() < LINES
            && let Some(line) = self.records.next().map_err(|error| self.input.unusable(&error))?
        {
            if !left_out.contains(&line.number) {
                lines.push(line);
            }
        }
        Ok(self.reviewer.review(&self.queries, &self.tools.database.clock(), lines).await?.0)
    }

    /// Bytes of the file read so far.
    pub fn position(&self) -> u64 {
        self.records.position()
    }

    /// Whether the stock in the file is that of existing products.
    pub const fn counts(&self) -> bool {
        self.reviewer.options.counts_stock
    }

    /// What was left out so far.
    pub fn notes(&self) -> Notes {
        self.records.notes()
    }
}
