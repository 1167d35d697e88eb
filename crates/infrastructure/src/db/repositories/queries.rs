use domain::{Choice, Cursor, CursorKey, PageRequest, SearchText, Term, Uuid};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition};

use crate::db::engine::Pool;
use crate::db::search::Renewal;

/// Reads outside of any transaction. The file of each noun implements its queries on this type.
pub(in crate::db) struct DbQueries {
    pub read: Pool,
    /// For searches, and for lists of everybody's data.
    pub lists: Pool,
    pub products: Renewal,
    pub customers: Renewal,
}

impl DbQueries {
    pub fn new(read: Pool, lists: Pool) -> Self {
        let products = Renewal::new("SELECT id FROM products WHERE name_key IS NULL LIMIT 1");
        let customers = Renewal::new("SELECT id FROM customers WHERE name_key IS NULL LIMIT 1");
        Self { read, lists, products, customers }
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

/// The condition that a column, which holds words with a blank before and after each, has all that are wanted, the last
/// one as a prefix. A word has only letters, digits and marks, so that a pattern means nothing else.
pub(super) fn with_words(search: &SearchText, words: impl ColumnTrait) -> Condition {
    let has = |term: &Term| match term {
        Term::Whole(word) => words.like(format!("% {word} %")),
        Term::Beginning(word) => words.like(format!("% {word}%")),
    };
    let all_of = |terms: &Vec<Term>| terms.iter().map(has).fold(Condition::all(), Condition::add);
    let any_of = |choice: &Choice| choice.iter().map(all_of).fold(Condition::any(), Condition::add);
    if search.wanted().is_empty() {
        return Condition::all().add(Expr::cust("1 = 0"));
    }
    search.wanted().iter().map(any_of).fold(Condition::all(), Condition::add)
}

/// What comes after the cursor of a page in order of the last change, in microseconds, and the id.
pub(super) fn after_change<C: ColumnTrait>(page: &PageRequest, updated_at: C, id: C) -> Condition {
    let Some(Cursor { key: CursorKey::Int(at), id: last }) = page.after.as_ref() else { return Condition::all() };
    // The first condition is a range of the index.
    let beyond = Condition::any().add(updated_at.gt(*at)).add(id.gt(*last));
    Condition::all().add(updated_at.gte(*at)).add(beyond)
}

/// The cursor of an item that was changed last at this time, in microseconds.
pub(super) fn at_change(updated_at: i64, id: Uuid) -> Cursor {
    Cursor { key: CursorKey::Int(updated_at), id }
}
