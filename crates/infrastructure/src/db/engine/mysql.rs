//! MySQL and MariaDB: many statements in one round trip.

use std::collections::VecDeque;
use std::mem;
use std::time::Duration;

use futures_util::TryStreamExt;
use futures_util::stream::BoxStream;
use sea_orm::sqlx::mysql::{MySqlConnectOptions, MySqlConnection};
use sea_orm::sqlx::{self, AssertSqlSafe, ConnectOptions as _, Connection as _, Either, Executor as _};
use sea_orm::{ExecResult, QueryResult, Values};
use sea_query_sqlx::SqlxValues;
use tokio::time::timeout;

use super::literal;
use super::{Error, Row, Statement, StatementResult};

/// The longest text of several statements: less than a TLS record. sqlx 0.9.0 does not set `TCP_NODELAY` (its issue 4335),
/// so a second record would wait 40 ms until the server acknowledges the first.
const MAX_TEXT: usize = 12 * 1024;

/// MariaDB alone runs a comment that begins with `M!`.
const IS_MARIADB: &str = "SELECT 0 /*M! + 1 */";

/// A session on a server.
pub(in crate::db) struct ServerConnection {
    connection: MySqlConnection,
    /// MariaDB runs statements as a block and answers once.
    is_mariadb: bool,
    statement_timeout: Duration,
}

/// How long the server may take to end a session in order. After that the connection is dropped.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

impl ServerConnection {
    /// Opens a session and sets it up.
    pub async fn open(
        options: &MySqlConnectOptions,
        settings: &str,
        statement_timeout: Duration,
    ) -> Result<Self, sqlx::Error> {
        let mut connection = options.connect().await?;
        connection.execute(AssertSqlSafe(settings)).await?;
        let is_mariadb = sqlx::query_scalar::<_, i64>(IS_MARIADB).fetch_one(&mut connection).await? == 1;
        Ok(Self { connection, is_mariadb, statement_timeout })
    }

    pub async fn ping(&mut self) -> Result<(), sqlx::Error> {
        self.connection.ping().await
    }

    pub async fn close(self) {
        match timeout(CLOSE_TIMEOUT, self.connection.close()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::debug!(%error, "a connection was not closed in order"),
            Err(_) => tracing::debug!("a connection was not closed in order: the server does not answer"),
        }
    }

    /// Runs the statements until one fails, and appends the result of each. If the server does not answer in time, this
    /// is an error without a code, and nobody knows what became of the statements.
    pub async fn run(&mut self, statements: Vec<Statement>, results: &mut Vec<StatementResult>) -> Result<(), Error> {
        let limit = self.statement_timeout;
        timeout(limit, self.run_each(statements, results)).await.unwrap_or_else(|_| Err(Error::timeout(limit)))
    }

    async fn run_each(&mut self, statements: Vec<Statement>, results: &mut Vec<StatementResult>) -> Result<(), Error> {
        for round_trip in round_trips(statements, self.is_mariadb) {
            match round_trip {
                RoundTrip::Text(text, sizes) => {
                    collect(self.connection.fetch_many(AssertSqlSafe(text)), sizes, results).await?;
                }
                RoundTrip::Prepared(sql, values) => {
                    let query = sqlx::query_with(AssertSqlSafe(sql), SqlxValues(values));
                    collect(self.connection.fetch_many(query), vec![1], results).await?;
                }
            }
        }
        Ok(())
    }
}

/// Collects answer after answer, each with its rows. An answer to several statements says nothing about the first ones.
async fn collect<D: Into<ExecResult>, R: Into<QueryResult>>(
    mut answers: BoxStream<'_, Result<Either<D, R>, sqlx::Error>>,
    sizes: Vec<usize>,
    results: &mut Vec<StatementResult>,
) -> Result<(), Error> {
    let mut rows = Vec::new();
    let mut sizes = sizes.into_iter();
    while let Some(answer) = answers.try_next().await? {
        match answer {
            Either::Right(row) => rows.push(Row::Server(row.into())),
            Either::Left(result) => {
                let silent = sizes.next().map_or(0, |size| size - 1);
                results.extend((0..silent).map(|_| StatementResult::default()));
                let affected_rows = result.into().rows_affected();
                results.push(StatementResult { affected_rows, rows: mem::take(&mut rows) });
            }
        }
    }
    Ok(())
}

/// What goes to a server at once.
#[derive(Debug, PartialEq)]
enum RoundTrip {
    /// Statements as text, and how many of them each answer stands for.
    Text(String, Vec<usize>),
    /// One statement with its values, which the server prepares once.
    Prepared(String, Values),
}

/// Splits statements into as few round trips as possible. On MariaDB the deferred statements at the beginning of each
/// are one block with one answer.
fn round_trips(statements: Vec<Statement>, is_mariadb: bool) -> Vec<RoundTrip> {
    let mut round_trips = Vec::new();
    let mut left = VecDeque::from(statements);
    while !left.is_empty() {
        let texts = if left.len() > 1 { texts(&left) } else { Vec::new() };
        let count = texts.len().max(1);
        let deferred = left.iter().take(count).take_while(|statement| statement.deferred).count();
        let first = left.drain(..count).next().unwrap_or_default();
        round_trips.push(match count {
            1 if first.values.is_empty() => RoundTrip::Text(first.sql, vec![1]),
            1 => RoundTrip::Prepared(first.sql, Values(first.values)),
            _ => join(&texts, if is_mariadb { deferred } else { 0 }),
        });
    }
    round_trips
}

/// The first statements, as many as go into one text. A statement that depends on the previous one stays with it.
fn texts(statements: &VecDeque<Statement>) -> Vec<String> {
    let mut length = 0;
    let fits = |text: &String| {
        length += text.len();
        length <= MAX_TEXT
    };
    let mut texts: Vec<_> = statements.iter().map_while(literal::text).take_while(fits).collect();
    if statements.get(texts.len()).is_some_and(|next| next.depends_on_previous) {
        texts.pop();
    }
    texts
}

/// One text, whose first `block` statements are a block. <https://mariadb.com/kb/en/begin-end/>
fn join(statements: &[String], block: usize) -> RoundTrip {
    if block < 2 {
        return RoundTrip::Text(statements.join("; "), vec![1; statements.len()]);
    }
    let (block, rest) = statements.split_at(block);
    let text = format!("BEGIN NOT ATOMIC {}; END", block.join("; "));
    let text = [text].iter().chain(rest).map(String::as_str).collect::<Vec<_>>().join("; ");
    RoundTrip::Text(text, [block.len()].into_iter().chain(rest.iter().map(|_| 1)).collect())
}

#[cfg(test)]
mod tests;
