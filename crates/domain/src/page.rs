//! Paging by key, so that the cost of a page does not grow with its depth.

use crate::{Code, Invalid, Rule, Ruled, Uuid};

/// How many items a page may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit(u64);

impl Limit {
    /// The largest page.
    pub const MAX: i64 = 100;
    /// The page of a client that names no limit.
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

/// The value by which a list is sorted, in the last item of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CursorKey {
    /// The list is sorted by id alone.
    Id,
    /// A number or a time in microseconds.
    Int(i64),
    /// A text.
    Text(String),
}

/// Where a page ends: the sort value and the id of its last item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The sort value.
    pub key: CursorKey,
    /// The id, which decides among equal sort values.
    pub id: Uuid,
}

/// Which page of a list is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    /// How many items at most.
    pub limit: Limit,
    /// The end of the page before; `None` for the first.
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
    /// Where the next page starts; `None` if this is the last.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// Makes a page of `rows` read with one more than the limit: that one tells whether there is a next page.
    pub fn cut(mut rows: Vec<T>, limit: Limit, cursor: impl Fn(&T) -> Cursor) -> Self {
        let limit = usize::try_from(limit.get()).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more { rows.last().map(cursor) } else { None };
        Self { items: rows, next }
    }

    /// The same page of other items.
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
}
