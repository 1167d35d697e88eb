use sea_orm::Value;

use super::*;

fn begin() -> Statement {
    deferred("START TRANSACTION".into())
}

fn insert(value: impl Into<Value>) -> Statement {
    Statement::new("INSERT ?", [value.into()])
}

fn deferred(statement: Statement) -> Statement {
    Statement { deferred: true, ..statement }
}

fn prepared(value: impl Into<Value>) -> RoundTrip {
    RoundTrip::Prepared("INSERT ?".into(), Values(vec![value.into()]))
}

fn text(text: &str, answers: &[usize]) -> RoundTrip {
    RoundTrip::Text(text.into(), answers.to_vec())
}

#[test]
fn one_statement_is_prepared_and_several_are_one_text_of_limited_length() {
    assert_eq!(round_trips(vec![insert(1_i64)], true), [prepared(1_i64)]);
    assert_eq!(round_trips(vec![begin()], true), [text("START TRANSACTION", &[1])]);
    assert_eq!(round_trips(vec![begin(), insert(1_i64)], true), [text("START TRANSACTION; INSERT 1", &[1, 1])]);
    let large = || vec![0_u8; MAX_TEXT];
    assert_eq!(
        round_trips(vec![begin(), insert(large()), insert(1_i64), insert(2_i64)], false),
        [text("START TRANSACTION", &[1]), prepared(large()), text("INSERT 1; INSERT 2", &[1, 1])]
    );
}

#[test]
fn deferred_statements_are_a_block_on_mariadb() {
    let all = || vec![begin(), deferred(insert(1_i64)), insert(2_i64), insert(3_i64)];
    let block = "BEGIN NOT ATOMIC START TRANSACTION; INSERT 1; END; INSERT 2; INSERT 3";
    assert_eq!(round_trips(all(), true), [text(block, &[2, 1, 1])]);
    let each = "START TRANSACTION; INSERT 1; INSERT 2; INSERT 3";
    assert_eq!(round_trips(all(), false), [text(each, &[1; 4])]);
    // A value that has no literal is sent by itself, and ends the block.
    let statements = [begin(), insert(1_i64), insert(1.5_f64), insert(2_i64), insert(3_i64)];
    let first = "BEGIN NOT ATOMIC START TRANSACTION; INSERT 1; END";
    let second = "BEGIN NOT ATOMIC INSERT 2; INSERT 3; END";
    let sent = round_trips(statements.map(deferred).to_vec(), true);
    assert_eq!(sent, [text(first, &[2]), prepared(1.5_f64), text(second, &[2])]);
}

#[test]
fn a_statement_that_depends_on_the_previous_one_is_sent_with_it() {
    let long = insert(vec![0_u8; MAX_TEXT / 2 - 12]);
    let dependent = Statement::from("INSERT ROW_COUNT()").depending_on_previous();
    let sent = round_trips(vec![long, insert(1_i64), dependent, insert(2_i64)], false);
    assert!(matches!(&sent[0], RoundTrip::Prepared(..)), "{sent:?}");
    assert_eq!(sent[1], text("INSERT 1; INSERT ROW_COUNT(); INSERT 2", &[1; 3]));
}
