use domain::{Choice, Cursor, CursorKey, PageRequest, SearchTerm, SearchText, Uuid};
use sea_orm::{ColumnTrait, Condition};

use crate::db::engine::Pool;
use crate::db::search::{Renewal, Samples};

/// Reads outside of any transaction. The file of each noun implements its queries on this type.
pub(in crate::db) struct DbQueries {
    pub read: Pool,
    /// For searches, and for lists of everybody's data.
    pub lists: Pool,
    pub products: Renewal,
    pub samples: Samples,
    pub customers: Renewal,
}

impl DbQueries {
    pub fn new(read: Pool, lists: Pool) -> Self {
        let products = Renewal::new("SELECT id FROM products WHERE name_key IS NULL LIMIT 1");
        let customers = Renewal::new("SELECT id FROM customers WHERE name_key IS NULL LIMIT 1");
        Self { read, lists, products, samples: Samples::default(), customers }
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

/// The cursor of an item that was changed last at this time, in microseconds.
pub(super) fn at_change(updated_at: i64, id: Uuid) -> Cursor {
    Cursor { key: CursorKey::Int(updated_at), id }
}

/// The condition that a column has all words, the last one as a prefix. The column is written by
/// [`searchable`](crate::db::convert::searchable). A word has only letters, digits and marks, so that a pattern means
/// nothing else.
pub(super) fn has_words<C: ColumnTrait>(column: C, search: &SearchText) -> Condition {
    let has = |term: &SearchTerm| match term {
        SearchTerm::Whole(word) => column.like(format!("% {word} %")),
        SearchTerm::Beginning(word) => column.like(format!("% {word}%")),
    };
    let all_of = |terms: &Vec<SearchTerm>| terms.iter().map(has).fold(Condition::all(), Condition::add);
    let any_of = |choice: &Choice| choice.iter().map(all_of).fold(Condition::any(), Condition::add);
    if search.wanted().is_empty() {
        return Condition::any().add(column.is_null());
    }
    search.wanted().iter().map(any_of).fold(Condition::all(), Condition::add)
}
