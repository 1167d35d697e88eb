//! What a server does with imports.

use std::collections::{HashMap, HashSet};

use async_trait::async_trait;
use domain::imports::{Import, ImportId, ImportStep, RowCounts, RowError, Written};
use domain::products::ProductId;
use domain::{Uuid, Version};

use super::steps::{locked_import, step};
use super::{ChangeRows, Effect, ImportItems, Imported};
use crate::{Command, Ctx, Error, Tx};

/// Takes the oldest import that waits, for a server that goes on with it. One that broke off fails.
#[derive(Debug, Clone, Copy)]
pub struct TakeImport {
    /// The id that this server gave itself at its start, under which it holds what it works on.
    pub holder: Uuid,
}

#[async_trait]
impl Command for TakeImport {
    type Output = Option<Import>;
    const NAME: &'static str = "imports.take";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Option<Import>, Error> {
        let oldest = tx.imports().lock_oldest().await?;
        // A server goes on with what it has: something broke off its work.
        let is_mine = |import: &Import| import.is_received && import.is_held_by(self.holder);
        let oldest = oldest.filter(|import| import.is_due(ctx.now) || is_mine(import));
        let Some(import) = oldest else { return Ok(None) };
        if !import.is_received {
            let why = "The file broke off while it was received. Send it again.".to_owned();
            step(tx, ctx, &import, ImportStep::Fail(why)).await?;
            return Ok(None);
        }
        let import = import.taken(self.holder, ctx.now);
        tx.imports().update(&import).await?;
        Ok(Some(import))
    }
}

/// Says what is known of some rows of an import that is being checked; of all of them, when it ends.
#[derive(Debug, Clone)]
pub struct CheckRows {
    /// The import whose rows these are.
    pub id: ImportId,
    /// The server that checks it.
    pub holder: Uuid,
    /// Whether these are the first rows.
    pub is_first: bool,
    /// The refused rows, each by its line, with what is wrong.
    pub refused: Vec<(u64, Vec<RowError>)>,
    /// Notes on rows, refused or not.
    pub notes: Vec<(u64, Vec<String>)>,
    /// How many there are of which kind, once all are checked.
    pub ended: Option<RowCounts>,
}

#[async_trait]
impl Command for CheckRows {
    /// Whether the server goes on. It does not if somebody stopped the import, or another server has it.
    type Output = bool;
    const NAME: &'static str = "imports.check";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<bool, Error> {
        let import = locked_import(tx, self.id, None).await?;
        if !import.is_held_by(self.holder) {
            return Ok(false);
        }
        if self.is_first {
            tx.imports().renew_rows(self.id).await?;
        }
        tx.imports().refuse_rows(self.id, &self.refused).await?;
        if !self.notes.is_empty() {
            tx.imports().note_rows(self.id, &self.notes).await?;
        }
        match self.ended {
            Some(counts) => step(tx, ctx, &import, ImportStep::Check(counts)).await.map(drop)?,
            None => tx.imports().update(&import.taken(self.holder, ctx.now)).await?,
        }
        Ok(true)
    }
}

/// Keeps an import for the server that has it, while that does something that takes long.
#[derive(Debug, Clone, Copy)]
pub struct HoldImport {
    /// The import that this server has.
    pub id: ImportId,
    /// The id that this server gave itself at its start, under which it holds what it works on.
    pub holder: Uuid,
}

#[async_trait]
impl Command for HoldImport {
    /// Whether the server goes on. It does not if somebody stopped the import, or another server has it.
    type Output = bool;
    const NAME: &'static str = "imports.hold";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<bool, Error> {
        let import = locked_import(tx, self.id, None).await?;
        if !import.is_held_by(self.holder) {
            return Ok(false);
        }
        tx.imports().update(&import.taken(self.holder, ctx.now)).await?;
        Ok(true)
    }
}

/// What rows do.
#[derive(Debug, Clone)]
pub enum RowWork {
    /// They say what products are.
    Items(ImportItems),
    /// They name products that are changed alike.
    Changes(Box<ChangeRows>),
}

impl RowWork {
    /// The lines in the file of the rows that it writes.
    fn lines(&self) -> HashSet<u64> {
        match self {
            Self::Items(items) => items.items.iter().map(|item| item.line).collect(),
            Self::Changes(changes) => changes.rows.iter().map(|(line, _)| *line).collect(),
        }
    }

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Vec<Imported>, Error> {
        match self {
            Self::Items(items) => items.run(tx, ctx).await,
            Self::Changes(changes) => changes.run(tx, ctx).await,
        }
    }
}

/// What the fields that a row changes were.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Before {
    /// The line in the file, from 1.
    pub line: u64,
    /// The product that the row changes.
    pub product: ProductId,
    /// The version of the product that was read.
    pub version: Version,
    /// The fields: names of plain columns, with cells.
    pub cells: Vec<(String, String)>,
}

/// Writes a part of an import: products, and what became of their rows, at once.
#[derive(Debug, Clone)]
pub struct WriteRows {
    /// The import whose rows these are.
    pub id: ImportId,
    /// The server that writes it.
    pub holder: Uuid,
    /// The lines of the part, the first left out.
    pub lines: (u64, u64),
    /// The products.
    pub work: RowWork,
    /// What the fields that change were.
    pub before: Vec<Before>,
    /// The refused rows, each by its line, with what is wrong.
    pub refused: Vec<(u64, Vec<RowError>)>,
    /// What is said of rows, in place of what was said of them.
    pub notes: Vec<(u64, Vec<String>)>,
    /// Whether this is the last part.
    pub is_last: bool,
}

impl WriteRows {
    /// Whether the products still have the versions that were read for [`Before`]. They are locked until the
    /// transaction ends.
    async fn is_current(&self, tx: &mut dyn Tx) -> Result<bool, Error> {
        let lines = self.work.lines();
        let written = self.before.iter().filter(|before| lines.contains(&before.line));
        let read: HashMap<_, _> = written.map(|before| (before.product, before.version)).collect();
        if read.is_empty() {
            return Ok(true);
        }
        let locked = tx.products().lock_all(&read.keys().copied().collect::<Vec<_>>()).await?;
        Ok(locked.iter().all(|product| read.get(&product.id) == Some(&product.version)))
    }
}

#[async_trait]
impl Command for WriteRows {
    /// Whether the server goes on. It does not if somebody stopped the import, another server has it, or somebody changed a
    /// product after it was read: then it reads again.
    type Output = bool;
    const NAME: &'static str = "imports.write";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<bool, Error> {
        let import = locked_import(tx, self.id, None).await?;
        let (after, to) = self.lines;
        if !import.is_held_by(self.holder) || import.position.unsigned_abs() != after {
            return Ok(false);
        }
        if !self.is_current(tx).await? {
            return Ok(false);
        }
        let done = self.work.run(tx, ctx).await?;
        let written = |Imported { line, id, effect }: &Imported| {
            let before = self.before.iter().find(|one| one.line == *line).map(|one| one.cells.clone());
            Written { line: *line, product: *id, before: before.filter(|_| *effect == Effect::Updated) }
        };
        tx.imports().refuse_rows(self.id, &self.refused).await?;
        if !self.notes.is_empty() {
            tx.imports().note_rows(self.id, &self.notes).await?;
        }
        let rows = tx.imports().finish_rows(self.id, self.lines, &done.iter().map(written).collect::<Vec<_>>()).await?;
        let count = |rows: u64| i64::try_from(rows).unwrap_or(i64::MAX);
        let failed = i64::try_from(self.refused.len()).unwrap_or(i64::MAX);
        let write = ImportStep::Write { to: count(to), done: count(rows), failed, is_last: self.is_last };
        let after = import.after(write, ctx.now).map_err(|_| Error::raced("the import was stopped"))?;
        let after = if self.is_last { after } else { after.taken(self.holder, ctx.now) };
        tx.imports().update(&after).await?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use domain::imports::{ImportOptions, ImportStatus};
    use domain::products::Product;

    use super::super::BulkUpdate;
    use super::*;
    use crate::testing::{Mocks, NOW, id, product, run};

    fn running() -> Import {
        let import = Import::new(ImportId(id(1)), ImportOptions::default(), vec!["sku".to_owned()], None, NOW);
        Import { status: ImportStatus::Running, is_received: true, position: 2, ..import }.taken(id(9), NOW)
    }

    fn write(holder: u128, after: u64, is_last: bool) -> WriteRows {
        WriteRows {
            id: ImportId(id(1)),
            holder: id(holder),
            lines: (after, 5),
            work: RowWork::Items(ImportItems { items: Vec::new(), counted: None }),
            before: Vec::new(),
            refused: Vec::new(),
            notes: Vec::new(),
            is_last,
        }
    }

    #[tokio::test]
    async fn a_part_is_written_once_with_its_rows_by_the_server_that_has_the_import_r231() {
        for stranger in [write(8, 2, false), write(9, 1, false)] {
            let mut tx = Mocks::default();
            tx.imports.expect_lock().once().returning(|_| Ok(Some(running())));
            assert!(!run(&stranger, &mut tx).await.unwrap(), "nothing is written");
        }
        for (is_last, status) in [(false, ImportStatus::Running), (true, ImportStatus::Done)] {
            let mut tx = Mocks::default();
            tx.imports.expect_lock().once().returning(|_| Ok(Some(running())));
            tx.imports.expect_refuse_rows().once().returning(|_, _| Ok(()));
            tx.imports.expect_finish_rows().once().withf(|_, lines, _| *lines == (2, 5)).returning(|_, _, _| Ok(3));
            let is_so = move |one: &Import| (one.status, one.position, one.counts.done) == (status, 5, 3);
            tx.imports.expect_update().once().withf(is_so).returning(|_| Ok(()));
            assert!(run(&write(9, 2, is_last), &mut tx).await.unwrap());
        }
    }

    #[tokio::test]
    async fn one_server_takes_the_oldest_import_and_a_file_that_broke_off_fails_r231() {
        let take = TakeImport { holder: id(9) };
        let mut tx = Mocks::default();
        tx.imports.expect_lock_oldest().once().returning(|| Ok(Some(running())));
        assert_eq!(run(&TakeImport { holder: id(8) }, &mut tx).await.unwrap(), None, "another one has it");
        let mut tx = Mocks::default();
        tx.imports.expect_lock_oldest().once().returning(|| Ok(Some(Import { lease: None, ..running() })));
        tx.imports.expect_update().once().withf(|one| one.is_held_by(id(9))).returning(|_| Ok(()));
        assert!(run(&take, &mut tx).await.unwrap().is_some());
        let long_ago = NOW - Import::PATIENCE * 2;
        let broken = move || Import::new(ImportId(id(1)), ImportOptions::default(), Vec::new(), None, long_ago);
        let mut tx = Mocks::default();
        tx.imports.expect_lock_oldest().once().returning(move || Ok(Some(broken())));
        tx.imports.expect_update().once().withf(|one| one.status == ImportStatus::Failed).returning(|_| Ok(()));
        assert_eq!(run(&take, &mut tx).await.unwrap(), None);
    }

    #[tokio::test]
    async fn nothing_is_written_of_a_product_that_somebody_changed_after_it_was_read_r231() {
        let changes = ChangeRows { rows: vec![(3, ProductId(id(7)))], update: BulkUpdate::default() };
        let before = |line, version| Before {
            line,
            product: ProductId(id(u128::from(line) + 4)),
            version: Version(version),
            cells: vec![("name".to_owned(), "Mug".to_owned())],
        };
        let write = WriteRows {
            work: RowWork::Changes(Box::new(changes)),
            // The other row is not written now.
            before: vec![before(4, 1), before(3, 1)],
            ..write(9, 2, false)
        };
        let mut tx = Mocks::default();
        tx.imports.expect_lock().once().returning(|_| Ok(Some(running())));
        tx.products
            .expect_lock_all()
            .once()
            .withf(|products| *products == [ProductId(id(7))])
            .returning(|_| Ok(vec![Product { version: Version(2), ..product(7) }]));
        assert!(!run(&write, &mut tx).await.unwrap(), "it is read again");
    }
}
