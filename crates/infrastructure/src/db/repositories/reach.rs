//! Lists with a filter that the index of their order does not serve. However many rows there are, so many of the next ones
//! are looked at and no more.

use domain::{Cursor, CursorKey, Page, PageRequest};
use sea_orm::sea_query::extension::mysql::{IndexHintScope, MySqlSelectStatementExt as _};
use sea_orm::sea_query::{Expr, ExprTrait as _, SelectStatement};
use sea_orm::{ColumnTrait, Condition, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};

use super::queries::{at_change, at_id, rows};
use crate::db::engine::{Error, Executor as _, Model, Pool, Row, Statement};

/// How many rows a list looks at, step by step, until the page is full.
pub(in crate::db) const STEPS: [u64; 3] = [500, 2_000, 8_000];

/// The most rows that are read through another index and then sorted.
pub(in crate::db) const FEW: u64 = 10_000;

/// The order of a list, and the places in it.
#[derive(Clone, Copy)]
pub(super) struct Sequence<C> {
    /// The time of the last change, if the list is sorted by it, and from when on, in microseconds.
    change: Option<(C, i64)>,
    id: C,
    is_newest_first: bool,
}

impl<C: ColumnTrait> Sequence<C> {
    /// Ids sort by time.
    pub const fn oldest_first(id: C) -> Self {
        Self { change: None, id, is_newest_first: false }
    }

    pub const fn newest_first(id: C) -> Self {
        Self { change: None, id, is_newest_first: true }
    }

    /// What was changed at this time or later, the longest ago first.
    pub const fn by_change(change: C, from: i64, id: C) -> Self {
        Self { change: Some((change, from)), id, is_newest_first: false }
    }

    fn sorted<Q: QueryOrder>(&self, find: Q, named: Named<C>) -> Q {
        let order = if self.is_newest_first { Order::Desc } else { Order::Asc };
        let find = match self.change {
            Some((change, _)) => find.order_by(named(change), order.clone()),
            None => find,
        };
        find.order_by(named(self.id), order)
    }

    /// The condition for the rows after `place`, or for all rows. For each end of an index range, SQLite uses only one
    /// bound. `place` is the tighter one, so it is the one that uses the index.
    fn next(&self, place: Option<&Cursor>, named: Named<C>) -> Condition {
        let first: Named<C> = if place.is_some() { unindexed } else { named };
        Condition::all()
            .add_option(self.change.map(|(change, from)| first(change).gte(from)))
            .add_option(place.map(|place| self.after(place, named)))
    }

    fn after(&self, place: &Cursor, named: Named<C>) -> Condition {
        let id = || named(self.id);
        let Some((change, at)) = self.change_at(place) else {
            let beyond = if self.is_newest_first { id().lt(place.id) } else { id().gt(place.id) };
            return Condition::all().add(beyond);
        };
        // The first condition is a range of the index.
        let beyond = Condition::any().add(named(change).gt(at)).add(id().gt(place.id));
        Condition::all().add(named(change).gte(at)).add(beyond)
    }

    /// The condition for rows at or before a place.
    fn up_to(&self, place: &Cursor) -> Condition {
        let Some((change, at)) = self.change_at(place) else {
            let within = if self.is_newest_first { self.id.gte(place.id) } else { self.id.lte(place.id) };
            return Condition::all().add(within);
        };
        let within = Condition::any().add(change.lt(at)).add(self.id.lte(place.id));
        Condition::all().add(change.lte(at)).add(within)
    }

    fn change_at(&self, place: &Cursor) -> Option<(C, i64)> {
        let CursorKey::Int(at) = place.key else { return None };
        self.change.map(|(change, _)| (change, at))
    }

    /// The place of a row that has the columns of the order.
    fn place(&self, row: &Row) -> Result<Cursor, Error> {
        Ok(match self.change {
            Some(_) => at_change(row.at(0)?, row.at(1)?),
            None => at_id(row.at(0)?),
        })
    }

    fn columns<Q: QuerySelect>(&self, find: Q) -> Q {
        find.select_only().columns(self.change.map(|(change, _)| change).into_iter().chain([self.id]))
    }
}

/// Writes a column in SQL: so that its index is used, or so that it is not.
pub(super) type Named<C> = fn(C) -> Expr;

/// The plain column: its index may be used.
pub(super) fn indexed<C: ColumnTrait>(column: C) -> Expr {
    Expr::col((column.entity_name(), column))
}

/// The column with a plus before it, so that SQLite does not use its index.
pub(super) fn unindexed<C: ColumnTrait>(column: C) -> Expr {
    Expr::cust(format!("+{}.{}", column.entity_name(), column.as_str()))
}

/// A way to read a list through another index, which may find fewer rows than the list has.
pub(super) struct Narrower<E: EntityTrait> {
    /// Each of these names few rows if the index does.
    pub counted: Vec<SelectStatement>,
    pub find: Select<E>,
    pub index: &'static str,
}

impl<E: EntityTrait> Narrower<E> {
    /// The rows that an index names.
    pub fn by(index: &'static str, find: Select<E>, id: E::Column) -> Self {
        let mut counted = find.clone().select_only().column(id).into_query();
        counted.force_index(index, IndexHintScope::All);
        Self { counted: vec![counted], find, index }
    }
}

/// A list and its filter.
pub(super) struct List<E: EntityTrait> {
    /// What one index names in order.
    pub all: Select<E>,
    /// The name of that index.
    pub index: &'static str,
    pub sequence: Sequence<E::Column>,
    /// What the index does not know of the rows that are wanted.
    pub filter: Option<Condition>,
    pub narrower: Vec<Narrower<E>>,
}

impl<E: EntityTrait<Model: Model>> List<E> {
    /// A page. If too many rows do not pass the filter, it is not full, and leads to where it stopped.
    pub async fn page(
        self,
        db: &Pool,
        page: &PageRequest,
        cursor: impl Fn(&E::Model) -> Cursor,
    ) -> Result<Page<E::Model>, Error> {
        let mut place = page.after.clone();
        let Some(filter) = &self.filter else {
            let found = db.all(self.next(place.as_ref()).limit(rows(page))).await?;
            return Ok(Page::cut(found, page.limit, cursor));
        };
        let mut found = Vec::new();
        // Which index names few rows is asked once, and only if it matters: it depends on no place.
        let mut few = None;
        for step in STEPS {
            let end = self.end(step, place.as_ref(), db).await?;
            let next = self
                .next(place.as_ref())
                .apply_if(end.as_ref(), |find, end| find.filter(self.sequence.up_to(end)))
                .filter(filter.clone())
                .limit(missing(&found, page));
            found.extend(db.all(next).await?);
            if missing(&found, page) == 0 || end.is_none() {
                return Ok(Page::cut(found, page.limit, cursor));
            }
            place = end;
            if !found.is_empty() {
                continue;
            }
            if few.is_none() {
                few = Some(self.few(db).await?);
            }
            if let Some(Some(narrower)) = few {
                let rest = self.rest(narrower, place.as_ref(), filter, rows(page), db).await?;
                return Ok(Page::cut(rest, page.limit, cursor));
            }
        }
        let few = match few {
            Some(few) => few,
            None => self.few(db).await?,
        };
        let Some(narrower) = few else { return Ok(Page::cut_short(found, page.limit, cursor, place)) };
        found.extend(self.rest(narrower, place.as_ref(), filter, missing(&found, page), db).await?);
        Ok(Page::cut(found, page.limit, cursor))
    }

    /// The rows after a place, in order.
    fn next(&self, place: Option<&Cursor>) -> Select<E> {
        let next = self.all.clone().filter(self.sequence.next(place, indexed));
        let mut next = self.sequence.sorted(next, indexed);
        QueryTrait::query(&mut next).force_index(self.index, IndexHintScope::All);
        next
    }

    /// The cursor after the next `step` rows; `None` if there are no more rows than these.
    async fn end(&self, step: u64, place: Option<&Cursor>, db: &Pool) -> Result<Option<Cursor>, Error> {
        let next = self.sequence.columns(self.next(place)).offset(step).limit(1);
        let rows = db.run(next.build(db.backend())).await?.rows;
        rows.first().map(|row| self.sequence.place(row)).transpose()
    }

    /// The first of the other indexes that names few rows; `None` if all name many.
    async fn few(&self, db: &Pool) -> Result<Option<&Narrower<E>>, Error> {
        for narrower in &self.narrower {
            if are_few(&narrower.counted, db).await? {
                return Ok(Some(narrower));
            }
        }
        Ok(None)
    }

    /// The rows after `place` that pass the filter, by an index that names few.
    async fn rest(
        &self,
        narrower: &Narrower<E>,
        place: Option<&Cursor>,
        filter: &Condition,
        limit: u64,
        db: &Pool,
    ) -> Result<Vec<E::Model>, Error> {
        let find = narrower.find.clone().filter(self.sequence.next(place, unindexed));
        let mut find = self.sequence.sorted(find.filter(filter.clone()).limit(limit), unindexed);
        QueryTrait::query(&mut find).force_index(narrower.index, IndexHintScope::All);
        db.all(find).await
    }
}

/// How many rows a page still lacks, with the one that shows whether there is a next page.
fn missing<M>(found: &[M], page: &PageRequest) -> u64 {
    rows(page).saturating_sub(u64::try_from(found.len()).unwrap_or(u64::MAX))
}

/// Whether each of these statements finds at most [`FEW`] rows.
pub(in crate::db) async fn are_few(counted: &[SelectStatement], db: &Pool) -> Result<bool, Error> {
    for select in counted {
        let select = select.clone().limit(FEW + 1).to_owned();
        let counted = Statement::from(db.backend().build(&select));
        let sql = format!("SELECT COUNT(*) FROM ({}) AS counted", counted.sql);
        let rows = db.run(Statement { sql, ..counted }).await?.rows;
        let count: i64 = rows.first().ok_or_else(Error::no_result)?.at(0)?;
        if u64::try_from(count).is_ok_and(|count| count > FEW) {
            return Ok(false);
        }
    }
    Ok(true)
}
