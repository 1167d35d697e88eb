//! Statements that nobody waits for, sent together with the next one that somebody does.
//!
//! A statement costs less than the way to the database and back: over a network, or to the thread that has SQLite.

use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, QueryTrait, Statement, Value,
    Values,
};

/// A transaction. Every statement sees what those before it have done, also those that were put off.
pub(super) struct Batch {
    transaction: DatabaseTransaction,
    later: Mutex<Vec<Statement>>,
}

impl Batch {
    pub fn of(transaction: DatabaseTransaction) -> Self {
        Self { transaction, later: Mutex::default() }
    }

    /// Does something whose outcome nobody asks for, at the latest before the commit. If it fails, so does the statement
    /// that it is sent with.
    pub fn later(&self, write: &impl QueryTrait) -> impl Future<Output = Result<(), DbErr>> + Send + '_ {
        let statement = write.build(self.get_database_backend());
        async move {
            if self.can_join(&statement) {
                self.put_off().push(statement);
                return Ok(());
            }
            self.execute_raw(statement).await.map(drop)
        }
    }

    /// The transaction itself, once everything in it is done.
    pub async fn finish(self) -> Result<DatabaseTransaction, DbErr> {
        self.catch_up().await?;
        Ok(self.transaction)
    }

    /// The transaction itself, of which nothing will be kept.
    pub fn abandon(self) -> DatabaseTransaction {
        self.transaction
    }

    fn put_off(&self) -> MutexGuard<'_, Vec<Statement>> {
        self.later.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_sqlite(&self) -> bool {
        self.get_database_backend() == DbBackend::Sqlite
    }

    /// Whether it can be sent with others. SQLite takes many statements with their values; the servers take text alone,
    /// into which nothing is put that would have to be escaped.
    fn can_join(&self, statement: &Statement) -> bool {
        self.is_sqlite() || statement.values.iter().flat_map(|values| &values.0).all(is_plain)
    }

    /// Does what was put off.
    async fn catch_up(&self) -> Result<(), DbErr> {
        let mut later = mem::take(&mut *self.put_off());
        match later.len() {
            0 => Ok(()),
            1 => self.transaction.execute_raw(later.remove(0)).await.map(drop),
            _ if self.is_sqlite() => self.transaction.execute_raw(joined(later)).await.map(drop),
            _ => {
                let texts: Vec<_> = later.into_iter().map(text).collect();
                self.transaction.execute_unprepared(&texts.join("; ")).await.map(drop)
            }
        }
    }

    /// A query, after what was put off: on SQLite in one, of which only the query has rows.
    async fn caught_up(&self, query: Statement) -> Result<Statement, DbErr> {
        if !self.is_sqlite() {
            self.catch_up().await?;
            return Ok(query);
        }
        let mut all = mem::take(&mut *self.put_off());
        all.push(query);
        Ok(joined(all))
    }
}

#[async_trait]
impl ConnectionTrait for Batch {
    fn get_database_backend(&self) -> DbBackend {
        self.transaction.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        // Not with it: the rows that it affected are counted.
        self.catch_up().await?;
        self.transaction.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.catch_up().await?;
        self.transaction.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.transaction.query_one_raw(self.caught_up(statement).await?).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.transaction.query_all_raw(self.caught_up(statement).await?).await
    }
}

/// Many statements of SQLite as one. Each takes its values after those of the one before.
fn joined(statements: Vec<Statement>) -> Statement {
    let mut all = statements.into_iter();
    let Some(first) = all.next() else { return Statement::from_string(DbBackend::Sqlite, "") };
    all.fold(first, |mut joined, Statement { sql, values, .. }| {
        joined.sql.push_str("; ");
        joined.sql.push_str(&sql);
        let values = values.into_iter().flat_map(|values| values.0);
        joined.values.get_or_insert_with(|| Values(Vec::new())).0.extend(values);
        joined
    })
}

/// A statement with its values in it.
fn text(statement: Statement) -> String {
    let values = statement.values.map(|values| Values(values.0.into_iter().map(as_bytes).collect()));
    Statement { values, ..statement }.to_string()
}

/// Ids are kept as their bytes; as text they would be written with hyphens.
fn as_bytes(value: Value) -> Value {
    match value {
        Value::Uuid(id) => Value::Bytes(id.map(|id| id.as_bytes().to_vec())),
        other => other,
    }
}

/// Whether a value reads the same in a statement as beside it, whatever the settings of the server.
fn is_plain(value: &Value) -> bool {
    match value {
        Value::BigInt(_) | Value::BigUnsigned(_) | Value::Uuid(_) | Value::Bytes(_) | Value::String(None) => true,
        Value::String(Some(text)) => text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.')),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement(backend: DbBackend, sql: &str, values: Vec<Value>) -> Statement {
        Statement::from_sql_and_values(backend, sql, values)
    }

    #[test]
    fn only_what_needs_no_escape_goes_into_a_text() {
        let id = domain::Uuid::from_u128(0x27_5c);
        for plain in [Value::from(-3_i64), "placed".into(), "a_1.b".into(), id.into(), None::<String>.into()] {
            assert!(is_plain(&plain), "{plain:?}");
        }
        for other in ["it's", "a b", "é", "\\", "-- "] {
            assert!(!is_plain(&other.into()), "{other}");
        }
        let insert = statement(DbBackend::MySql, "INSERT INTO t VALUES (?, ?)", vec![id.into(), "placed".into()]);
        assert_eq!(text(insert), "INSERT INTO t VALUES (x'0000000000000000000000000000275C', 'placed')");
    }

    #[test]
    fn joined_statements_keep_their_values_in_order() {
        let of = |sql: &str, values| statement(DbBackend::Sqlite, sql, values);
        let all =
            joined(vec![of("A ?", vec![1_i64.into()]), of("B", vec![]), of("C ? ?", vec![2_i64.into(), 3_i64.into()])]);
        assert_eq!(all.sql, "A ?; B; C ? ?");
        assert_eq!(all.values.unwrap().0, [Value::from(1_i64), 2_i64.into(), 3_i64.into()]);
    }
}
