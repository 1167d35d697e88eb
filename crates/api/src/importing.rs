//! Checks and writes imports, one at a time.

mod bulk;
mod parts;
mod pictures;

use std::collections::HashMap;
use std::sync::Arc;

use application::attributes::Taxonomies;
use application::imports::{
    Before, CheckRows, Effect, FailImport, Fetching, HoldImport, ImportItems, Item, RowWork, TakeImport, WriteRows,
};
use application::{Actor, Clock, Error, Queries, Runner};
use domain::groups::GroupId;
use domain::imports::{Choices, Column, Import, ImportStatus, Reading, RowCounts, RowError, WholeGroup, WholeProduct};
use domain::stock::Reason;
use domain::{Shop, Uuid};

use self::parts::{Notes, Parts, ROWS, Refused};
pub(crate) use self::pictures::Gathering;
use self::pictures::Hold;
use crate::files::{Cells, ReviewOptions, Reviewer, ShownPictures, apart, cell, decimal, units};
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

/// What is said of a product that has another stock than its row.
const OTHER_STOCK: &str = "the product has another stock, and keeps it: an import changes it with stock=true alone";

impl Importing {
    /// The work on imports of a shop. A part of one takes longer than a request may.
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

    async fn write(&self, mut parts: Parts<'_>, holder: Uuid) -> Result<(), Error> {
        let cells = Cells::of(&self.queries, (self.shop, self.fetching.base())).await?;
        let import = parts.import;
        let runner = self.acting(import);
        let reason = Reason::parse(&format!("import {}", import.id)).ok();
        let counted = reason.filter(|_| parts.reviewer.options.counts_stock);
        let mut after = import.position.unsigned_abs();
        let mut gathering = Gathering::new(&self.fetching, &runner);
        loop {
            let mut part = parts.next().await?;
            let said = std::mem::take(&mut part.notes);
            let (to, is_last, columns) = (part.to, part.is_last, part.columns());
            let (plans, mut refused, known) = parts.review(part, &*self.clock).await?;
            let changes = plans.iter().filter(|plan| plan.effect != Effect::Unchanged);
            let mut items: Vec<_> = changes.map(|plan| plan.item.clone()).collect();
            let Some(notes) = self.fetch(&mut gathering, &mut items, (import, holder), said).await? else {
                return Ok(());
            };
            let pictures = if import.options.fetch_media {
                ShownPictures::of(&self.queries, known.products.values()).await?
            } else {
                ShownPictures::default()
            };
            let groups = known.groups.values().map(|whole| (whole.group.id, whole)).collect();
            let of_items = items.iter().filter_map(|item| {
                let whole = known.products.get(&item.known?)?;
                let of_line = columns.iter().find(|(line, _)| *line == item.line);
                let columns = of_line.map_or(&[][..], |(_, columns)| columns.as_slice());
                Some(before(item.line, whole, was(&cells, columns, whole, (&groups, &pictures))))
            });
            let kept: Vec<_> = of_items.collect();
            let items: Vec<Item> = units(items).into_iter().flatten().collect();
            let write = |items, refused, lines, is_last| WriteRows {
                id: import.id,
                holder,
                lines,
                work: RowWork::Items(ImportItems { items, counted: counted.clone() }),
                before: kept.clone(),
                refused,
                notes: notes.clone(),
                is_last,
            };
            let goes_on = match runner.run(write(items.clone(), refused.clone(), (after, to), is_last)).await {
                Err(refusal) if refusal.is_refusal() => {
                    // Something has become bad since it was checked. What can be written alone is tried so.
                    for some in apart(items) {
                        let numbers: Vec<_> = some.iter().map(|item| item.line).collect();
                        match runner.run(write(some, Vec::new(), (after, after), false)).await {
                            Ok(true) => {}
                            Ok(false) => return Ok(()),
                            Err(why) if why.is_refusal() => {
                                let why = errors(why);
                                refused.extend(numbers.into_iter().map(|line| (line, why.clone())));
                            }
                            Err(error) => return Err(error),
                        }
                    }
                    runner.run(write(Vec::new(), refused, (after, to), is_last)).await?
                }
                result => result?,
            };
            if !goes_on || is_last {
                return Ok(());
            }
            after = to;
        }
    }
}

impl Importing {
    /// Has the pictures that items name, and returns what is said of their rows besides what was `said`. `None` if this server
    /// has the import no more.
    async fn fetch(
        &self,
        gathering: &mut Gathering,
        items: &mut [Item],
        (import, holder): (&Import, Uuid),
        mut said: Notes,
    ) -> Result<Option<Vec<(u64, Vec<String>)>>, Error> {
        let mut notes = Vec::new();
        let mut hold = Hold::new(&self.runner, &*self.clock, HoldImport { id: import.id, holder });
        for item in items {
            let Some(more) = gathering.have(item, Some(&mut hold)).await? else { return Ok(None) };
            if !more.is_empty() {
                let before = said.remove(&item.line).unwrap_or_default();
                notes.push((item.line, [before, more].concat()));
            }
        }
        Ok(Some(notes))
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

/// What the row of a line keeps of a product that was read.
fn before(line: u64, whole: &WholeProduct, cells: Vec<(String, String)>) -> Before {
    Before { line, product: whole.product.id, version: whole.product.version, cells }
}

/// What a product was in these columns, as an import reads it.
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
