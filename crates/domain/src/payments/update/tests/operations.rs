use std::time::Duration;

use super::super::testing::*;
use crate::Version;
use crate::payments::*;

const US: u128 = 0xA;
const THEM: u128 = 0xB;

fn held() -> Payment {
    Payment { status: PaymentStatus::Authorised, authorised: 100, ..payment(1, 100) }
}

/// An order with a payment of which a part is being captured, and the operation.
fn capturing() -> (OrderPayments, OperationId) {
    let after = updated(&order(100, vec![held()]), |update| {
        update.capture(PaymentId(id(1)), Some(60), &capabilities(), None).unwrap();
    });
    let operation = after.payments.operations[0].id;
    (after.payments, operation)
}

fn claim_at(before: &OrderPayments, operation: OperationId, holder: u128, seconds: u64) -> (Claim, OrderPayments) {
    let mut claim = Claim::Busy;
    let now = NOW + Duration::from_secs(seconds);
    let after = updated_at(before, now, &required(), |update| claim = update.claim(operation, id(holder)));
    (claim, after.payments)
}

fn answer(before: &OrderPayments, operation: OperationId, said: Said) -> (NextStep, OrderPayments) {
    let asked_at = before.payments[0].version;
    let result = OperationResult { said, has_looked: false, asked_at, holder: id(US) };
    let mut step = NextStep::Wait;
    let after = updated(before, |update| step = update.answer(operation, &result));
    (step, after.payments)
}

fn refused() -> Said {
    Said::Called(ProviderAnswer::Refused {
        error: ProviderError::new("expired", "It is too late."),
        is_retryable: false,
    })
}

fn no_answer(is_kept: bool) -> Said {
    let error = ProviderError::new("timeout", "No answer.");
    Said::Called(ProviderAnswer::Unknown { retry_after: None, is_kept, error })
}

#[test]
fn one_server_at_a_time_carries_an_operation_out_r90() {
    let (before, operation) = capturing();
    let (claim, claimed) = claim_at(&before, operation, US, 0);
    assert_eq!((claim, claimed.operations[0].attempts), (Claim::Ready, 1));
    assert_eq!(claim_at(&claimed, operation, THEM, 29), (Claim::Busy, claimed.clone()));
    let (claim, taken) = claim_at(&claimed, operation, THEM, 30);
    assert_eq!((claim, taken.operations[0].attempts), (Claim::Ready, 2));
    // The first server was only slow. What it says counts, but not that it got no answer.
    let (step, after) = answer(&taken, operation, no_answer(false));
    assert_eq!((step, after), (NextStep::Finished, taken.clone()));
    let said = Snapshot { captured: 60, ..snapshot(&taken.payments[0], PaymentStatus::Captured) };
    let (step, after) = answer(&taken, operation, Said::Called(ProviderAnswer::Done(said)));
    assert_eq!((step, after.operations[0].status), (NextStep::Finished, OperationStatus::Done));
    assert_eq!(claim_at(&after, operation, THEM, 90).0, Claim::Finished);
}

#[test]
fn operations_of_one_payment_wait_for_each_other_r90() {
    let begun = Payment { status: PaymentStatus::Pending, reference: None, ..payment(1, 100) };
    let mut before = order(100, vec![begun]);
    before.operations = vec![operation(OperationKind::Begin)];
    let after = updated(&before, |update| {
        update.void(PaymentId(id(1)), false, Some(id(US))).unwrap();
    })
    .payments;
    let void = after.operations[1].clone();
    assert_eq!((void.kind, void.lease), (OperationKind::Void, None));
    assert_eq!(claim_at(&after, void.id, US, 0).0, Claim::Busy);
    // The provider refuses to begin, so that there is nothing to give up.
    let (_, failed) = answer(&after, after.operations[0].id, refused());
    assert_eq!(failed.payments[0].status, PaymentStatus::Failed);
    let (claim, done) = claim_at(&failed, void.id, US, 0);
    assert_eq!((claim, done.operations[1].status), (Claim::Finished, OperationStatus::Done));
}

#[test]
fn a_capture_of_a_payment_that_was_given_up_is_refused_r90() {
    let (mut before, operation) = capturing();
    before.payments[0].status = PaymentStatus::Voided;
    let (claim, after) = claim_at(&before, operation, US, 0);
    assert_eq!((claim, after.operations[0].status), (Claim::Finished, OperationStatus::Refused));
    assert_eq!(after.payments[0].capture_pending, 0);
}

#[test]
fn a_refused_operation_releases_its_reservation_r90() {
    let (before, operation) = capturing();
    let (_, claimed) = claim_at(&before, operation, US, 0);
    let (step, after) = answer(&claimed, operation, refused());
    assert_eq!(step, NextStep::Ask, "somebody else may have captured it");
    assert_eq!((after.operations[0].status, after.payments[0].capture_pending), (OperationStatus::Refused, 0));
    assert_eq!(after.payments[0].last_error.as_ref().unwrap().code.as_str(), "expired");
    let refunding = updated(&order(100, vec![captured(1, 100)]), |update| {
        let reason = RefundReason::parse("broken").unwrap();
        let request = RefundRequest { amount: 10, payment_id: None, reason, note: None, outside: None, holder: id(US) };
        update.refund(&request, |_| None).unwrap();
    })
    .payments;
    let (_, after) = answer(&refunding, refunding.operations[0].id, refused());
    assert_eq!((after.refunds[0].status, after.payments[0].refund_pending), (RefundStatus::Failed, 0));
}

#[test]
fn without_an_answer_the_same_key_is_used_again_later_r90() {
    let (before, operation) = capturing();
    let (_, claimed) = claim_at(&before, operation, US, 0);
    let (step, after) = answer(&claimed, operation, no_answer(false));
    let waiting = &after.operations[0];
    assert_eq!((step, waiting.status, waiting.generation), (NextStep::Wait, OperationStatus::Pending, 1));
    assert_eq!((waiting.next_at, waiting.lease), (Some(NOW + Duration::from_secs(2)), None));
    assert_eq!(after.payments[0].capture_pending, 60, "it stays reserved");
}

#[test]
fn a_new_key_is_used_only_after_the_provider_provably_did_nothing_r90() {
    let (mut before, operation) = capturing();
    before.operations[0].attempts = 2;
    let (_, claimed) = claim_at(&before, operation, US, 0);
    let (step, same) = answer(&claimed, operation, no_answer(true));
    assert_eq!((step, same), (NextStep::Look, claimed.clone()));
    let nothing = snapshot(&claimed.payments[0], PaymentStatus::Authorised);
    let (step, renewed) = answer(&claimed, operation, Said::Looked(ProviderAnswer::Done(Some(nothing))));
    assert_eq!((step, renewed.operations[0].generation), (NextStep::Call, 2));
    let said = Snapshot { captured: 60, ..snapshot(&claimed.payments[0], PaymentStatus::Captured) };
    let (step, done) = answer(&claimed, operation, Said::Looked(ProviderAnswer::Done(Some(said))));
    assert_eq!((step, done.operations[0].status), (NextStep::Finished, OperationStatus::Done));
    assert_eq!((done.payments[0].captured, done.payments[0].capture_pending), (60, 0));
}

#[test]
fn an_unknown_outcome_waits_for_staff_and_stays_reserved_r90() {
    let (before, operation) = capturing();
    let (_, claimed) = claim_at(&before, operation, US, 0);
    let (step, after) = answer(&claimed, operation, Said::Looked(ProviderAnswer::Done(None)));
    assert_eq!((step, after.operations[0].status), (NextStep::Finished, OperationStatus::Unknown));
    assert_eq!(after.payments[0].finding, Some(Finding::UnknownOperation));
    assert_eq!(after.payments[0].capture_pending, 60);
    let resolve = |resolution: Resolution| {
        let after = updated(&after, |update| update.resolve(operation, &resolution).unwrap()).payments;
        assert_eq!((after.payments[0].finding, after.payments[0].capture_pending), (None, 0));
        after.operations[0].status
    };
    assert_eq!(resolve(Resolution::Done(None)), OperationStatus::Done);
    assert_eq!(resolve(Resolution::NotDone), OperationStatus::Refused);
    let mut known = Ok(());
    updated(&claimed, |update| known = update.resolve(operation, &Resolution::NotDone));
    assert_eq!(known, Err(ResolveRefused::Known(OperationStatus::Pending)));
}

/// What becomes of an operation that nobody can tell anything about.
fn resolved(before: &OrderPayments, resolution: &Resolution) -> (Result<(), ResolveRefused>, OrderPayments) {
    let mut result = Ok(());
    let id = before.operations.iter().find(|one| one.status == OperationStatus::Unknown).unwrap().id;
    let after = updated(before, |update| result = update.resolve(id, resolution));
    (result, after.payments)
}

fn unknown(kind: OperationKind) -> PaymentOperation {
    PaymentOperation { status: OperationStatus::Unknown, next_at: None, ..operation(kind) }
}

#[test]
fn the_reference_of_another_payment_or_refund_does_not_resolve_an_operation_r90() {
    let begun = Payment { status: PaymentStatus::Pending, reference: None, ..payment(1, 100) };
    let other = Payment { status: PaymentStatus::Voided, ..payment(2, 100) };
    let all = order(100, vec![begun, other]);
    let all = OrderPayments { operations: vec![unknown(OperationKind::Begin)], ..all };
    let done = |name: &str| Resolution::Done(Some(reference(name)));
    assert_eq!(resolved(&all, &done("pi_2")), (Err(ResolveRefused::PaymentReferenceTaken), all.clone()));
    assert_eq!(resolved(&all, &Resolution::Done(None)), (Err(ResolveRefused::ReferenceMissing), all.clone()));
    let (result, after) = resolved(&all, &done("pi_3"));
    assert_eq!((result, &after.payments[0].reference), (Ok(()), &Some(reference("pi_3"))));

    let paid = captured(1, 100);
    let refund = |n, name: Option<&str>| Refund {
        reference: name.map(reference),
        ..Refund::new(RefundId(id(n)), &paid, 10, RefundReason::parse("broken").unwrap(), NOW)
    };
    let refunds = vec![refund(1, Some("re_1")), refund(2, None)];
    let operation = PaymentOperation { refund_id: Some(RefundId(id(2))), ..unknown(OperationKind::Refund) };
    let payment = Payment { refund_pending: 20, ..paid.clone() };
    let all = OrderPayments { refunds, operations: vec![operation], ..order(100, vec![payment]) };
    assert_eq!(resolved(&all, &done("re_1")), (Err(ResolveRefused::RefundReferenceTaken), all.clone()));
    let (result, after) = resolved(&all, &done("re_2"));
    assert_eq!((result, after.refunds[1].status), (Ok(()), RefundStatus::Succeeded));
}

#[test]
fn a_void_that_was_not_done_is_asked_anew_if_the_order_is_cancelled_r90_r134() {
    let mut cancelled = order(100, vec![payment(1, 100)]);
    cancelled.balance.cancelled = 100;
    cancelled.operations = vec![unknown(OperationKind::Void)];
    let (_, after) = resolved(&cancelled, &Resolution::NotDone);
    let statuses: Vec<_> = after.operations.iter().map(|one| (one.kind, one.status)).collect();
    let (refused, asked) = (OperationStatus::Refused, OperationStatus::Pending);
    assert_eq!(statuses, [(OperationKind::Void, refused), (OperationKind::Void, asked)]);
    let live = OrderPayments { operations: cancelled.operations, ..order(100, vec![payment(1, 100)]) };
    assert_eq!(resolved(&live, &Resolution::NotDone).1.operations.len(), 1, "whoever wants to can ask again");
}

#[test]
fn an_answer_about_another_payment_finishes_nothing_r90() {
    let (before, operation) = capturing();
    let (_, claimed) = claim_at(&before, operation, US, 0);
    let wrong = Snapshot { amount: 1, ..paid(&claimed.payments[0]) };
    let (_, after) = answer(&claimed, operation, Said::Called(ProviderAnswer::Done(wrong)));
    assert_eq!(after.operations[0].status, OperationStatus::Unknown);
    assert_eq!((after.payments[0].captured, after.payments[0].version), (0, Version(3)));
}

#[test]
fn requests_wait_until_the_next_try_is_due_r90_r91() {
    let (before, operation) = capturing();
    let (_, claimed) = claim_at(&before, operation, US, 0);
    let (step, waiting) = answer(&claimed, operation, no_answer(false));
    assert_eq!((step, waiting.operations[0].lease), (NextStep::Wait, None));
    assert_eq!(claim_at(&waiting, operation, THEM, 1), (Claim::Busy, waiting.clone()));
    assert_eq!(claim_at(&waiting, operation, THEM, 2).0, Claim::Ready);
}
