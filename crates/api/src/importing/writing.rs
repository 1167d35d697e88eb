//! Writes the rows of an import, part by part.

use std::collections::{HashMap, HashSet};
use std::mem;

use application::imports::{Before, Effect, HoldImport, ImportItems, Item, PlaceInGroup, RowWork, WriteRows};
use application::{Error, Runner};
use domain::groups::GroupId;
use domain::imports::{Column, Import, Sought, WholeGroup, WholeProduct};
use domain::products::ProductId;
use domain::stock::Reason;
use domain::{StoreError, Uuid};

use super::parts::{Notes, Parts, Refused};
use super::pictures::{Gathering, Hold};
use super::{Importing, before, errors, was};
use crate::files::{Cells, Plan, ShownPictures, apart, units};

impl Importing {
    /// Writes the parts of an import until the last one, or until another server goes on with it.
    pub(super) async fn write(&self, mut parts: Parts<'_>, holder: Uuid) -> Result<(), Error> {
        let import = parts.import;
        let runner = self.acting(import);
        let reason = Reason::parse(&format!("import {}", import.id)).ok();
        let mut writing = Writing {
            importing: self,
            import,
            holder,
            cells: Cells::of(&self.queries, (self.shop, self.fetching.base())).await?,
            counted: reason.filter(|_| parts.reviewer.options.counts_stock),
            gathering: Gathering::new(&self.fetching, &runner),
            runner,
            after: import.position.unsigned_abs(),
        };
        while writing.part(&mut parts).await? {}
        Ok(())
    }
}

/// An import that is being written.
struct Writing<'a> {
    importing: &'a Importing,
    import: &'a Import,
    /// The server that writes it.
    holder: Uuid,
    cells: Cells,
    /// Why stock changes; `None` to keep the stock of known products.
    counted: Option<Reason>,
    gathering: Gathering,
    /// The runner of whoever has sent the import.
    runner: Runner,
    /// The last line that is written.
    after: u64,
}

/// The state that was read before the part. Groups and pictures in [`Before`] come from here, because a row that is
/// written alone may change them for the rows after it.
struct Seen<'k> {
    columns: HashMap<u64, Vec<Column>>,
    groups: HashMap<GroupId, &'k WholeGroup>,
    pictures: ShownPictures,
    /// What is said of lines.
    notes: Notes,
}

/// New notes of lines, in place of those before.
type NewNotes = Vec<(u64, Vec<String>)>;

impl Writing<'_> {
    /// Writes the next part. Returns whether this server goes on.
    async fn part(&mut self, parts: &mut Parts<'_>) -> Result<bool, Error> {
        // The part before is written, or refused, and this one is compared with what there is now.
        parts.reviewer.forget_group();
        let mut part = parts.next().await?;
        let notes = mem::take(&mut part.notes);
        let (lines, is_last, columns) = ((self.after, part.to), part.is_last, part.columns());
        let (plans, mut refused, known) = parts.review(part, &*self.importing.clock).await?;
        let (mut items, repeating) = written(plans);
        let pictures = if self.import.options.fetch_media {
            ShownPictures::of(&self.importing.queries, known.products.values()).await?
        } else {
            ShownPictures::default()
        };
        let groups = known.groups.values().map(|whole| (whole.group.id, whole)).collect();
        let seen = Seen { columns, groups, pictures, notes };
        let changing = items.iter_mut().filter(|item| !repeating.contains(&item.line));
        let Some(mut notes) = self.fetch(changing, &seen.notes).await? else { return Ok(false) };
        let together: Vec<_> = items.iter().filter(|item| !repeating.contains(&item.line)).cloned().collect();
        let before = self.before(&together, &known.products, &seen);
        let end = WriteRows { lines, is_last, ..self.rows(Vec::new(), Vec::new()) };
        let write =
            WriteRows { refused: refused.clone(), notes: notes.clone(), lines, is_last, ..self.rows(together, before) };
        let goes_on = match self.runner.run(write).await {
            Err(refusal) if refusal.is_refusal() => {
                // Something has become bad since it was checked. What can be written alone is tried so.
                let Some(more) = self.alone(items, &repeating, &seen, &mut notes).await? else { return Ok(false) };
                refused.extend(more);
                self.runner.run(WriteRows { refused, notes, ..end }).await?
            }
            result => result?,
        };
        self.after = lines.1;
        Ok(goes_on && !is_last)
    }

    /// Writes items alone, but for those of a group that is to be made. An item that only repeats what the one before says
    /// of their group is written only if that was refused. Returns the lines that are refused; `None` if this server does
    /// not go on.
    async fn alone(
        &mut self,
        items: Vec<Item>,
        repeating: &HashSet<u64>,
        seen: &Seen<'_>,
        notes: &mut NewNotes,
    ) -> Result<Option<Refused>, Error> {
        let (mut refused, mut said) = (Refused::new(), None::<PlaceInGroup>);
        for mut some in apart(items) {
            if some.iter().all(|item| repeating.contains(&item.line)) {
                let Some(more) = self.fetch(some.iter_mut(), &seen.notes).await? else { return Ok(None) };
                let is_said = |place: &PlaceInGroup| said.as_ref().is_some_and(|said| place.says_as(said));
                if some.iter().all(|item| item.place.as_ref().is_none_or(is_said)) {
                    continue;
                }
                notes.extend(more);
            }
            let lines: Vec<_> = some.iter().map(|item| item.line).collect();
            let place = some.last().and_then(|item| item.place.clone());
            // The items before may have changed the products of these: they have the same group.
            let products = self.current(&some).await?;
            let before = self.before(&some, &products, seen);
            match self.runner.run(self.rows(some, before)).await {
                Ok(true) => said = place,
                Ok(false) => return Ok(None),
                Err(why) if why.is_refusal() => {
                    let why = errors(why);
                    refused.extend(lines.into_iter().map(|line| (line, why.clone())));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(Some(refused))
    }

    /// The known products of items, as they are now.
    async fn current(&self, items: &[Item]) -> Result<HashMap<ProductId, WholeProduct>, StoreError> {
        let sought = Sought { ids: items.iter().filter_map(|item| item.known).collect(), ..Sought::default() };
        let found = self.importing.queries.imports.products(&sought).await?;
        Ok(found.into_iter().map(|whole| (whole.product.id, whole)).collect())
    }

    /// What the rows of items keep of these products.
    fn before(&self, items: &[Item], products: &HashMap<ProductId, WholeProduct>, seen: &Seen<'_>) -> Vec<Before> {
        let of_item = |item: &Item| {
            let whole = products.get(&item.known?)?;
            let columns = seen.columns.get(&item.line).map(Vec::as_slice).unwrap_or_default();
            Some(before(item.line, whole, was(&self.cells, columns, whole, (&seen.groups, &seen.pictures))))
        };
        items.iter().filter_map(of_item).collect()
    }

    /// Writes items, and nothing of other rows.
    fn rows(&self, items: Vec<Item>, before: Vec<Before>) -> WriteRows {
        WriteRows {
            id: self.import.id,
            holder: self.holder,
            lines: (self.after, self.after),
            work: RowWork::Items(ImportItems { items, counted: self.counted.clone() }),
            before,
            refused: Vec::new(),
            notes: Vec::new(),
            is_last: false,
        }
    }

    /// Fetches the pictures of items. Returns new notes on their lines, including those in `said`; `None` if this
    /// server no longer holds the import.
    async fn fetch<'i>(
        &mut self,
        items: impl Iterator<Item = &'i mut Item> + Send,
        said: &Notes,
    ) -> Result<Option<NewNotes>, Error> {
        let mut notes = NewNotes::new();
        let hold = HoldImport { id: self.import.id, holder: self.holder };
        let mut hold = Hold::new(&self.importing.runner, &*self.importing.clock, hold);
        for item in items {
            let Some(more) = self.gathering.have(item, Some(&mut hold)).await? else { return Ok(None) };
            if !more.is_empty() {
                let before = said.get(&item.line).cloned().unwrap_or_default();
                notes.push((item.line, [before, more].concat()));
            }
        }
        Ok(Some(notes))
    }
}

/// The items that may be written, as [`units`] orders them, and the lines of those that change nothing if the item before
/// is written.
fn written(plans: Vec<Plan>) -> (Vec<Item>, HashSet<u64>) {
    let repeats = |plan: &Plan| plan.effect == Effect::Unchanged && plan.repeats;
    let repeating = plans.iter().filter(|plan| repeats(plan)).map(|plan| plan.item.line).collect();
    let may_change = plans.into_iter().filter(|plan| plan.effect != Effect::Unchanged || plan.repeats);
    let items = units(may_change.map(|plan| plan.item).collect());
    (items.into_iter().flatten().collect(), repeating)
}
