use super::super::testing::*;
use crate::payments::*;

fn held(amount: i64) -> OrderPayments {
    let held = Payment { status: PaymentStatus::Authorised, authorised: amount, ..payment(1, amount) };
    order(100, vec![held])
}

fn capture(before: &OrderPayments, amount: Option<i64>, can: &Capabilities) -> Result<i64, CaptureRefused> {
    let mut result = Err(CaptureRefused::Nothing);
    let after = updated(before, |update| result = update.capture(PaymentId(id(1)), amount, can, None));
    result.map(|_| after.payments.payments[0].capture_pending)
}

#[test]
fn a_capture_takes_the_smaller_of_the_authorised_and_the_due_amount_r85() {
    let can = capabilities();
    assert_eq!(capture(&held(100), None, &can), Ok(100));
    assert_eq!(capture(&held(60), None, &can), Ok(60));
    assert_eq!(capture(&held(100), Some(40), &can), Ok(40));
    assert_eq!(capture(&held(100), Some(101), &can), Err(CaptureRefused::AtMost(100)));
    let mut above = held(150);
    assert_eq!(capture(&above, None, &can), Ok(100));
    above.payments.push(captured(2, 70));
    assert_eq!(capture(&above, None, &can), Ok(30));
    assert_eq!(capture(&above, Some(31), &can), Err(CaptureRefused::AtMost(30)));
}

#[test]
fn a_second_capture_of_the_same_money_is_refused_r85() {
    let before = held(100);
    let once = updated(&before, |update| {
        update.capture(PaymentId(id(1)), Some(60), &capabilities(), None).unwrap();
    });
    assert_eq!(capture(&once.payments, Some(10), &capabilities()), Err(CaptureRefused::Nothing));
    let several = Capabilities { multi_capture: true, ..capabilities() };
    assert_eq!(capture(&once.payments, Some(40), &several), Ok(100));
    assert_eq!(capture(&once.payments, Some(41), &several), Err(CaptureRefused::AtMost(40)));
}

#[test]
fn only_money_that_is_held_is_captured_r85() {
    for status in PaymentStatus::ALL.iter().filter(|status| **status != PaymentStatus::Authorised) {
        let before = order(100, vec![Payment { status: *status, authorised: 100, ..payment(1, 100) }]);
        assert_eq!(capture(&before, None, &capabilities()), Err(CaptureRefused::Nothing), "{status:?}");
    }
    let voiding = updated(&held(100), |update| {
        update.void(PaymentId(id(1)), true, None).unwrap();
    });
    assert_eq!(capture(&voiding.payments, None, &capabilities()), Err(CaptureRefused::Nothing));
}

#[test]
fn parts_are_rounded_down_to_the_step_and_the_last_takes_what_is_left_r99() {
    let dinar = Capabilities { step: 10, ..capabilities() };
    let mut above = held(155);
    assert_eq!(capture(&held(95), None, &dinar), Ok(95), "all of it");
    above.payments.push(captured(2, 5));
    assert_eq!(capture(&above, None, &dinar), Ok(90), "95 are due");
    assert_eq!(capture(&held(95), Some(15), &dinar), Err(CaptureRefused::NotChargeable { step: 10 }));
    let whole = Capabilities { partial_capture: false, ..capabilities() };
    assert_eq!(capture(&held(95), Some(15), &whole), Err(CaptureRefused::OnlyAll(95)));
}

#[test]
fn only_payments_without_money_are_given_up_and_held_money_only_by_an_administrator_r86() {
    let void = |payment: Payment, by_admin| {
        let mut result = Ok(None);
        let after =
            updated(&order(100, vec![payment]), |update| result = update.void(PaymentId(id(1)), by_admin, None));
        result.map(|id| {
            assert_eq!(id.is_some(), after.payments.operations.len() == 1);
            id.is_some()
        })
    };
    let held = || held(100).payments.remove(0);
    assert_eq!((void(payment(1, 100), false), void(held(), true)), (Ok(true), Ok(true)));
    assert_eq!(void(held(), false), Err(VoidRefused::Authorised));
    assert_eq!(void(captured(1, 100), true), Err(VoidRefused::Captured));
    assert_eq!(void(Payment { capture_pending: 1, ..held() }, true), Err(VoidRefused::Captured));
    assert_eq!(void(Payment { status: PaymentStatus::Failed, ..payment(1, 100) }, true), Ok(false), "given up already");
    let twice = updated(&order(100, vec![payment(1, 100)]), |update| {
        let first = update.void(PaymentId(id(1)), true, None).unwrap();
        assert_eq!(update.void(PaymentId(id(1)), true, None), Ok(first));
    });
    assert_eq!(twice.payments.operations.len(), 1);
}
