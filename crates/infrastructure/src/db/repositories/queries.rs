use domain::{Cursor, CursorKey, PageRequest, Uuid};

use crate::db::engine::Pool;

/// Reads outside of any transaction. The queries of each noun are an `impl` on it, in the file of the noun.
pub(in crate::db) struct DbQueries {
    pub read: Pool,
}

impl DbQueries {
    pub fn new(read: Pool) -> Self {
        Self { read }
    }
}

/// How many rows to read for a page: one more than it holds, to know whether there is a next page.
pub(in crate::db) fn rows(page: &PageRequest) -> u64 {
    page.limit.get().saturating_add(1)
}

/// The id after which a page begins, of a list that is sorted by id.
pub(super) fn after_id(page: &PageRequest) -> Option<Uuid> {
    page.after.as_ref().map(|cursor| cursor.id)
}

/// The cursor of a list that is sorted by id.
pub(super) fn at_id(id: Uuid) -> Cursor {
    Cursor { key: CursorKey::Id, id }
}
