//! A connection of its own for a transaction, over which many statements go in one trip.

use std::mem;
use std::sync::Arc;

use deadpool::managed::Object;
use futures_util::TryStreamExt;
use futures_util::stream::BoxStream;
use sea_orm::sqlx::{self, AssertSqlSafe, Either, Executor};
use sea_orm::{DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement, Values};
use sea_query_sqlx::SqlxValues;
use tokio::runtime::Handle;

use super::literal;
use super::pool::{Lent, Raw};

/// How long a text of many statements gets: less than a TLS record. sqlx 0.9.0 leaves Nagle's algorithm on (its issue
/// 4335), so that a second record would wait 40 ms for the server to acknowledge the first.
const LONGEST: usize = 12 * 1024;

/// A connection out of a pool. One that is dropped with a transaction open, or in the midst of something, is closed,
/// which undoes it.
pub(super) struct Connection {
    lent: Option<Lent>,
    backend: DbBackend,
    is_busy: bool,
    /// Transactions and savepoints that are open, or may be.
    pub depth: u32,
}

/// What became of a statement.
pub(super) struct Done {
    pub result: ExecResult,
    pub rows: Vec<QueryResult>,
}

/// A statement failed, and those after it were not done.
#[derive(Debug)]
pub(super) struct Failed {
    /// How many were done before it, as far as is known.
    pub done: usize,
    /// Whether there was none after it.
    pub is_last: bool,
    pub cause: DbErr,
}

impl Done {
    /// What became of a statement should be known.
    pub fn missing() -> DbErr {
        DbErr::Custom("the database did not say what became of a statement".into())
    }
}

impl Connection {
    pub fn new(lent: Lent, backend: DbBackend) -> Self {
        Self { lent: Some(lent), backend, is_busy: false, depth: 0 }
    }

    pub fn backend(&self) -> DbBackend {
        self.backend
    }

    /// Does statement after statement, up to the first that fails.
    pub async fn run(&mut self, statements: Vec<Statement>) -> Result<Vec<Done>, Failed> {
        let count = statements.len();
        let mut done = Vec::with_capacity(count);
        self.is_busy = true;
        let answered = self.answers(statements, &mut done).await;
        // After any other error nobody knows what it is in.
        self.is_busy = matches!(&answered, Err(cause) if cause.as_database_error().is_none());
        match answered {
            Ok(()) => Ok(done),
            Err(cause) => {
                let cause = DbErr::Query(RuntimeErr::SqlxError(Arc::new(cause)));
                Err(Failed { done: done.len(), is_last: done.len() + 1 == count, cause })
            }
        }
    }

    async fn answers(&mut self, statements: Vec<Statement>, done: &mut Vec<Done>) -> Result<(), sqlx::Error> {
        match self.lent.as_deref_mut().ok_or(sqlx::Error::PoolClosed)? {
            Raw::Sqlite(connection) => {
                let Statement { sql, values, .. } = joined(statements);
                let query = sqlx::query_with(AssertSqlSafe(sql), SqlxValues(values.unwrap_or(Values(Vec::new()))));
                collect(connection.fetch_many(query), done).await
            }
            Raw::MySql(connection) => {
                for trip in trips(statements) {
                    let answers = match trip {
                        Trip::Text(text) => connection.fetch_many(AssertSqlSafe(text)),
                        Trip::Prepared(sql, values) => {
                            connection.fetch_many(sqlx::query_with(AssertSqlSafe(sql), SqlxValues(values)))
                        }
                    };
                    collect(answers, done).await?;
                }
                Ok(())
            }
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let is_in_use = self.is_busy || self.depth > 0;
        if let Some(lent) = self.lent.take().filter(|_| is_in_use) {
            let raw = Object::take(lent);
            // Without a runtime it is not told that it is closed.
            if let Ok(runtime) = Handle::try_current() {
                runtime.spawn(raw.close());
            }
        }
    }
}

/// The servers take many statements as text only, and one by itself with its values beside it, to be prepared once.
#[derive(Debug, PartialEq)]
enum Trip {
    Text(String),
    Prepared(String, Values),
}

/// As few trips as there can be.
fn trips(statements: Vec<Statement>) -> Vec<Trip> {
    let mut trips = Vec::new();
    let mut statements = statements.into_iter().peekable();
    while let Some(first) = statements.next() {
        let mut text = if statements.peek().is_some() { literal::text(&first) } else { None };
        let mut is_alone = true;
        while let (Some(text), Some(next)) = (&mut text, statements.peek().and_then(literal::text)) {
            if text.len() + next.len() > LONGEST {
                break;
            }
            text.push_str("; ");
            text.push_str(&next);
            statements.next();
            is_alone = false;
        }
        trips.push(match (text, first) {
            (Some(text), _) if !is_alone => Trip::Text(text),
            (_, Statement { sql, values: Some(values), .. }) => Trip::Prepared(sql, values),
            (_, Statement { sql, values: None, .. }) => Trip::Text(sql),
        });
    }
    trips
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

/// Result after result, each with the rows that came before it.
async fn collect<D, R>(
    mut answers: BoxStream<'_, Result<Either<D, R>, sqlx::Error>>,
    done: &mut Vec<Done>,
) -> Result<(), sqlx::Error>
where
    D: Into<ExecResult>,
    R: Into<QueryResult>,
{
    let mut rows = Vec::new();
    while let Some(answer) = answers.try_next().await? {
        match answer {
            Either::Right(row) => rows.push(row.into()),
            Either::Left(result) => done.push(Done { result: result.into(), rows: mem::take(&mut rows) }),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement(sql: &str, values: Vec<sea_orm::Value>) -> Statement {
        Statement::from_sql_and_values(DbBackend::MySql, sql, values)
    }

    #[test]
    fn joined_statements_keep_their_values_in_order() {
        let all = joined(vec![
            statement("A ?", vec![1_i64.into()]),
            statement("B", vec![]),
            statement("C ? ?", vec![2_i64.into(), 3_i64.into()]),
        ]);
        assert_eq!(all.sql, "A ?; B; C ? ?");
        assert_eq!(all.values.unwrap().0, [sea_orm::Value::from(1_i64), 2_i64.into(), 3_i64.into()]);
    }

    #[test]
    fn a_server_gets_one_statement_prepared_and_more_as_a_text_of_one_record() {
        let insert = || statement("INSERT ?", vec![1_i64.into()]);
        let prepared = |values: Vec<sea_orm::Value>| Trip::Prepared("INSERT ?".into(), Values(values));
        assert_eq!(trips(vec![insert()]), [prepared(vec![1_i64.into()])]);
        let begin = Statement::from_string(DbBackend::MySql, "BEGIN");
        assert_eq!(trips(vec![begin.clone()]), [Trip::Text("BEGIN".into())]);
        assert_eq!(trips(vec![begin.clone(), insert()]), [Trip::Text("BEGIN; INSERT 1".into())]);
        let long = || vec![vec![0_u8; LONGEST].into()];
        let large = statement("INSERT ?", long());
        assert_eq!(
            trips(vec![begin, large, insert(), insert()]),
            [Trip::Text("BEGIN".into()), prepared(long()), Trip::Text("INSERT 1; INSERT 1".into())]
        );
    }
}
