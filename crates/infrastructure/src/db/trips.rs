//! What is sent to a server at once.

use std::collections::VecDeque;

use sea_orm::{Statement, Values};

use super::literal;

/// How long a text of many statements gets: less than a TLS record. sqlx 0.9.0 leaves Nagle's algorithm on (its issue
/// 4335), so that a second record would wait 40 ms for the server to acknowledge the first.
const LONGEST: usize = 12 * 1024;

/// What a server takes at once: many statements as text only, and one by itself with its values beside it, to be
/// prepared once.
#[derive(Debug, PartialEq)]
pub(super) enum Trip {
    /// Statements, and how many of them each answer stands for.
    Text(String, Vec<usize>),
    Prepared(String, Values),
}

/// As few trips as there can be. Nobody asks for the outcome of the first `quiet` statements, which are answered at once
/// by a server that knows blocks.
pub(super) fn trips(statements: Vec<Statement>, quiet: usize, knows_blocks: bool) -> Vec<Trip> {
    let mut quiet = if knows_blocks { quiet } else { 0 };
    let mut trips = Vec::new();
    let mut left = VecDeque::from(statements);
    while !left.is_empty() {
        let texts = if left.len() > 1 { together(&left) } else { Vec::new() };
        let count = texts.len().max(1);
        let first = left.drain(..count).next();
        trips.push(match first {
            Some(Statement { sql, values: Some(values), .. }) if count == 1 => Trip::Prepared(sql, values),
            Some(Statement { sql, .. }) if count == 1 => Trip::Text(sql, vec![1]),
            _ => text(&texts, quiet.min(count)),
        });
        quiet = quiet.saturating_sub(count);
    }
    trips
}

/// What a statement says that asks for the outcome of the one before it, and so goes with it.
pub(super) const OUTCOME_BEFORE: &str = "ROW_COUNT()";

/// The first ones that go into one text.
fn together(statements: &VecDeque<Statement>) -> Vec<String> {
    let mut length = 0;
    let fits = |text: &String| {
        length += text.len();
        length <= LONGEST
    };
    let mut texts: Vec<_> = statements.iter().map_while(literal::text).take_while(fits).collect();
    if statements.get(texts.len()).is_some_and(|next| next.sql.contains(OUTCOME_BEFORE)) {
        texts.pop();
    }
    texts
}

/// One text, in which the first `quiet` statements are a block.
/// <https://mariadb.com/kb/en/begin-end/>
fn text(statements: &[String], quiet: usize) -> Trip {
    if quiet < 2 {
        return Trip::Text(statements.join("; "), vec![1; statements.len()]);
    }
    let (block, rest) = statements.split_at(quiet);
    let block = format!("BEGIN NOT ATOMIC {}; END", block.join("; "));
    let text = [block].iter().chain(rest).map(String::as_str).collect::<Vec<_>>().join("; ");
    Trip::Text(text, [quiet].into_iter().chain(rest.iter().map(|_| 1)).collect())
}

#[cfg(test)]
mod tests {
    use sea_orm::{DbBackend, Value};

    use super::*;

    fn statement(sql: &str, values: Vec<Value>) -> Statement {
        Statement::from_sql_and_values(DbBackend::MySql, sql, values)
    }

    fn begin() -> Statement {
        Statement::from_string(DbBackend::MySql, "START TRANSACTION")
    }

    fn insert(n: i64) -> Statement {
        statement("INSERT ?", vec![n.into()])
    }

    fn prepared(values: Vec<Value>) -> Trip {
        Trip::Prepared("INSERT ?".into(), Values(values))
    }

    fn text(text: &str, answers: &[usize]) -> Trip {
        Trip::Text(text.into(), answers.to_vec())
    }

    #[test]
    fn a_server_gets_one_statement_prepared_and_more_as_a_text_of_one_record() {
        assert_eq!(trips(vec![insert(1)], 0, true), [prepared(vec![1_i64.into()])]);
        assert_eq!(trips(vec![begin()], 0, true), [text("START TRANSACTION", &[1])]);
        assert_eq!(trips(vec![begin(), insert(1)], 1, true), [text("START TRANSACTION; INSERT 1", &[1, 1])]);
        let long = || vec![vec![0_u8; LONGEST].into()];
        let large = statement("INSERT ?", long());
        assert_eq!(
            trips(vec![begin(), large, insert(1), insert(2)], 0, false),
            [text("START TRANSACTION", &[1]), prepared(long()), text("INSERT 1; INSERT 2", &[1, 1])]
        );
    }

    #[test]
    fn statements_whose_outcome_nobody_asks_for_are_a_block_where_there_are_blocks() {
        let all = || vec![begin(), insert(1), insert(2), insert(3)];
        let blocks = "BEGIN NOT ATOMIC START TRANSACTION; INSERT 1; END; INSERT 2; INSERT 3";
        assert_eq!(trips(all(), 2, true), [text(blocks, &[2, 1, 1])]);
        let each = "START TRANSACTION; INSERT 1; INSERT 2; INSERT 3";
        assert_eq!(trips(all(), 2, false), [text(each, &[1; 4])]);
        assert_eq!(trips(all(), 1, true), [text(each, &[1; 4])]);
        // A statement goes with the one whose outcome it asks for.
        let long = statement("INSERT ?", vec![vec![0_u8; LONGEST / 2 - 12].into()]);
        let asks = statement("INSERT ROW_COUNT()", vec![]);
        let sent = trips(vec![long, insert(1), asks, insert(2)], 0, false);
        assert!(matches!(&sent[0], Trip::Prepared(..)), "{sent:?}");
        assert_eq!(sent[1], text("INSERT 1; INSERT ROW_COUNT(); INSERT 2", &[1; 3]));
        // A block ends with its text.
        let alone = statement("INSERT ?", vec![1.5_f64.into()]);
        let mut apart = all();
        apart.insert(2, alone.clone());
        let begun = "BEGIN NOT ATOMIC START TRANSACTION; INSERT 1; END";
        let rest = "BEGIN NOT ATOMIC INSERT 2; INSERT 3; END";
        let odd = prepared(vec![1.5_f64.into()]);
        assert_eq!(trips(apart, 5, true), [text(begun, &[2]), odd, text(rest, &[2])]);
    }
}
