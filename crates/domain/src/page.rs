//! Keyset paging: the cost of a page does not depend on its position.

use crate::{Code, Invalid, Rule, Ruled, Uuid};

/// The most items of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit(u64);

impl Limit {
    /// The largest limit.
    pub const MAX: i64 = 100;
    /// The largest pages that a client may ask for.
    pub const LARGEST: Self = Self(Self::MAX.unsigned_abs());
    /// One item, to find out whether there is any.
    pub const ONE: Self = Self(1);
    /// The limit if the client gives none.
    pub const DEFAULT: Self = Self(20);

    /// Parses a limit of 1 to [`Limit::MAX`].
    ///
    /// # Errors
    /// If it is out of range.
    pub fn parse(raw: i64) -> Result<Self, Invalid> {
        let in_range = u64::try_from(raw).ok().filter(|n| (1..=Self::MAX.unsigned_abs()).contains(n));
        let refusal = || Invalid::new(Code::Format, format!("must be a whole number from 1 to {}", Self::MAX));
        in_range.map(Self).ok_or_else(refusal)
    }

    /// The number of items.
    pub const fn get(self) -> u64 {
        self.0
    }
}

/// The sort value of the last item of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CursorKey {
    /// The list is sorted by id alone.
    Id,
    /// A number or a time in microseconds.
    Int(i64),
    /// A text, such as the sort key of a name.
    Text(String),
    /// A product that stands first, before those that are sorted. Has its place.
    Pin(i64),
}

/// The end of a page: sort value and id of its last item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The sort value.
    pub key: CursorKey,
    /// The id, which orders items with equal sort values.
    pub id: Uuid,
}

/// A request for one page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    /// The most items.
    pub limit: Limit,
    /// The end of the page before; `None` for the first page.
    pub after: Option<Cursor>,
}

impl Default for PageRequest {
    fn default() -> Self {
        Self { limit: Limit::DEFAULT, after: None }
    }
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The items, in order.
    pub items: Vec<T>,
    /// The cursor of the next page; `None` if this is the last.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// Makes a page from up to `limit` + 1 rows. The additional row shows that there is a next page, and is dropped.
    pub fn cut(mut rows: Vec<T>, limit: Limit, cursor: impl Fn(&T) -> Cursor) -> Self {
        let limit = usize::try_from(limit.get()).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more { rows.last().map(cursor) } else { None };
        Self { items: rows, next }
    }

    /// Makes a page from rows whose reading stopped at a place before the list ended. If they are too few, the page is not
    /// full, and the next one begins at that place.
    pub fn cut_short(rows: Vec<T>, limit: Limit, cursor: impl Fn(&T) -> Cursor, stop: Option<Cursor>) -> Self {
        let page = Self::cut(rows, limit, cursor);
        Self { next: page.next.or(stop), ..page }
    }

    /// Converts each item.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(f).collect(), next: self.next }
    }
}

impl Ruled for Limit {
    fn rule() -> Rule {
        Rule::integer(1, Self::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(rows: u128) -> Page<u128> {
        let cursor = |n: &u128| Cursor { key: CursorKey::Id, id: Uuid::from_u128(*n) };
        Page::cut((1..=rows).collect(), Limit::parse(2).unwrap(), cursor)
    }

    #[test]
    fn a_limit_is_1_to_100() {
        for good in [1, 100] {
            assert!(Limit::parse(good).is_ok());
        }
        for bad in [0, -1, 101, i64::MIN, i64::MAX] {
            assert!(Limit::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_page_has_a_next_cursor_only_if_there_is_a_next_page() {
        assert_eq!(page(2).next, None);
        let cut = page(3);
        assert_eq!(cut.items, [1, 2]);
        assert_eq!(cut.next.unwrap().id, Uuid::from_u128(2));
    }

    #[test]
    fn a_page_that_is_not_full_leads_to_where_its_reading_stopped() {
        let stop = Cursor { key: CursorKey::Id, id: Uuid::from_u128(9) };
        let cut = |rows| {
            Page::cut_short(
                rows,
                Limit::parse(2).unwrap(),
                |_| Cursor { id: Uuid::nil(), ..stop.clone() },
                Some(stop.clone()),
            )
        };
        assert_eq!(cut(vec![1]), Page { items: vec![1], next: Some(stop.clone()) });
        assert_eq!(cut(vec![1, 2, 3]).next.unwrap().id, Uuid::nil(), "the page is full");
    }
}
