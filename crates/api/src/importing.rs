//! Checks and writes imports, one at a time.

mod bulk;
mod parts;
mod pictures;
mod writing;

use std::collections::HashMap;
use std::sync::Arc;

use application::attributes::Taxonomies;
use application::imports::{Before, CheckRows, Effect, FailImport, Fetching, TakeImport};
use application::{Actor, Clock, Error, Queries, Runner};
use domain::groups::GroupId;
use domain::imports::{Choices, Column, Import, ImportStatus, Reading, RowCounts, RowError, WholeGroup, WholeProduct};
use domain::{Shop, Uuid};

use self::parts::{Parts, ROWS, Refused};
pub(crate) use self::pictures::Gathering;
use crate::files::{Cells, ReviewOptions, Reviewer, ShownPictures, cell, decimal};
use crate::problem::{Fault, Problem};

/// What it takes to work on imports.
#[derive(Clone)]
pub(crate) struct Importing {
    queries: Queries,
    runner: Runner,
    clock: Arc<dyn Clock>,
    shop: Shop,
    fetching: Fetching,
    taxonomies: Arc<dyn Taxonomies>,
}

/// The note on a row whose stock differs from that of the product, which keeps its own.
const OTHER_STOCK: &str = "the product has another stock, and keeps it: an import changes it with stock=true alone";

impl Importing {
    /// Imports of a shop. The time limit of a part is longer than that of a request.
    pub(crate) fn new(
        queries: &Queries,
        runner: &Runner,
        clock: &Arc<dyn Clock>,
        (shop, fetching): (Shop, Fetching),
        taxonomies: Arc<dyn Taxonomies>,
    ) -> Self {
        let runner = runner.with_deadline(Import::PART);
        Self { queries: queries.clone(), runner, clock: clock.clone(), shop, fetching, taxonomies }
    }

    /// Goes on with the import that waits, if there is one, on the server with the id `holder`.
    ///
    /// # Errors
    /// If the database does not answer. Another look goes on where this one has ended.
    pub(crate) async fn look(&self, holder: Uuid) -> Result<(), Error> {
        if !self.queries.imports.is_any_open().await? {
            return Ok(());
        }
        let Some(import) = self.runner.run(TakeImport { holder }).await? else { return Ok(()) };
        if let Some(bulk) = &import.bulk {
            return self.change(&import, bulk, holder).await;
        }
        let manner = import.options.manner(self.shop.currency);
        let mut reading = match Reading::new(&import.header, &manner) {
            Ok(reading) => reading,
            Err(why) => {
                self.runner.run(FailImport { id: import.id, why }).await?;
                return Ok(());
            }
        };
        reading.know(&Choices::of(self.taxonomies.current().await?.attributes()));
        let options = ReviewOptions {
            counts_stock: import.options.stock || reading.is_stock_alone(),
            fetches_pictures: manner.fetch_media,
        };
        let reviewer = Reviewer::new(self.shop, decimal(&reading, &manner), options, self.taxonomies.clone());
        let mut parts = Parts::new(&self.queries, &import, reading, reviewer);
        parts.look_first().await?;
        if import.status == ImportStatus::Checking {
            return self.check(parts, holder).await;
        }
        parts.go_on_after(import.position.unsigned_abs());
        self.write(parts, holder).await
    }

    async fn check(&self, mut parts: Parts<'_>, holder: Uuid) -> Result<(), Error> {
        let (id, mut is_first, mut counts) = (parts.import.id, true, RowCounts::default());
        loop {
            let mut part = parts.next().await?;
            let (is_last, mut notes) = (part.is_last, std::mem::take(&mut part.notes));
            let (plans, refused, _) = parts.review(part, &*self.clock).await?;
            for plan in &plans {
                *match plan.effect {
                    Effect::Created => &mut counts.creates,
                    Effect::Updated => &mut counts.updates,
                    Effect::Unchanged => &mut counts.unchanged,
                } += 1;
                if plan.other_stock {
                    notes.entry(plan.item.line).or_default().push(OTHER_STOCK.to_owned());
                }
            }
            counts.failed += i64::try_from(refused.len()).unwrap_or(i64::MAX);
            let (ended, notes) = (is_last.then_some(counts), notes.into_iter().collect());
            if !self.runner.run(CheckRows { id, holder, is_first, refused, notes, ended }).await? || is_last {
                return Ok(());
            }
            is_first = false;
        }
    }

    /// A runner for whoever has sent an import.
    fn acting(&self, import: &Import) -> Runner {
        let request_id = import.id.to_string();
        match import.actor {
            Some(who) => self.runner.acting(Actor { who, request_id }),
            None => self.runner.clone(),
        }
    }
}

fn error(Fault { field, code, message }: Fault) -> RowError {
    RowError { field, code: code.to_owned(), message: message.into_owned() }
}

/// Why a use case refused a row.
fn errors(refusal: Error) -> Vec<RowError> {
    match refusal {
        Error::Invalid(fields) => fields.into_iter().map(|field| error(field.into())).collect(),
        other => vec![RowError {
            field: "line".to_owned(),
            code: "conflict".to_owned(),
            message: Problem::from(other).detail().to_owned(),
        }],
    }
}

/// The state of a product before its row is written.
fn before(line: u64, whole: &WholeProduct, cells: Vec<(String, String)>) -> Before {
    Before { line, product: whole.product.id, version: whole.product.version, cells }
}

/// The cells of a product in these columns, written so that an import can read them.
fn was(
    cells: &Cells,
    columns: &[Column],
    whole: &WholeProduct,
    (groups, pictures): (&HashMap<GroupId, &WholeGroup>, &ShownPictures),
) -> Vec<(String, String)> {
    let group = whole.member.as_ref().and_then(|member| groups.get(&member.group_id)).copied();
    let id = [Column::Fixed("id")];
    let all = id.iter().chain(columns.iter().filter(|column| **column != id[0]));
    let cell = |column: &Column| {
        let value = cells.value(column, whole, group, pictures);
        (column.name(), cell(&column.name(), &value).into_owned())
    };
    all.map(cell).collect()
}
