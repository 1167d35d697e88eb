use domain::{Cursor, CursorKey, PageRequest, Uuid};

use super::reader::Reader;

/// Reads, outside any transaction. The queries of each noun are an `impl` on it, in the file of the noun.
pub(super) struct DbQueries {
    pub read: Reader,
}

impl DbQueries {
    pub fn new(read: Reader) -> Self {
        Self { read }
    }
}

/// How many rows to read for a page: one more than it holds, which tells whether there is a next one.
pub(super) fn rows(page: &PageRequest) -> u64 {
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
