use super::*;

const SECOND: i64 = 1_000_000;

fn books(script: &str, capture: CaptureMode) -> Books {
    Books { script: Script::parse(script).unwrap(), capture, amount: 1000, entries: Vec::new() }
}

fn reference() -> Reference {
    Reference::parse("test_1").unwrap()
}

fn key(operation: u128, generation: i64) -> OperationKey {
    OperationKey { operation: OperationId(Uuid::from_u128(operation)), generation }
}

fn begun(script: &str, capture: CaptureMode) -> Books {
    let mut books = books(script, capture);
    books.operate(&key(1, 1), Did::Begin, &reference(), 0).unwrap();
    books
}

fn refund(amount: i64) -> Did {
    Did::Refund { operation: Uuid::from_u128(2), amount }
}

fn status(books: &Books, seconds: i64) -> PaymentStatus {
    books.at(seconds * SECOND).unwrap().status
}

fn is_refused(result: &Result<(), Failure>) -> bool {
    matches!(result, Err(Failure::Refused { .. }))
}

fn is_unknown(result: &Result<(), Failure>, kept: bool) -> bool {
    matches!(result, Err(Failure::Unknown { is_kept, .. }) if *is_kept == kept)
}

#[test]
fn a_payment_goes_as_its_script_says_r94() {
    use CaptureMode::{Automatic, Manual};
    use PaymentStatus::{Authorised, Captured, Failed, Processing, RequiresAction, Voided};
    for (script, capture, at_once, later) in [
        ("ok", Automatic, Captured, Captured),
        ("ok", Manual, Authorised, Authorised),
        ("declined", Automatic, RequiresAction, RequiresAction),
        ("insufficient_funds", Automatic, RequiresAction, RequiresAction),
        ("expired_card", Automatic, RequiresAction, RequiresAction),
        ("requires_action", Automatic, RequiresAction, RequiresAction),
        ("slow_ok", Automatic, Processing, Captured),
        ("slow_ok", Manual, Processing, Authorised),
        ("slow_fail", Automatic, Processing, Failed),
        ("expires", Manual, Authorised, Voided),
        ("webhook_twice", Automatic, Captured, Captured),
        ("wrong_amount", Automatic, Captured, Captured),
    ] {
        let books = begun(script, capture);
        assert_eq!((status(&books, 0), status(&books, 9)), (at_once, later), "{script} {capture:?}");
    }
    assert_eq!(begun("expired_card", Automatic).at(0).unwrap().error, Some("expired_card"));
}

#[test]
fn every_script_has_a_name_that_is_read_again_r94() {
    let names = Script::names();
    assert_eq!(names.split(", ").count(), 22);
    assert!(names.split(", ").all(|name| Script::parse(name).unwrap().as_str() == name));
    assert_eq!(Script::parse("maybe"), None);
}

#[test]
fn the_customer_acts_only_while_the_payment_waits_r94() {
    let mut books = begun("requires_action", CaptureMode::Automatic);
    books.act(Did::Decline, &reference(), SECOND).unwrap();
    assert_eq!(books.at(SECOND).unwrap().error, Some("card_declined"));
    books.act(Did::Pay, &reference(), 2 * SECOND).unwrap();
    assert_eq!((status(&books, 2), books.at(2 * SECOND).unwrap().captured), (PaymentStatus::Captured, 1000));
    assert!(is_refused(&books.act(Did::Fail, &reference(), 3 * SECOND)));
    assert!(is_refused(&super::Books { entries: Vec::new(), ..books }.act(Did::Pay, &reference(), 0)));
}

#[test]
fn the_same_key_does_a_thing_once_r90_r94() {
    let mut books = begun("ok", CaptureMode::Manual);
    for _ in 0..3 {
        books.operate(&key(2, 1), Did::Capture { amount: 800 }, &reference(), SECOND).unwrap();
        books.operate(&key(3, 1), refund(300), &reference(), SECOND).unwrap();
    }
    assert_eq!((books.at(SECOND).unwrap().captured, books.refunds(&reference(), SECOND).len()), (800, 1));
    assert!(
        is_refused(&books.operate(&key(4, 1), Did::Capture { amount: 1 }, &reference(), SECOND)),
        "it captures once"
    );
}

#[test]
fn no_more_is_refunded_than_was_taken_r94() {
    let mut books = begun("ok", CaptureMode::Automatic);
    books.operate(&key(2, 1), refund(700), &reference(), 1).unwrap();
    assert!(is_refused(&books.operate(&key(3, 1), refund(301), &reference(), 1)));
    books.operate(&key(3, 1), refund(300), &reference(), 1).unwrap();
    assert!(is_refused(&books.operate(&key(4, 1), refund(1), &reference(), 1)));
    assert!(is_refused(&begun("ok", CaptureMode::Manual).operate(&key(5, 1), refund(1), &reference(), 1)));
}

#[test]
fn a_lost_request_did_nothing_and_a_lost_answer_did_it_r94() {
    let mut books = books("lost_request", CaptureMode::Automatic);
    assert!(is_unknown(&books.operate(&key(1, 1), Did::Begin, &reference(), 0), false));
    assert_eq!(books.at(0), None);
    books.operate(&key(1, 1), Did::Begin, &reference(), 1).unwrap();
    assert_eq!(status(&books, 1), PaymentStatus::Captured);

    let mut books = super::Books { script: Script::LostAnswer, entries: Vec::new(), ..books };
    assert!(is_unknown(&books.operate(&key(1, 1), Did::Begin, &reference(), 0), false));
    assert_eq!(status(&books, 0), PaymentStatus::Captured);
    assert!(is_unknown(&books.operate(&key(2, 1), refund(400), &reference(), 1), false));
    books.operate(&key(2, 1), refund(400), &reference(), 2).unwrap();
    assert_eq!(books.refunds(&reference(), 2).len(), 1);
}

#[test]
fn an_error_500_stays_under_its_key_done_or_not_r94() {
    for (script, done) in [("error_500", false), ("error_500_done", true)] {
        let mut books = books(script, CaptureMode::Automatic);
        for _ in 0..4 {
            assert!(is_unknown(&books.operate(&key(1, 1), Did::Begin, &reference(), 0), true), "{script}");
        }
        assert_eq!(books.at(0).is_some(), done, "{script}");
    }
    let mut books = books("error_500", CaptureMode::Automatic);
    books.operate(&key(1, 2), Did::Begin, &reference(), 0).unwrap();
    assert_eq!(status(&books, 0), PaymentStatus::Captured);
}

#[test]
fn refunds_go_as_the_script_says_r94() {
    for (script, at_once, later) in [
        ("ok", RefundStatus::Succeeded, RefundStatus::Succeeded),
        ("refund_fails", RefundStatus::Failed, RefundStatus::Failed),
        ("refund_pending", RefundStatus::Pending, RefundStatus::Succeeded),
        ("refund_bounces", RefundStatus::Succeeded, RefundStatus::Failed),
    ] {
        let mut books = begun(script, CaptureMode::Automatic);
        books.operate(&key(2, 1), refund(300), &reference(), 0).unwrap();
        let refund = |seconds: i64| books.refunds(&reference(), seconds * SECOND).remove(0);
        assert_eq!((refund(0).status, refund(9).status), (at_once, later), "{script}");
        assert_eq!(
            (refund(0).operation, refund(0).reference),
            (Some(OperationId(Uuid::from_u128(2))), refund(9).reference)
        );
    }
}

#[test]
fn a_dispute_opens_with_the_capture_and_closes_by_itself_r94_r96() {
    for (script, closed) in [("dispute_won", DisputeStatus::Won), ("dispute_lost", DisputeStatus::Lost)] {
        let mut books = begun(script, CaptureMode::Manual);
        assert_eq!(books.disputes(&reference(), 0), []);
        books.operate(&key(2, 1), Did::Capture { amount: 900 }, &reference(), SECOND).unwrap();
        let dispute = |seconds: i64| books.disputes(&reference(), seconds * SECOND).remove(0);
        assert_eq!((dispute(1).amount, dispute(1).status, dispute(9).status), (900, DisputeStatus::Open, closed));
    }
    let mut books = begun("dispute_lost", CaptureMode::Automatic);
    assert!(is_refused(&books.operate(&key(2, 1), refund(1), &reference(), 9 * SECOND)), "the money is gone");
}

#[test]
fn a_payment_under_way_or_captured_cannot_be_voided_r94() {
    let void = |script, capture, seconds: i64| {
        begun(script, capture).operate(&key(2, 1), Did::Void, &reference(), seconds * SECOND)
    };
    assert!(is_refused(&void("slow_ok", CaptureMode::Automatic, 1)));
    assert!(is_refused(&void("ok", CaptureMode::Automatic, 1)));
    void("ok", CaptureMode::Manual, 1).unwrap();
    void("declined", CaptureMode::Automatic, 1).unwrap();
    let mut books = begun("expires", CaptureMode::Manual);
    books.operate(&key(2, 1), Did::Capture { amount: 1000 }, &reference(), SECOND).unwrap();
    assert_eq!(status(&books, 9), PaymentStatus::Captured, "what was taken in time does not expire");
}
