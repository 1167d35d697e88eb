use sea_orm::{DbBackend, Value};

use super::error::ErrorKind;

/// SQL with the values of its placeholders.
#[derive(Debug, Clone, Default)]
pub(in crate::db) struct Statement {
    pub sql: String,
    pub values: Vec<Value>,
    /// Whether it reads how many rows the statement before it changed, so that nothing may come between the two.
    pub depends_on_previous: bool,
    /// Whether many transactions lock the same rows. Among deferred statements these run last, for the shortest lock.
    pub contended: bool,
    /// Whether nobody reads its result.
    pub deferred: bool,
    pub assumption: Option<Assumption>,
}

/// A constraint that an optimistic statement expects to hold. If the database reports that this constraint is violated,
/// the transaction has lost a race ([`ErrorKind::FailedAssumption`]). Any other error stays what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::db) enum Assumption {
    /// No other row has the same key. MySQL names table and key, MariaDB the key alone, SQLite the columns, each after
    /// its table.
    Unique { table: &'static str, key: &'static str, columns: &'static str },
    /// The column gets a value. A statement asserts a condition when it writes `NULL` unless the condition holds.
    NotNull { table: &'static str, column: &'static str },
}

impl Statement {
    pub fn new(sql: impl Into<String>, values: impl IntoIterator<Item = Value>) -> Self {
        Self { sql: sql.into(), values: values.into_iter().collect(), ..Self::default() }
    }

    /// Names what has to hold for this statement to succeed.
    pub fn assuming(self, assumption: Assumption) -> Self {
        Self { assumption: Some(assumption), ..self }
    }

    /// See [`Statement::depends_on_previous`].
    pub fn depending_on_previous(self) -> Self {
        Self { depends_on_previous: true, ..self }
    }

    /// See [`Statement::contended`].
    pub fn contended(self) -> Self {
        Self { contended: true, ..self }
    }
}

/// The SQL function that says how many rows the previous statement matched.
pub(in crate::db) fn affected_rows(backend: DbBackend) -> &'static str {
    if backend == DbBackend::Sqlite { "changes()" } else { "ROW_COUNT()" }
}

impl From<&str> for Statement {
    fn from(sql: &str) -> Self {
        Self::new(sql, [])
    }
}

impl From<sea_orm::Statement> for Statement {
    fn from(sea_orm::Statement { sql, values, .. }: sea_orm::Statement) -> Self {
        Self { sql, values: values.map(|values| values.0).unwrap_or_default(), ..Self::default() }
    }
}

impl Assumption {
    /// Whether an error of this kind means that the assumption does not hold.
    pub fn is_violated_by(&self, kind: &ErrorKind) -> bool {
        match (*self, kind) {
            (Self::Unique { table, key, columns }, ErrorKind::Duplicate(constraint)) => {
                constraint == columns || names(constraint, table, key)
            }
            (Self::NotNull { table, column }, ErrorKind::NotNull(constraint)) => names(constraint, table, column),
            _ => false,
        }
    }
}

/// Whether the database means this item, with or without its table.
fn names(constraint: &str, table: &str, item: &str) -> bool {
    constraint == item || constraint.split_once('.') == Some((table, item))
}
