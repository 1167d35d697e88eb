use domain::{Cursor, CursorKey, PageRequest, Uuid};

use crate::db::engine::Pool;

/// Reads outside of any transaction. The file of each noun implements its queries on this type.
pub(in crate::db) struct DbQueries {
    pub read: Pool,
    /// For searches, and for lists of everybody's data.
    pub lists: Pool,
}

impl DbQueries {
    pub fn new(read: Pool, lists: Pool) -> Self {
        Self { read, lists }
    }
}

/// Rows to read for a page: its limit and one more, which shows whether there is a next page.
pub(in crate::db) fn rows(page: &PageRequest) -> u64 {
    page.limit.get().saturating_add(1)
}

/// The id of the cursor, for a list that is sorted by id.
pub(super) fn after_id(page: &PageRequest) -> Option<Uuid> {
    page.after.as_ref().map(|cursor| cursor.id)
}

/// A cursor of a list that is sorted by id.
pub(super) fn at_id(id: Uuid) -> Cursor {
    Cursor { key: CursorKey::Id, id }
}
